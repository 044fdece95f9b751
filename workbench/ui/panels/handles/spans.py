"""Gestures along one axis: a range of x, a level of y, the heights of bars."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from workbench.ui.panels.handles.base import REACH, Gesture, Pair, Surface, distance, dot, place, rounded
from workbench.ui.panels.look import Look, translucent


def _top(surface: Surface) -> float:
    return surface.extent()[3]


class RangeGesture(Gesture):
    """A range of x: its edges are dragged, or all of it between them. Grips: low, high, middle."""

    _inside = 0.0

    def read(self, value: Any) -> list[float]:
        """Low and high."""
        low, high = value
        return sorted([float(low), float(high)])

    @property
    def json(self) -> Any:
        """The parameter's value."""
        return self.value

    def grips(self, surface: Surface) -> list[Pair]:
        """The edges, at mid-height."""
        _, _, y0, y1 = surface.extent()
        low, high = self.value
        return [(low, (y0 + y1) / 2), (high, (y0 + y1) / 2)]

    def press(self, surface: Surface, px: float, py: float, erase: bool) -> bool:
        """An edge at any height, else the middle."""
        if self.value is None or erase:
            return False
        edges = [surface.to_px(edge, surface.extent()[2])[0] for edge in self.value]
        near = [distance(px - edge) for edge in edges]
        if min(near) <= REACH:
            self.held = near.index(min(near))
        elif edges[0] < px < edges[1]:
            self.held, self._inside = 2, surface.from_px(px, py)[0] - self.value[0]
        return self.held is not None

    def move(self, grip: int, x: float, y: float, surface: Surface) -> None:
        """An edge does not pass the other; the middle takes both along."""
        low, high = self.value
        if grip == 2:
            begin = x - self._inside
            self.value = [rounded(surface, each, y)[0] for each in (begin, begin + high - low)]
        else:
            self.value = [min(x, high), high] if grip == 0 else [low, max(x, low)]

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:
        """The band and its edges."""
        if self.value is None:
            return
        _, _, y0, y1 = surface.extent()
        (left, bottom), (right, top) = surface.to_px(self.value[0], y0), surface.to_px(self.value[1], y1)
        painter.fillRect(QRectF(left, top, right - left, bottom - top), translucent(look.handle, 0.14))
        for k, x in enumerate((left, right)):
            painter.setPen(QPen(look.handle, 3 if k == focused else 1))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))


class LevelGesture(Gesture):
    """A level of y: a horizontal line, dragged anywhere along it."""

    def read(self, value: Any) -> float:
        """A number."""
        return float(value)

    @property
    def json(self) -> Any:
        """The parameter's value."""
        return self.value

    def grips(self, surface: Surface) -> list[Pair]:
        """The line's middle."""
        x0, x1, _, _ = surface.extent()
        return [((x0 + x1) / 2, self.value)]

    def press(self, surface: Surface, px: float, py: float, erase: bool) -> bool:  # noqa: ARG002
        """Anywhere on the line."""
        if self.value is None or erase:
            return False
        line = surface.to_px(surface.extent()[0], self.value)[1]
        self.held = 0 if abs(py - line) <= REACH else None
        return self.held is not None

    def move(self, grip: int, x: float, y: float, surface: Surface) -> None:  # noqa: ARG002
        """The line lies at this height."""
        self.value = y

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:
        """The line, from side to side."""
        if self.value is None:
            return
        x0, x1, _, _ = surface.extent()
        (left, y), (right, _) = surface.to_px(x0, self.value), surface.to_px(x1, self.value)
        painter.setPen(QPen(look.handle, 3 if focused == 0 else 1))
        painter.drawLine(QPointF(left, y), QPointF(right, y))


class BarsGesture(Gesture):
    """Heights of bars: the mouse draws them, over as many bars as it passes."""

    _last: Pair | None = None

    def read(self, value: Any) -> list[float]:
        """Numbers."""
        return [float(each) for each in value]

    @property
    def json(self) -> Any:
        """The parameter's value."""
        return self.value

    def grips(self, surface: Surface) -> list[Pair]:
        """The middle of each bar's top."""
        spans = zip(self._columns(surface), self.value or [], strict=False)
        return [((low + high) / 2, height) for (low, high), height in spans]

    def press(self, surface: Surface, px: float, py: float, erase: bool) -> bool:
        """Anywhere above or in a bar."""
        x, _ = surface.from_px(px, py)
        inside = [k for k, (low, high) in enumerate(self._columns(surface)) if low <= x <= high]
        if self.value is None or erase or not inside or inside[0] >= len(self.value):
            return False
        self.held, self._last = inside[0], None
        self.drag(surface, px, py)
        return True

    def drag(self, surface: Surface, px: float, py: float) -> None:
        """Sets every bar between here and where the mouse was."""
        x, y = place(surface, px, py)
        before = self._last or (x, y)
        for k, (low, high) in enumerate(self._columns(surface)[: len(self.value)]):
            middle = (low + high) / 2
            if low <= x <= high:
                self.move(k, x, y, surface)
            elif min(x, before[0]) <= middle <= max(x, before[0]):
                share = (middle - before[0]) / (x - before[0])
                self.move(k, *rounded(surface, middle, before[1] + share * (y - before[1])), surface)
        self._last = (x, y)

    def move(self, grip: int, x: float, y: float, surface: Surface) -> None:  # noqa: ARG002
        """The bar is as high as this."""
        self.value = [*self.value[:grip], y, *self.value[grip + 1 :]]

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:
        """A lid on each bar."""
        for k, ((low, high), height) in enumerate(zip(self._columns(surface), self.value or [], strict=False)):
            left, right = QPointF(*surface.to_px(low, height)), QPointF(*surface.to_px(high, height))
            painter.setPen(QPen(look.handle, 3))
            painter.drawLine(left, right)
            if k == focused:
                dot(painter, (left + right) / 2, look, True)

    def _columns(self, surface: Surface) -> list[Pair]:
        count = len(self.value or [])
        return list(surface.columns()) or [(k - 0.4, k + 0.4) for k in range(count)]
