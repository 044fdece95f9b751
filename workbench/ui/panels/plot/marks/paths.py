"""Paths: K ways of T points; the inner scrubber says how far they have come. A place of the first can be picked."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from workbench.ui.panels.handles.base import REACH, Extent
from workbench.ui.panels.look import translucent
from workbench.ui.panels.plot.marks.base import FrameMark, Frames, cover
from workbench.ui.panels.plot.shapes import path, pen, polygon

_MOST = 200_000
"""Points of all paths together that are drawn; beyond, every second, fourth, … point of a path."""


class PathsMark(FrameMark):
    """style: `colour`, `label`, `dash`, `heads` (a dot where each path has come to; by default where T > 2)."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._drawn: list[tuple[QColor, QPainterPath, QPolygonF | None]] = []

    @property
    def length(self) -> int:
        """T of the longest frame."""
        return max((event.arrays["xy"].shape[1] for _, event in self.frames), default=0)

    def extent(self) -> Extent | None:
        """All of all paths, however far they have come: scrubbing must not move the axes."""
        places = [self.view.seen(e.arrays["xy"][..., 0], e.arrays["xy"][..., 1]) for _, e in self.shown()]
        return cover([x for x, _ in places], [y for _, y in places])

    def build(self) -> None:
        """One line for all paths of a source, as far as the scrubber says."""
        self._drawn = []
        for source, event in self.shown():
            xy = event.arrays["xy"]
            last = round(self.view.time * (xy.shape[1] - 1)) if xy.shape[1] else 0
            stride = max(1, xy[:, : last + 1].size // (2 * _MOST))
            x, y = self.view.px(xy[:, : last + 1 : stride, 0], xy[:, : last + 1 : stride, 1])
            gap = np.full((len(x), 1 if len(x) > 1 else 0), np.nan)
            line = path(np.hstack([x, gap]).ravel(), np.hstack([y, gap]).ravel())
            self._drawn.append((self.ink(0, source, self.several), line, self._heads(xy, last)))

    def _heads(self, xy: Any, last: int) -> QPolygonF | None:
        if not self.layer.style.get("heads", xy.shape[1] > 2) or not xy.shape[1]:
            return None
        x, y = self.view.px(xy[:, last, 0], xy[:, last, 1])
        fine = np.isfinite(x) & np.isfinite(y)
        return polygon(x[fine], y[fine])

    def draw(self, painter: QPainter) -> None:
        """Trails thin, heads as dots."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, line, dots in self._drawn:
            trail = translucent(colour, 0.6) if dots is not None else colour
            painter.setPen(pen(trail, dash=self.dashed))
            painter.drawPath(line)
            if dots is not None:
                brush = pen(colour, 5)
                brush.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(brush)
                painter.drawPoints(dots)
        self._mark_chosen(painter)

    def _mark_chosen(self, painter: QPainter) -> None:
        for _, event in self.frames[:1]:
            first = event.arrays["xy"][:1]
            if self.chosen is not None and first.size and 0 <= self.chosen < first.shape[1]:
                x, y = self.view.px(*first[0, self.chosen])
                painter.setPen(pen(self.view.look.accent, 2))
                painter.drawEllipse(QPointF(float(x), float(y)), 7, 7)

    def pick(self, px: float, py: float) -> int | None:
        """The nearest place of the first path within reach."""
        for _, event in self.shown()[:1]:
            first = event.arrays["xy"][:1].reshape(-1, 2)
            x, y = self.view.px(first[:, 0], first[:, 1])
            away = np.nan_to_num(np.hypot(x - px, y - py), nan=np.inf)
            if len(away) and away.min() <= REACH:
                return int(away.argmin())
        return None

    def count(self) -> int:
        """The places of the first path."""
        return int(self.frames[0][1].arrays["xy"].shape[1]) if self.frames else 0

    @staticmethod
    def rows(frames: Frames) -> list[list[Any]]:
        """One row per point."""
        rows: list[list[Any]] = [["source", "path", "t", "x", "y"]]
        for label, event in frames:
            xy = event.arrays["xy"]
            rows += [[label, k, t, *xy[k, t].tolist()] for k, t in np.ndindex(*xy.shape[:2])]
        return rows
