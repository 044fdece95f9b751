"""Arrows: shafts in one path, heads of the same size in pixels whatever the range."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath

from workbench.ui.panels.handles.base import Extent
from workbench.ui.panels.plot.marks.base import FrameMark, Frames, cover
from workbench.ui.panels.plot.shapes import path, pen

_HEAD, _WIDE = 9.0, 0.42
"""The head's length in pixels, and half its opening in radians."""
_FEW = 60
"""Arrows up to which shafts are two pixels wide and have their names beside them."""


class ArrowsMark(FrameMark):
    """style: `colour`, `label`, `dash`, `names` (beside the tips). data: `labels`, the same by the job."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._drawn: list[tuple[QColor, QPainterPath, QPainterPath, int]] = []
        self._names: list[tuple[QPointF, str, QColor]] = []

    def extent(self) -> Extent | None:
        """Starts and tips."""
        ends = [(e.arrays["start"], e.arrays["start"] + e.arrays["vector"]) for _, e in self.shown()]
        places = [self.view.seen(each[:, 0], each[:, 1]) for pair in ends for each in pair]
        return cover([x for x, _ in places], [y for _, y in places])

    def build(self) -> None:
        """Shafts and heads."""
        self._drawn, self._names = [], []
        for source, event in self.shown():
            start, vector = event.arrays["start"], event.arrays["vector"]
            colour = self.ink(0, source, self.several)
            x0, y0 = self.view.px(start[:, 0], start[:, 1])
            x1, y1 = self.view.px(*(start + vector).T)
            shafts = path(np.stack([x0, x1], 1).ravel(), np.stack([y0, y1], 1).ravel(), "pairs")
            self._drawn.append((colour, shafts, heads(x0, y0, x1, y1), len(start)))
            self._name(event.data.get("labels") or self.layer.style.get("names") or (), x1, y1, colour)

    def _name(self, names: Any, x: Any, y: Any, colour: QColor) -> None:
        if len(x) <= _FEW:
            last = self.view.width - 24  # beyond it the name stands on the left of the tip
            places = [QPointF(a + 7 if a < last else a - 22, b - 6) for a, b in zip(x, y, strict=True)]
            self._names += [(place, self.say(str(name)), colour) for place, name in zip(places, names, strict=False)]

    def draw(self, painter: QPainter) -> None:
        """Everything with one pen per source."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, shafts, tips, count in self._drawn:
            painter.setPen(pen(colour, 2 if count <= _FEW else 1, self.dashed))
            painter.drawPath(shafts)
            painter.setPen(pen(colour))
            painter.fillPath(tips, colour)
        for at, name, colour in self._names:
            painter.setPen(colour)
            painter.drawText(at, name)

    @staticmethod
    def rows(frames: Frames) -> list[list[Any]]:
        """One row per arrow."""
        rows: list[list[Any]] = [["source", "x", "y", "dx", "dy"]]
        for label, event in frames:
            pairs = zip(event.arrays["start"].tolist(), event.arrays["vector"].tolist(), strict=True)
            rows += [[label, *start, *vector] for start, vector in pairs]
        return rows


def heads(x0: Any, y0: Any, x1: Any, y1: Any) -> QPainterPath:
    """Triangles at the tips; a short arrow has a smaller one, none where there is no direction."""
    length = np.hypot(x1 - x0, y1 - y0)
    some = np.isfinite(length) & (length > 0.5)
    x0, y0, x1, y1, length = x0[some], y0[some], x1[some], y1[some], length[some]
    angle, size = np.arctan2(y1 - y0, x1 - x0), np.minimum(_HEAD, 0.6 * length)
    gap = np.full(len(x1), np.nan)
    left, right = angle + np.pi - _WIDE, angle + np.pi + _WIDE
    x = np.stack([x1, x1 + size * np.cos(left), x1 + size * np.cos(right), x1, gap], 1).ravel()
    y = np.stack([y1, y1 + size * np.sin(left), y1 + size * np.sin(right), y1, gap], 1).ravel()
    return path(x, y)
