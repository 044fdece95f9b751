"""Gestures on cells and things: painting a mask, selecting one of many."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPen

from workbench.tool import Handle
from workbench.ui.panels.handles.base import Gesture, Grid, Pair, Surface
from workbench.ui.panels.look import Look


class MaskGesture(Gesture):
    """A mask painted over the cells of a field or an image: left paints, right or Shift erases."""

    def __init__(self, handle: Handle) -> None:
        super().__init__(handle)
        self.brush = 3.0
        self._paints = 1
        self._last: Pair | None = None
        self._cursor: list[float] = []

    def read(self, value: Any) -> Any:
        """A grid of zeros and ones; an empty one takes the size of what it is painted over."""
        return np.array(value, float).astype(np.uint8).reshape(len(value), -1) if len(value) else np.zeros((0, 0))

    @property
    def json(self) -> Any:
        """The parameter's value: rows of zeros and ones."""
        return None if self.value is None else self.value.astype(int).tolist()

    def grips(self, surface: Surface) -> list[Pair]:
        """The place that the keys have moved to."""
        grid = self._grid(surface)
        if grid is None:
            return []
        x0, x1, y0, y1 = grid.extent
        self._cursor = self._cursor or [(x0 + x1) / 2, (y0 + y1) / 2]
        return [(self._cursor[0], self._cursor[1])]

    def press(self, surface: Surface, px: float, py: float, erase: bool) -> bool:
        """Anywhere over the grid."""
        grid = self._grid(surface)
        if grid is None:
            return False
        x, y = surface.from_px(px, py)
        row, column = grid.cell(x, y)
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            return False
        self.held, self._paints, self._last = 0, 0 if erase else 1, None
        self.move(0, x, y, surface)
        return True

    def move(self, grip: int, x: float, y: float, surface: Surface) -> None:  # noqa: ARG002
        """Paints from where the brush was to here."""
        grid = self._grid(surface)
        if grid is None:
            return
        here = grid.cell(x, y)
        before = self._last or here
        self._cursor = [x, y]
        self.value = stroke(self.value, before, here, self.brush, self._paints)
        self._last = here if self.held is not None else None

    def _grid(self, surface: Surface) -> Grid | None:
        grid = surface.grid(self.handle.of)
        if self.value is None or grid is None:
            return None
        if not self.value.size:
            self.value = np.zeros((grid.rows, grid.columns), np.uint8)
        return Grid(self.value.shape[0], self.value.shape[1], grid.extent)

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:  # noqa: ARG002
        """What is painted, over the grid."""
        grid = self._grid(surface)
        if grid is None:
            return
        x0, x1, y0, y1 = grid.extent
        corner, other = QPointF(*surface.to_px(x0, y0)), QPointF(*surface.to_px(x1, y1))
        cells = self.value if other.y() > corner.y() else self.value[::-1]
        cells = np.ascontiguousarray(cells)
        image = QImage(cells.data, grid.columns, grid.rows, grid.columns, QImage.Format.Format_Indexed8)
        image.setColorTable([0, 0x90000000 | (look.accent.rgb() & 0xFFFFFF)])
        painter.drawImage(QRectF(corner, other).normalized(), image)


def stroke(cells: Any, start: Pair, end: Pair, size: float, value: int) -> Any:
    """The cells with a straight stroke of a round brush."""
    rows, columns = np.indices(cells.shape) + 0.5
    along = np.subtract(end, start)
    length = float(along @ along)
    at = ((rows - start[0]) * along[0] + (columns - start[1]) * along[1]) / length if length else np.zeros(cells.shape)
    at = np.clip(at, 0, 1)
    away = np.hypot(rows - start[0] - at * along[0], columns - start[1] - at * along[1])
    return np.where(away <= max(size / 2, 0.71), value, cells).astype(np.uint8)


class SelectGesture(Gesture):
    """One of a stream's points, bars or images, selected by a click. The value is its index."""

    _at: QPointF | None = None

    def read(self, value: Any) -> Any:
        """An index; None or a negative one is nothing."""
        return None if value is None or int(value) < 0 else int(value)

    @property
    def json(self) -> Any:
        """The parameter's value."""
        return self.value

    def grips(self, surface: Surface) -> list[Pair]:  # noqa: ARG002
        """None: surfaces mark the selected thing themselves."""
        return []

    def press(self, surface: Surface, px: float, py: float, erase: bool) -> bool:
        """Takes what lies there."""
        found = None if erase else surface.pick(self.handle.of, px, py)
        if found is None:
            return False
        self.value, self.held = found, 0
        return True

    def drag(self, surface: Surface, px: float, py: float) -> None:
        """Selects whatever the mouse passes."""
        found = surface.pick(self.handle.of, px, py)
        self.value = self.value if found is None else found

    def stops(self, surface: Surface) -> int:
        """One: which thing is selected."""
        return min(surface.count(self.handle.of), 1)

    def nudge(self, surface: Surface, grip: int, dx: float, dy: float) -> None:  # noqa: ARG002
        """The next (right, down) or the previous one."""
        last = surface.count(self.handle.of) - 1
        self.value = max(0, min((-1 if self.value is None else self.value) + (1 if dx - dy > 0 else -1), last))

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:
        """Nothing: see `grips`."""


def ring(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Marks what is selected."""
    painter.setPen(QPen(look.accent, 2))
    painter.drawRect(rect)
