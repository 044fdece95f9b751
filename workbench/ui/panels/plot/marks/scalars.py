"""Curves of scalars over steps: decimated, and smoothed where the person asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath

from workbench.tool import Layer
from workbench.ui.panels.fitting import matches, spoken
from workbench.ui.panels.handles.base import Extent
from workbench.ui.panels.look import translucent
from workbench.ui.panels.plot.columns import smoothed, thinned
from workbench.ui.panels.plot.marks.base import Entry, Gather, Mark, figure, identity, join
from workbench.ui.panels.plot.series import Series
from workbench.ui.panels.plot.shapes import path, pen
from workbench.ui.panels.plot.view import Floats
from workbench.ui.source import Source

_FAINT, _CROWDED = 0.27, 0.7
"""How much is seen of a curve behind its smoothed one, and of noisy ones over each other."""
_COLUMNS = ["step", "wall", "value"]
_NARROW = 50
"""Pixels as wide as which a curve is thinned at least."""
Key = tuple[int, str]


class ScalarsMark(Mark):
    """Every series that the layer's stream names: itself, those below it ("loss/…"), or a pattern."""

    def __init__(self, layer: Layer, place: int = 0) -> None:
        super().__init__(layer, place)
        self.series: dict[Key, Series] = {}
        self._sources: dict[int, Source] = {}
        self._names: list[str] = []
        self._drawn: list[tuple[QColor, bool, QPainterPath, QPainterPath | None]] = []

    def take(self, sources: Sequence[Source]) -> bool:
        """Takes the curves as they are now."""
        found = {s.index: [name for name in s.series() if self._shows(s, name)] for s in sources}
        renamed = [*map(identity, sources)] != [*map(identity, self._sources.values())]
        self._sources = {source.index: source for source in sources}
        self._names = list(dict.fromkeys(name for names in found.values() for name in names))
        keys = {(index, name) for index, names in found.items() for name in names}
        gone = [key for key in self.series if key not in keys]
        for key in gone:
            del self.series[key]
        changed = [
            self.series.setdefault((source.index, name), Series()).take(source.curve(name))
            for source in sources
            for name in found[source.index]
        ]
        differs = renamed or bool(gone) or any(changed)
        if differs:
            self.refresh()
        return differs

    def _shows(self, source: Source, name: str) -> bool:
        least = self.layer.style.get("least", 0)
        return matches(name, self.layer.stream) and (not least or len(source.curve(name)) >= least)

    def extent(self) -> Extent | None:
        """All curves that are shown."""
        return join([self._extent(series) for key, series in self.series.items() if self._key(key) not in self.hidden])

    def _extent(self, series: Series) -> Extent | None:
        if not len(series.points) or series.low > series.high:
            return None
        if self.view.log_x or self.view.log_y:
            return self._extent_on_logs(series)
        return float(series.points["step"][0]), float(series.points["step"][-1]), series.low, series.high

    def _extent_on_logs(self, series: Series) -> Extent | None:
        """Of the points that log axes can show; logarithms of their ends alone."""
        x, y = series.points["step"], series.points["value"]
        shown = np.isfinite(y)
        if self.view.log_x:
            shown &= x > 0
        if self.view.log_y:
            shown &= y > 0
        if not shown.any():
            return None
        x, y = self.view.seen(x[shown][[0, -1]], (y[shown].min(), y[shown].max()))
        return float(x[0]), float(x[1]), float(y[0]), float(y[1])

    def build(self) -> None:
        """Paths of the curves that are shown."""
        self._drawn = []
        for key, series in self.series.items():
            if self._key(key) in self.hidden or not len(series.points):
                continue
            smooth = path(*self.view.px(*self._smoothed(series))) if self.view.smoothing > 0 else None
            raw = path(*self.view.px(*self._thinned(series)))
            self._drawn.append((self._colour(key), self._dashed(key), raw, smooth))

    def _thinned(self, series: Series) -> tuple[Floats, Floats]:
        view = self.view
        if view.log_x or view.log_y:
            return thinned(view, series.points["step"], series.points["value"])
        return series.drawn(view.x0, view.x1, max(int(view.width), _NARROW))

    def _smoothed(self, series: Series) -> tuple[Floats, Floats]:
        view = self.view
        if view.log_x or view.log_y:
            return smoothed(view, series.points["step"], series.points["value"])
        return series.smoothed(view.x0, view.x1, max(int(view.width), _NARROW), view.smoothing)

    def draw(self, painter: QPainter) -> None:
        """Curves one pixel wide; a smoothed one is drawn twice, which looks thicker and costs a quarter of it."""
        for colour, _, raw, smooth in self._drawn:
            dense = raw.elementCount() > self.view.width  # upright strokes side by side: nothing to smooth
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not dense)
            crowded = _CROWDED if dense and len(self._drawn) > 1 else 1.0
            painter.setPen(pen(translucent(colour, crowded if smooth is None else _FAINT)))
            painter.drawPath(raw)
            if raw.elementCount() == 1:
                painter.drawEllipse(QPointF(raw.elementAt(0).x, raw.elementAt(0).y), 2, 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, dash, _, smooth in self._drawn:
            if smooth is not None:
                painter.setPen(pen(colour, dash=dash))
                painter.drawPath(smooth)
                painter.drawPath(smooth.translated(0, 0.6))

    def legend(self) -> list[Entry]:
        """One line per curve."""
        return [Entry(self._key(key), self._label(key), self._colour(key), self._dashed(key)) for key in self.series]

    def values(self, x: float, y: float) -> list[tuple[str, str, QColor]]:  # noqa: ARG002
        """Each curve's value at the step nearest to x."""
        found = []
        for key, series in self.series.items():
            point = series.at(x)
            if point is not None and self._key(key) not in self.hidden:
                found.append((self._label(key), figure(point[1]), self._colour(key)))
        return found

    def gather(self) -> Gather:
        """See `Mark.gather`."""
        curves = [(self._sources[index].label, name, each.points) for (index, name), each in self.series.items()]
        return partial(_rows, curves)

    # ------------------------------------------------------------------ names and colours

    def _key(self, key: Key) -> str:
        return self.key(key[1], self._sources[key[0]], self._several())

    def _several(self) -> bool:
        return len(self._sources) > 1

    def _colour(self, key: Key) -> QColor:
        return self.ink(self._names.index(key[1]), self._sources.get(key[0]), self._several())

    def _dashed(self, key: Key) -> bool:
        """Where colours tell runs apart, every second smooth curve is dashed; a noisy one would be unreadable."""
        return self._several() and (self.place + self._names.index(key[1])) % 2 == 1

    def _label(self, key: Key) -> str:
        short = self._spoken(key[1])
        if not self._several():
            return short
        label = self._sources[key[0]].label
        bare = self.alone and len(self._names) == 1 and not self.layer.style.get("label")
        return label if bare else f"{label} · {short}"

    def _spoken(self, name: str) -> str:
        """The series alone by the layer's label, one of several by what it adds to the name that they share."""
        stream, label = self.layer.stream, str(self.layer.style.get("label") or "")
        if name == stream:
            return self.say(label) if label else spoken(name, self.say)
        short = spoken(name.removeprefix(f"{stream}/"), self.say)
        return f"{self.say(label)} · {short}" if label else short


def _rows(curves: Sequence[tuple[str, str, NDArray[Any]]]) -> list[list[Any]]:
    """Every point of every curve."""
    rows = [[label, name, *point] for label, name, points in curves for point in points[_COLUMNS].tolist()]
    return [["source", "series", *_COLUMNS], *rows]
