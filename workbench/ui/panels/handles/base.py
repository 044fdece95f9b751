"""Gestures: what a handle does with mouse and keys, on any surface that has coordinates.

A gesture holds the value of one parameter and changes it; it knows neither window nor job. It works in the surface's
own coordinates (`to_px`, `from_px`), so that the same gesture serves a plot, a simplex and a mosaic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from workbench.tool import Handle
from workbench.ui.panels.look import Look, translucent

REACH = 9.0
"""How near to a grip, in pixels, the mouse must be to hold it."""
Pair = tuple[float, float]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Grid:
    """Cells on a surface: rows × columns over an extent (x0, x1, y0, y1); row 0 is at y0."""

    rows: int
    columns: int
    extent: Extent

    def cell(self, x: float, y: float) -> Pair:
        """The place in cells, (row, column), as fractions."""
        x0, x1, y0, y1 = self.extent
        return (y - y0) / (y1 - y0) * self.rows, (x - x0) / (x1 - x0) * self.columns


class Surface(Protocol):
    """What gestures are done on."""

    def to_px(self, x: float, y: float) -> Pair:
        """From coordinates to pixels."""

    def from_px(self, x: float, y: float) -> Pair:
        """From pixels to coordinates."""

    def extent(self) -> Extent:
        """The visible coordinates: left, right, bottom, top."""

    def pick(self, stream: str, x: float, y: float) -> int | None:
        """The thing of `stream` (point, bar, image) at a pixel."""

    def count(self, stream: str) -> int:
        """How many things `pick` can find."""

    def grid(self, stream: str) -> Grid | None:
        """The cells of a stream's field or image."""

    def columns(self) -> Sequence[Pair]:
        """From where to where each bar stands."""


class Gesture:
    """One handle. `value` is JSON, None while there is nothing to hold."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.value: Any = None
        self.held: int | None = None
        self._off: Pair = (0.0, 0.0)

    def take(self, value: Any) -> None:
        """Another value of the parameter; what cannot be understood is nothing to hold."""
        try:
            self.value = self.read(value)
        except (TypeError, ValueError, LookupError):
            self.value = None

    def read(self, value: Any) -> Any:
        """The value as this gesture keeps it. Raises ValueError or TypeError for what it cannot hold."""
        return value

    def grips(self, surface: Surface) -> list[Pair]:
        """The places that can be held, in coordinates."""
        raise NotImplementedError

    def places(self) -> list[Pair]:
        """Coordinates that an automatic range is to show, beside the data."""
        return []

    def move(self, grip: int, x: float, y: float, surface: Surface) -> None:
        """A grip was moved there."""
        raise NotImplementedError

    # ------------------------------------------------------------------ mouse and keys; True: it was for this gesture

    def press(self, surface: Surface, px: float, py: float, erase: bool) -> bool:  # noqa: ARG002
        """The mouse was pressed."""
        grips = self.shown(surface)
        self.held = nearest(grips, surface, px, py)
        if self.held is not None:
            x, y = surface.to_px(*grips[self.held])
            self._off = (x - px, y - py)
        return self.held is not None

    def drag(self, surface: Surface, px: float, py: float) -> None:
        """The mouse was moved, held down."""
        if self.held is not None:
            self.move(self.held, *place(surface, px + self._off[0], py + self._off[1]), surface)

    def release(self) -> None:
        """The mouse was let go."""
        self.held = None

    def double(self, surface: Surface, px: float, py: float) -> bool:  # noqa: ARG002
        """A double click."""
        return False

    def remove(self, grip: int) -> bool:  # noqa: ARG002
        """The grip is to go."""
        return False

    def shown(self, surface: Surface) -> list[Pair]:
        """The grips that there are."""
        return [] if self.value is None else self.grips(surface)

    def stops(self, surface: Surface) -> int:
        """How many grips the keys can reach."""
        return len(self.shown(surface))

    def nudge(self, surface: Surface, grip: int, dx: float, dy: float) -> None:
        """An arrow key: the grip moves by a share of what is visible."""
        x0, x1, y0, y1 = surface.extent()
        x, y = self.grips(surface)[grip]
        self.move(grip, *rounded(surface, x + dx * (x1 - x0), y + dy * (y1 - y0)), surface)

    # ------------------------------------------------------------------ painting

    def paint(self, painter: QPainter, surface: Surface, look: Look, focused: int | None) -> None:
        """Draws the grips; the focused one is filled."""
        for k, (x, y) in enumerate(self.shown(surface)):
            dot(painter, QPointF(*surface.to_px(x, y)), look, k == focused)


def place(surface: Surface, px: float, py: float) -> Pair:
    """The coordinates of a pixel, with no more digits than a hand can tell."""
    return rounded(surface, *surface.from_px(px, py))


def rounded(surface: Surface, x: float, y: float) -> Pair:
    """Coordinates to a power of ten that is a tenth of a pixel or little less: further digits are nobody's wish."""
    px, py = surface.to_px(x, y)
    (left, bottom), (right, top) = surface.from_px(px - 0.5, py - 0.5), surface.from_px(px + 0.5, py + 0.5)
    return _round(x, abs(right - left) / 10), _round(y, abs(top - bottom) / 10)


def _round(value: float, size: float) -> float:
    told = 0 < size < math.inf and math.isfinite(value)  # a surface without extent tells nothing
    return round(value, -math.floor(math.log10(size))) if told else value


def nearest(grips: Sequence[Pair], surface: Surface, px: float, py: float) -> int | None:
    """The grip within reach of a pixel."""
    places = [surface.to_px(*grip) for grip in grips]
    distances = [distance(x - px, y - py) for x, y in places]
    best = min(range(len(distances)), key=distances.__getitem__, default=None)
    return best if best is not None and distances[best] <= REACH else None


def distance(*ways: float) -> float:
    """The longest of these ways; to what no log axis shows, one without end."""
    return max(map(abs, ways)) if all(map(math.isfinite, ways)) else math.inf


def dot(painter: QPainter, at: QPointF, look: Look, focused: bool) -> None:
    """A grip: a ring, filled when the keys move it, on a wider one of the ground's colour: seen over anything."""
    if not (math.isfinite(at.x()) and math.isfinite(at.y())):  # no log axis shows it
        return
    painter.setPen(QPen(translucent(look.ground, 0.8), 5))
    painter.drawEllipse(at, 5.5, 5.5)
    painter.setPen(QPen(look.handle, 2))
    painter.setBrush(QBrush(look.handle if focused else translucent(look.ground, 0.4)))
    painter.drawEllipse(at, 5.5, 5.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
