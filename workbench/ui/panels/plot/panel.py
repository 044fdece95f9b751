"""A plot: layers on one canvas, or on canvases beside each other where several runs would hide one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGraphicsView, QVBoxLayout, QWidget

from workbench.texts import T
from workbench.tool import Handle, Layer, Panel
from workbench.ui.panels.base import PanelWidget, Say
from workbench.ui.panels.beside import Beside
from workbench.ui.panels.choices import Choice
from workbench.ui.panels.export import stacked
from workbench.ui.panels.fitting import matches, scalars_of
from workbench.ui.panels.handles.desk import HandleDesk
from workbench.ui.panels.plot.canvas import Canvas
from workbench.ui.panels.plot.marks import make_mark
from workbench.ui.panels.plot.marks.paths import PathsMark
from workbench.ui.panels.plot.strip import PARTS, Strip
from workbench.ui.source import Source

_HIDING = frozenset({"field", "points", "arrows", "paths"})
"""Kinds of layers of which two runs on one canvas could not be told apart."""
_FLAT = frozenset({"scalars", "lines", "points", "bars"})
"""Kinds of layers that can be looked at on log axes."""
_SMOOTHINGS = (
    (T("None"), 0), (T("A little"), 4 * PARTS // 10), (T("Much"), 7 * PARTS // 10), (T("Very much"), 9 * PARTS // 10),
)  # fmt: skip
_BRUSHES = 25.0
"""The largest brush, in cells."""


class PlotPanel(PanelWidget):
    """Layers, handles and the strip of controls below."""

    def __init__(self, panel: Panel, say: Say) -> None:
        super().__init__(panel, say)
        self.layers = [part for part in panel.parts if isinstance(part, Layer)]
        self.kinds = {layer.kind for layer in self.layers}
        self.apart = bool(self.kinds & _HIDING) or panel.space == "simplex"
        self.desk = HandleDesk([part for part in panel.parts if isinstance(part, Handle)], self)
        self.desk.edited.connect(self.edited)
        self.desk.changed.connect(self._handles_changed)
        self.strip = Strip(say)
        self.strip.log_x.setChecked("x" in panel.log)
        self.strip.log_y.setChecked("y" in panel.log)
        self.strip.changed.connect(self._controls_changed)
        self.strip.fitted.connect(self._follow)
        self.canvases: Beside[Canvas] = Beside(self._canvas)
        self.show_content(self._laid_out())
        self._offer()

    def _laid_out(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvases, 1)
        column.addWidget(self.strip)
        return content

    def _canvas(self) -> Canvas:
        marks = [make_mark(layer, place) for place, layer in zip(self._places(), self.layers, strict=True)]
        for mark in marks:
            mark.say, mark.failed, mark.alone = self.say, self.fail, len(marks) == 1
            mark.chosen = self.desk.selected(mark.layer.stream)
        log = "".join(axis for axis, on in zip("xy", self._logs(), strict=True) if on)
        canvas = Canvas(marks, self.desk, self.panel.space, log)
        canvas.failed = self.fail
        canvas.corners = next(
            (each.style["corners"] for each in self.layers if "corners" in each.style), ("1", "2", "3")
        )
        canvas.apply_theme(self.look)
        canvas.ranged.connect(lambda extent: self._ranged(canvas, extent))
        canvas.set_inner(*self._inner())
        canvas.menu_asked.connect(self.menu_asked)
        return canvas

    def _places(self) -> list[int]:
        """Which colour each layer begins with; a field has none of these."""
        coloured = [layer.kind != "field" for layer in self.layers]
        return [sum(coloured[:k]) for k in range(len(coloured))]

    # ------------------------------------------------------------------ content

    def draw(self, sources: Sequence[Source]) -> None:
        """Draws the newest frames."""
        groups = [[source] for source in sources] if self.apart else [list(sources)]
        self.canvases.label(sources if self.apart else sources[:1], self.look)
        for canvas, group in zip(self.canvases.widgets, groups, strict=False):
            canvas.show_sources(group)
        self._offer()

    @property
    def views(self) -> Sequence[QGraphicsView]:
        """The canvases' own."""
        return [canvas.plot for canvas in self.canvases.widgets]

    @property
    def always(self) -> bool:
        """Whether there are handles."""
        return bool(self.desk.gestures)

    def filled(self, sources: Sequence[Source]) -> bool:
        """A frame or a curve of any layer; handles alone are something, too."""
        found = ((layer.kind, source.frame(layer.stream)) for source in sources for layer in self.layers)
        frames = any(frame is not None and frame.kind == kind for kind, frame in found)
        curves = scalars_of(self.panel)
        names = (name for source in sources for name in source.series())
        return frames or self.always or any(matches(n, curve) for n in names for curve in curves)

    def values_changed(self) -> None:
        """Handles take the parameters' values."""
        self.desk.set_values(self.values)

    def _handles_changed(self) -> None:
        for canvas in self.canvases.widgets:
            for mark in canvas.marks:
                chosen = self.desk.selected(mark.layer.stream)
                if chosen != mark.chosen:
                    mark.chosen = chosen
                    mark.update()
            if self.desk.gestures:
                canvas.fit()
            canvas.overlay.renew()

    @property
    def pictured(self) -> QWidget:
        """The canvases."""
        return self.canvases

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Legends stand in full."""
        self._show_whole(True)
        try:
            yield
        finally:
            self._show_whole(False)

    def _show_whole(self, whole: bool) -> None:
        for canvas in self.canvases.widgets:
            canvas.show_whole(whole)

    def gather(self) -> Callable[[], Iterable[Sequence[Any]]]:
        """The data of all layers as they are now, one after the other."""
        layers = zip(*(canvas.marks for canvas in self.canvases.widgets), strict=True)
        parts = [(mark.layer.stream, mark.gather()) for marks in layers for mark in marks]
        return lambda: stacked(_layered(stream, *gather()) for stream, gather in parts)

    def rows(self) -> Sequence[Sequence[Any]]:
        """The same at once."""
        return list(self.gather()())

    def choices(self) -> list[Choice]:
        """Its controls, and the range."""
        offered = self._offered or ()
        found = [
            Choice(title, button.toggle, button.isChecked())
            for title, button in ((T("Log x"), self.strip.log_x), (T("Log y"), self.strip.log_y))
            if button in offered
        ]
        if self.strip.smoothing in offered:
            now = self.strip.smoothing.value()
            found += [
                Choice(title, partial(self.strip.smoothing.setValue, value), now == value, within=T("Smoothing"))
                for title, value in _SMOOTHINGS
            ]
        partly = any(canvas.hidden or not canvas.auto for canvas in self.canvases.widgets)
        return [*found, Choice(T("Reset the view"), self._reset, enabled=partly)]

    # ------------------------------------------------------------------ controls

    def _offer(self) -> None:
        longest = max((m.length for c in self.canvases.widgets for m in c.marks if isinstance(m, PathsMark)), default=0)
        flat = self.kinds <= _FLAT and self.panel.space == "xy"
        wanted = {
            self.strip.smoothing: "scalars" in self.kinds,
            self.strip.time: longest > 2,
            self.strip.brush: bool(self.desk.masks()),
            self.strip.log_x: flat and self.kinds != {"bars"},
            self.strip.log_y: flat,
            self.strip.fit: not all(canvas.auto for canvas in self.canvases.widgets),
        }
        shown = tuple(control for control, on in wanted.items() if on)
        if shown != self._offered:
            self._offered = shown
            self.strip.offer(*shown)

    _offered: tuple[QWidget, ...] | None = None

    def _inner(self) -> tuple[float, float]:
        smoothing = self.strip.smoothing.value() / PARTS
        return 1 - (1 - 0.999 * smoothing) ** 2 if smoothing else 0.0, self.strip.time.value() / PARTS

    def _logs(self) -> tuple[bool, bool]:
        return self.strip.log_x.isChecked(), self.strip.log_y.isChecked()

    def _controls_changed(self) -> None:
        with self.guarded():
            for canvas in self.canvases.widgets:
                if (canvas.log_x, canvas.log_y) != self._logs():
                    canvas.set_log(*self._logs())
                canvas.set_inner(*self._inner())
            for mask in self.desk.masks():
                mask.brush = max(1.0, _BRUSHES * self.strip.brush.value() / PARTS)

    def _follow(self) -> None:
        for canvas in self.canvases.widgets:
            canvas.follow()

    def _reset(self) -> None:
        for canvas in self.canvases.widgets:
            canvas.switch_off(())
        self._follow()

    def _ranged(self, moved: Canvas, extent: Any) -> None:
        """Canvases beside each other show the same part."""
        for canvas in self.canvases.widgets:
            if canvas is not moved and extent is not None:
                canvas.set_range(extent)
            elif canvas is not moved and not canvas.auto:
                canvas.auto = True
                canvas.fit(closely=True)
        self._offer()

    def worded(self) -> None:
        """The strip's texts, and the names in legends."""
        self.strip.setStyleSheet(self.look.sheet)  # what has a sheet takes another font only with it
        self.strip.worded()
        for canvas in self.canvases.widgets:
            canvas.worded()

    def themed(self) -> None:
        """Colours of every canvas."""
        self.strip.setStyleSheet(self.look.sheet)
        self.canvases.label(self.sources if self.apart else self.sources[:1], self.look)
        for canvas in self.canvases.widgets:
            canvas.apply_theme(self.look)

    # ------------------------------------------------------------------ state

    def save_state(self) -> dict[str, Any]:
        """Controls, what is switched off in the legend, and the range if the person has set one."""
        first = self.canvases.widgets[0]
        return {
            "smoothing": self.strip.smoothing.value(), "time": self.strip.time.value(),
            "brush": self.strip.brush.value(), "log": list(self._logs()),
            "hidden": sorted(first.hidden),
            "range": None if first.auto else list(first.visible()),
        }  # fmt: skip

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The reverse; wrong entries are passed over."""
        for name in ("smoothing", "time", "brush"):
            if isinstance(state.get(name), int):
                getattr(self.strip, name).setValue(state[name])
        for button, on in zip((self.strip.log_x, self.strip.log_y), state.get("log") or (), strict=False):
            button.setChecked(bool(on))
        extent, hidden = state.get("range"), state.get("hidden")
        for canvas in self.canvases.widgets:
            canvas.switch_off(hidden if isinstance(hidden, list) else ())
            if isinstance(extent, list) and len(extent) == 4:
                canvas.set_range((extent[0], extent[1], extent[2], extent[3]))
        self._offer()


def _layered(stream: str, head: Sequence[Any], *rows: Sequence[Any]) -> tuple[list[Any], Iterator[list[Any]]]:
    """A layer's table, whose rows tell after their source of which layer they are."""
    return [head[0], "layer", *head[1:]], ([label, stream, *row] for label, *row in rows)
