"""Gestures on places: a point, the tip of a vector, knots of a curve."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from workbench.ui.panels.handles.base import Gesture, Pair, Surface, dot, nearest, place
from workbench.ui.panels.look import Look


def _pair(value: Any) -> list[float]:
    x, y = value
    return [float(x), float(y)]


class PointGesture(Gesture):
    """A point, or each of a list of points, dragged."""

    many = False

    def read(self, value: Any) -> Any:
        """A pair, or a list of pairs."""
        self.many = not isinstance(value[0], int | float)
        return [_pair(each) for each in (value if self.many else [value])]

    @property
    def json(self) -> Any:
        """The parameter's value."""
        return self.value if self.many or self.value is None else self.value[0]

    def grips(self, surface: Surface) -> list[Pair]:  # noqa: ARG002
        """Every point."""
        return self.places()

    def places(self) -> list[Pair]:
        """Every point."""
        return [(x, y) for x, y in self.value or []]

    def move(self, grip: int, x: float, y: float, surface: Surface) -> None:  # noqa: ARG002
        """The point lies there now."""
        self.value = [*self.value[:grip], [x, y], *self.value[grip + 1 :]]


class VectorGesture(PointGesture):
    """A vector from the origin, or each of a list of vectors, held at its tip."""

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:
        """A thin line to each tip: what the person asks for, while the job has yet to answer."""
        painter.setPen(QPen(look.handle, 1))
        origin = QPointF(*surface.to_px(0, 0))
        for tip in self.grips(surface):
            if self.held is not None:
                painter.drawLine(origin, QPointF(*surface.to_px(*tip)))
        super().paint(painter, surface, look, focused)


class KnotsGesture(PointGesture):
    """Knots of a curve, kept in the order of x: dragged, added by a double click, removed by key or right button."""

    def read(self, value: Any) -> Any:
        """Pairs, by x."""
        self.many = True
        return sorted(_pair(each) for each in value)

    def press(self, surface: Surface, px: float, py: float, erase: bool) -> bool:
        """Holds a knot; with the right button or Shift removes it."""
        found = super().press(surface, px, py, erase)
        if found and erase and self.held is not None:
            self.remove(self.held)
            self.held = None
        return found

    def move(self, grip: int, x: float, y: float, surface: Surface) -> None:
        """A knot stays between its neighbours."""
        before = self.value[grip - 1][0] if grip else x
        after = self.value[grip + 1][0] if grip + 1 < len(self.value) else x
        super().move(grip, min(max(x, before), after), y, surface)

    def double(self, surface: Surface, px: float, py: float) -> bool:
        """Adds a knot where there is none."""
        if self.value is None or nearest(self.grips(surface), surface, px, py) is not None:
            return False
        self.value = sorted([*self.value, list(place(surface, px, py))])
        return True

    def remove(self, grip: int) -> bool:
        """Takes a knot away; two are left at least."""
        if len(self.value) <= 2:
            return False
        self.value = [*self.value[:grip], *self.value[grip + 1 :]]
        return True

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:
        """The knots and the straight lines between them."""
        knots = [QPointF(*surface.to_px(x, y)) for x, y in self.value or []]
        painter.setPen(QPen(look.handle, 1))
        painter.drawPolyline(knots)
        for k, knot in enumerate(knots):
            dot(painter, knot, look, k == focused)
