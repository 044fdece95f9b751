"""K curves with bands, of one frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from workbench.ui.panels.handles.base import Extent
from workbench.ui.panels.look import translucent
from workbench.ui.panels.plot.columns import banded, thinned
from workbench.ui.panels.plot.marks.base import Entry, FrameMark, Gather, cover, figure
from workbench.ui.panels.plot.shapes import path, pen, polygon
from workbench.ui.panels.plot.view import Floats
from workbench.ui.source import Source

_BAND = 0.18
_MOST = 8
"""Curves up to which each has its own line in the legend and its own colour."""


@dataclass(frozen=True)
class Line:
    """One curve of one source."""

    source: Source
    k: int
    name: str
    x: Floats
    y: Floats
    low: Floats | None
    high: Floats | None


class LinesMark(FrameMark):
    """style: `colour`, `label`, `dash`. data: `labels`, the names of the curves."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._drawn: list[tuple[QColor, QPainterPath, QPolygonF | None]] = []

    def lines(self) -> Iterator[Line]:
        """Every curve of every source."""
        for source, event in self.frames:
            y = np.atleast_2d(event.arrays["y"])
            names = [str(each) for each in event.data.get("labels", ())]
            low, high = event.arrays.get("low"), event.arrays.get("high")
            for k in range(len(y)):
                band = (None, None) if low is None or high is None else (np.atleast_2d(low)[k], np.atleast_2d(high)[k])
                name = names[k] if k < len(names) else (self.name if len(y) == 1 else f"{self.name} {k + 1}")
                yield Line(source, k, name, np.asarray(event.arrays["x"]), y[k], *band)

    def visible(self) -> list[Line]:
        """Those that are not switched off."""
        return [line for line in self.lines() if self._key(line) not in self.hidden]

    def extent(self) -> Extent | None:
        """Curves and bands."""
        lines = self.visible()
        places = [
            self.view.seen(line.x, each) for line in lines for each in (line.y, line.low, line.high) if each is not None
        ]
        return cover([x for x, _ in places], [y for _, y in places])

    def build(self) -> None:
        """A path for each curve, a polygon for each band."""
        self._drawn = []
        for line in self.visible():
            x, y = self.view.px(*thinned(self.view, line.x, line.y))
            self._drawn.append((self._colour(line), path(x, y), self._band(line)))

    def _band(self, line: Line) -> QPolygonF | None:
        if line.low is None or line.high is None:
            return None
        at, *ends = banded(self.view, line.x, line.low, line.high)
        (x, low), (_, high) = (self.view.px(at, each) for each in ends)
        fine = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
        x, low, high = x[fine], low[fine], high[fine]
        return polygon(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]))

    def draw(self, painter: QPainter) -> None:
        """Bands below, curves above."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, _, band in self._drawn:
            if band is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(translucent(colour, _BAND))
                painter.drawPolygon(band)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, curve, _ in self._drawn:
            painter.setPen(pen(colour, dash=self.dashed))
            painter.drawPath(curve)

    def legend(self) -> list[Entry]:
        """A line per curve; of many curves, the first stands for all."""
        lines = list(self.lines())
        if len(lines) > _MOST:
            return super().legend()
        return [
            Entry(self._key(each), self.label(each.source, each.name), self._colour(each), self.dashed)
            for each in lines
        ]

    def values(self, x: float, y: float) -> list[tuple[str, str, QColor]]:  # noqa: ARG002
        """Each curve at x."""
        found = []
        for line in self.visible()[:_MOST]:
            k = int(np.argmin(np.abs(line.x - x))) if len(line.x) else 0
            if len(line.x):
                found.append((self.label(line.source, line.name), figure(float(line.y[k])), self._colour(line)))
        return found

    def gather(self) -> Gather:
        """See `Mark.gather`."""
        return partial(_rows, [(line.source.label, line) for line in self.lines()])

    def _key(self, line: Line) -> str:
        many = sum(1 for _ in self.lines()) > _MOST
        name = self.layer.stream if many else f"{self.layer.stream}/{line.k}"
        return self.key(name, line.source, self.several)

    def _colour(self, line: Line) -> QColor:
        return self.ink(line.k, line.source, self.several)


def _rows(lines: Sequence[tuple[str, Line]]) -> list[list[Any]]:
    """One row per point."""
    rows: list[list[Any]] = [["source", "curve", "x", "y", "low", "high"]]
    for label, line in lines:
        nothing = [None] * len(line.x)
        low, high = (nothing if each is None else each.tolist() for each in (line.low, line.high))
        points = zip(line.x.tolist(), line.y.tolist(), low, high, strict=True)
        rows += [[label, line.name, *point] for point in points]
    return rows
