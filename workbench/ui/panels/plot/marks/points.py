"""Points: dots while they are few, their density when they are many."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from workbench.ui.panels.handles.base import REACH, Extent
from workbench.ui.panels.look import ramp, translucent
from workbench.ui.panels.plot.marks.base import FrameMark, Frames, cover
from workbench.ui.panels.plot.shapes import indexed, pen, polygon
from workbench.ui.panels.plot.view import Floats

_ROUND, _MOST = 800, 4000
"""Points up to which they are drawn round, and one by one; square ones cost a third."""
_CELL = 2
"""Pixels per side of a cell of the density image."""
_SHADES = 12


class PointsMark(FrameMark):
    """style: `colour`, `label`, `size` (pixels). Columns: `colour` (whole numbers are classes), `size`, `label`."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._dots: list[tuple[QColor, float, QPolygonF, bool]] = []
        self._images: list[QImage] = []

    def extent(self) -> Extent | None:
        """All points."""
        places = [self._seen(event.arrays["xy"]) for _, event in self.shown()]
        return cover([x for x, _ in places], [y for _, y in places])

    def _seen(self, xy: Any) -> tuple[Floats, Floats]:
        return self.view.seen(xy[:, 0], xy[:, 1])

    def build(self) -> None:
        """Dots by colour, or images."""
        self._dots, self._images = [], []
        for source, event in self.shown():
            colour = self.ink(0, source, self.several)
            x, y = self.view.px(event.arrays["xy"][:, 0], event.arrays["xy"][:, 1])
            fine = np.isfinite(x) & np.isfinite(y)
            fine &= (abs(x - self.view.width / 2) < self.view.width) & (
                abs(y - self.view.height / 2) < self.view.height
            )
            if fine.sum() > _MOST:
                self._images.append(self._density(x[fine], y[fine], colour))
                continue
            size = float(self.layer.style.get("size", 5))
            for chosen, which in self._coloured(event.arrays.get("colour"), fine, colour):
                sized = size * self._weight(event.arrays.get("size"), which)
                self._dots.append((chosen, sized, polygon(x[which], y[which]), int(fine.sum()) <= _ROUND))

    def _weight(self, sizes: Any, which: Any) -> float:
        told = [] if sizes is None else sizes[which & np.isfinite(sizes)]
        return float(np.clip(np.mean(told), 0.4, 4)) if len(told) else 1.0

    def _coloured(self, column: Any, fine: Any, colour: QColor) -> list[tuple[QColor, Any]]:
        """The points by colour: classes have the colours of curves, numbers a ramp of a few shades."""
        if column is None:
            return [(colour, fine)]
        look = self.view.look
        if column.dtype == bool or np.issubdtype(column.dtype, np.integer):
            kinds = column.astype(np.int64) % look.count  # further classes have the same colours again
            return [(look.colour(int(k)), fine & (kinds == k)) for k in np.unique(kinds[fine])]
        finite = column[np.isfinite(column)]
        low, high = self.layer.style.get("levels") or ((finite.min(), finite.max()) if len(finite) else (0.0, 1.0))
        shade = np.clip((np.nan_to_num(column) - low) / max(high - low, 1e-12) * _SHADES, 0, _SHADES - 1).astype(int)
        colours = ramp(str(self.layer.style.get("map", "viridis")))[:: 256 // _SHADES]
        return [(QColor(*map(int, colours[k])), fine & (shade == k)) for k in np.unique(shade[fine])]

    def _density(self, x: Floats, y: Floats, colour: QColor) -> QImage:
        columns, rows = int(self.view.width) // _CELL + 1, int(self.view.height) // _CELL + 1
        i, j = (y // _CELL).astype(int), (x // _CELL).astype(int)
        inside = (i >= 0) & (i < rows) & (j >= 0) & (j < columns)
        counts = np.bincount(i[inside] * columns + j[inside], minlength=rows * columns).reshape(rows, columns)
        shades = [translucent(colour, 0 if k == 0 else 0.25 + 0.75 * k / 255).rgba() for k in range(256)]
        return indexed(np.log1p(counts), 0, float(np.log1p(counts.max(initial=1))), shades)

    def draw(self, painter: QPainter) -> None:
        """Dots on a rim of the ground's colour: they are seen over any field."""
        for image in self._images:
            painter.drawImage(QPointF(), image.scaled(image.size() * _CELL))
        rim = translucent(self.view.look.ground, 0.7)
        for colour, size, dots, fine in self._dots:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, fine)
            for ink, width in ((rim, size + 2), (translucent(colour, 0.85), size)) if fine else ((colour, size - 2),):
                brush = pen(ink, max(width, 1))
                brush.setCapStyle(Qt.PenCapStyle.RoundCap if fine else Qt.PenCapStyle.SquareCap)
                painter.setPen(brush)
                painter.drawPoints(dots)
        self._mark_chosen(painter)

    def _mark_chosen(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for _, event in self.frames[:1]:
            xy = event.arrays["xy"]
            if self.chosen is not None and 0 <= self.chosen < len(xy):
                x, y = self.view.px(*xy[self.chosen])
                painter.setPen(pen(self.view.look.accent, 2))
                painter.drawEllipse(QPointF(float(x), float(y)), 7, 7)

    def pick(self, px: float, py: float) -> int | None:
        """The nearest point within reach."""
        for _, event in self.shown():
            x, y = self.view.px(event.arrays["xy"][:, 0], event.arrays["xy"][:, 1])
            away = np.nan_to_num(np.hypot(x - px, y - py), nan=np.inf)
            if len(away) and away.min() <= REACH:
                return int(away.argmin())
        return None

    def count(self) -> int:
        """The points of the first source."""
        return len(self.frames[0][1].arrays["xy"]) if self.frames else 0

    @staticmethod
    def rows(frames: Frames) -> list[list[Any]]:
        """One row per point, with its columns."""
        columns = sorted({name for _, event in frames for name in event.arrays} - {"xy"})
        rows: list[list[Any]] = [["source", "x", "y", *columns]]
        for label, event in frames:
            parts = [event.arrays[name].tolist() if name in event.arrays else None for name in columns]
            for k, (x, y) in enumerate(event.arrays["xy"].tolist()):
                rows.append([label, x, y, *(part[k] if part is not None else None for part in parts)])
        return rows
