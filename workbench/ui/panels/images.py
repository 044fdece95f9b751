"""Images: one mosaic per source, zoomed and moved together, one tile selected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent

from workbench.texts import T
from workbench.tool import Handle, Panel
from workbench.ui.panels.base import PanelWidget, Say
from workbench.ui.panels.beside import Beside
from workbench.ui.panels.choices import Choice
from workbench.ui.panels.handles.desk import HandleDesk
from workbench.ui.panels.mosaic import Mosaic, Zoom
from workbench.ui.source import Source

_COLUMNS = (0, 1, 2, 4, 8, 16)


class ImagesPanel(PanelWidget):
    """Handles: `select` picks a tile, `mask` is painted over the first image."""

    kinds = frozenset({"images"})

    def __init__(self, panel: Panel, say: Say) -> None:
        super().__init__(panel, say)
        self.zoom = Zoom()
        self.desk = HandleDesk([part for part in panel.parts if isinstance(part, Handle)], self)
        self.desk.edited.connect(self.edited)
        self.desk.changed.connect(self._handles_changed)
        self.mosaics: Beside[Mosaic] = Beside(self._mosaic)
        self.show_content(self.mosaics)

    def _mosaic(self) -> Mosaic:
        mosaic = Mosaic(self.panel.stream, self.desk, self.zoom)
        mosaic.failed = self.fail
        mosaic.say = self.say
        mosaic.model = lambda: self.mosaics.widgets[0]
        mosaic.chosen = self.desk.selected(self.panel.stream)
        mosaic.zoomed.connect(self._zoomed)
        return mosaic

    def draw(self, sources: Sequence[Source]) -> None:
        """Takes the newest images."""
        self.mosaics.label(sources, self.look)
        for mosaic, source in zip(self.mosaics.widgets, sources, strict=False):
            mosaic.take(self.frame(source), self.look)

    def values_changed(self) -> None:
        """The selected tile and the mask."""
        self.desk.set_values(self.values)

    def themed(self) -> None:
        """The ground between the tiles."""
        self.draw(self.sources)

    def _handles_changed(self) -> None:
        chosen = self.desk.selected(self.panel.stream)
        for mosaic in self.mosaics.widgets:
            mosaic.chosen = chosen
            mosaic.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Those whose own room stays have other columns too if the first one has."""
        super().resizeEvent(event)
        self._zoomed()

    def _zoomed(self) -> None:
        for mosaic in self.mosaics.widgets:
            mosaic.update()

    def gather(self) -> Callable[[], Iterable[Sequence[Any]]]:
        """One row per pixel would help nobody: the names and means of the images."""
        shown = [
            (source.label, k, mosaic.caption(k), image)
            for mosaic, source in zip(self.mosaics.widgets, self.sources, strict=False)
            for k, image in enumerate(mosaic.images)
        ]
        return lambda: [["source", "image", "label", "mean"], *([*rest, float(image.mean())] for *rest, image in shown)]

    def rows(self) -> Sequence[Sequence[Any]]:
        """The same at once."""
        return list(self.gather()())

    def choices(self) -> list[Choice]:
        """Levels, columns, zoom."""
        levels = [
            Choice(title, partial(self._look_at, stretched=on), self.zoom.stretched == on, within=T("Levels"))
            for title, on in ((T("As reported"), False), (T("Darkest to black, brightest to white"), True))
        ]
        columns = [
            Choice(str(count) if count else T("As fits best"), partial(self._look_at, columns=count),
                   self.zoom.columns == count, within=T("Columns"))
            for count in _COLUMNS
        ]  # fmt: skip
        reset = Choice(T("Reset the view"), partial(self._look_at, factor=1.0, x=0.5, y=0.5), enabled=self.zoom.moved)
        return [*levels, *columns, reset]

    def _look_at(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self.zoom, name, value)
        self._zoomed()

    def save_state(self) -> dict[str, Any]:
        """The zoom, levels and columns."""
        zoom = self.zoom
        return {"zoom": [zoom.factor, zoom.x, zoom.y], "stretched": zoom.stretched, "columns": zoom.columns}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The reverse."""
        zoom = state.get("zoom")
        if isinstance(zoom, list) and len(zoom) == 3 and all(isinstance(each, int | float) for each in zoom):
            self.zoom.factor, self.zoom.x, self.zoom.y = max(1.0, zoom[0]), zoom[1], zoom[2]
        self.zoom.stretched = state.get("stretched") is True
        self.zoom.columns = columns if isinstance(columns := state.get("columns"), int) and columns > 0 else 0
        self._zoomed()
