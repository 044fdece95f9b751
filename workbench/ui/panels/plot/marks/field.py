"""A field: an image over a rectangle, with contours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from workbench.ui.panels.handles.base import Extent, Grid
from workbench.ui.panels.look import table, translucent
from workbench.ui.panels.plot.marks.base import FrameMark, Frames, Scale, cover, figure
from workbench.ui.panels.plot.shapes import indexed, pen, polygon
from workbench.ui.panels.plot.view import CORNERS
from workbench.ui.source import Source

_LEVELS = 8
_FINEST = 96
"""Cells per side from which contours are drawn: finer ones cost more and look the same."""
_COARSE = 6
"""Cells per side below which a field is a table of cells and has no contours."""
_SHRINK = 0.25


class FieldMark(FrameMark):
    """style: `map` (viridis, diverging, grey), `levels` (low, high), `contours` (how many; 0: none), `label`.

    Without `levels` the range of colours grows with the values and is taken anew only when they fill little of it: a
    range that follows every frame would make the same colour mean something else each time. A field over another
    rectangle is another field.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.low, self.high = np.nan, np.nan
        self._over: Extent | None = None
        self._image: QImage | None = None
        self._contours: list[Any] = []
        self._lines: list[QPolygonF] = []

    def legend(self) -> list[Any]:
        """None: its scale tells."""
        return []

    @property
    def cells(self) -> Any:
        """The field's values."""
        return self.frames[0][1].arrays["values"]

    def take(self, sources: Sequence[Source]) -> bool:
        """Takes the newest frame. One that stays is kept as a picture: scaling it takes longer than all else does."""
        changed = super().take(sources)
        mode = QGraphicsItem.CacheMode.NoCache if changed else QGraphicsItem.CacheMode.DeviceCoordinateCache
        if mode != self.cacheMode():  # setting the same one again empties the cache
            self.setCacheMode(mode)
        return changed

    def _rectangle(self) -> Extent:
        data = self.frames[0][1].data
        (x0, x1), (y0, y1) = data["x"], data["y"]
        return float(x0), float(x1), float(y0), float(y1)

    def taken(self) -> None:
        """Widens the levels, makes the image and finds the contours: once per frame, not per view."""
        if not self.frames:
            self._image, self._contours = None, []
            return
        self._widen()
        colours = table(str(self.layer.style.get("map", "viridis")))
        image = indexed(self.cells, self.low, self.high, colours)
        self._image = image.convertToFormat(QImage.Format.Format_RGB32)  # which is painted five times as fast
        self._contours = self._traced()

    def _widen(self) -> None:
        asked = self.layer.style.get("levels")
        finite = self.cells[np.isfinite(self.cells)]
        if asked or not finite.size:
            self.low, self.high = asked or (0.0, 1.0)
            return
        low, high = float(finite.min()), float(finite.max())
        same, self._over = self._over == self._rectangle(), self._rectangle()
        wide = min(self.low, low), max(self.high, high)
        self.low, self.high = wide if same and high - low >= _SHRINK * (wide[1] - wide[0]) else (low, high)

    def _traced(self) -> list[Any]:
        count = int(self.layer.style.get("contours", _LEVELS))
        if not count or min(self.cells.shape) < _COARSE or not self.high > self.low:
            return []
        stride = max(1, -(-max(self.cells.shape) // _FINEST))
        values = np.asarray(self.cells[::stride, ::stride], float)
        x0, x1, y0, y1 = self._rectangle()
        half_x, half_y = (x1 - x0) / self.cells.shape[1] / 2, (y1 - y0) / self.cells.shape[0] / 2
        x = np.linspace(x0 + half_x, x1 - half_x, self.cells.shape[1])[::stride]
        y = np.linspace(y0 + half_y, y1 - half_y, self.cells.shape[0])[::stride]
        whole = values if np.isfinite(values).all() else np.ma.masked_invalid(values)
        traced = contourpy.contour_generator(x, y, whole, line_type="Separate")
        return [line for level in np.linspace(self.low, self.high, count + 2)[1:-1] for line in traced.lines(level)]

    def extent(self) -> Extent | None:
        """Its rectangle; a simplex is always shown whole."""
        if not self.frames:
            return None
        if self.view.simplex:
            x, y = zip(*CORNERS, strict=True)
            return cover([x], [y])
        x0, x1, y0, y1 = self._rectangle()
        return min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)

    def build(self) -> None:
        """Places the contours: all at once, then apart again."""
        self._lines = []
        if self._contours:
            x, y = self.view.px(*np.concatenate(self._contours).T)
            ends = np.cumsum([0, *(len(line) for line in self._contours)])
            self._lines = [polygon(x[a:b], y[a:b]) for a, b in pairwise(ends.tolist())]

    def draw(self, painter: QPainter) -> None:
        """The image, cells as they are, and the contours."""
        if self._image is None:
            return
        if self.view.simplex:
            painter.setClipPath(triangle(self))
        x0, x1, y0, y1 = self._rectangle()
        painter.save()
        painter.setTransform(self.view.transform, True)
        painter.drawImage(QRectF(x0, y0, x1 - x0, y1 - y0), self._image)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(translucent(QColor("white"), 0.55)))
        for line in self._lines:
            painter.drawPolyline(line)

    def values(self, x: float, y: float) -> list[tuple[str, str, QColor]]:
        """The value of the cell."""
        grid = self.grid()
        if grid is None:
            return []
        row, column = (int(np.floor(each)) for each in grid.cell(x, y))
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            return []
        return [(self.name, figure(float(self.cells[row, column])), self.view.look.text)]

    def colours(self) -> Scale | None:
        """Its levels."""
        return Scale(str(self.layer.style.get("map", "viridis")), self.low, self.high) if self.frames else None

    def grid(self) -> Grid | None:
        """Its cells."""
        return Grid(len(self.cells), self.cells.shape[1], self._rectangle()) if self.frames else None

    @staticmethod
    def rows(frames: Frames) -> list[list[Any]]:
        """One row per cell."""
        rows: list[list[Any]] = [["source", "x", "y", "value"]]
        for label, event in frames:
            values = event.arrays["values"]
            (x0, x1), (y0, y1) = event.data["x"], event.data["y"]
            for i, j in np.ndindex(*values.shape):
                x, y = x0 + (j + 0.5) * (x1 - x0) / values.shape[1], y0 + (i + 0.5) * (y1 - y0) / values.shape[0]
                rows.append([label, x, y, float(values[i, j])])
        return rows


def triangle(mark: FrameMark) -> QPainterPath:
    """The simplex in pixels."""
    result = QPainterPath()
    places = [(float(mark.view.px_x(x)), float(mark.view.px_y(y))) for x, y in CORNERS]
    result.moveTo(*places[0])
    for place in places[1:]:
        result.lineTo(*place)
    result.closeSubpath()
    return result
