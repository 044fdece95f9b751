"""A mark is what a canvas draws of one layer: taken from frames, built for a view, painted in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.events import Array, Event
from workbench.tool import Layer
from workbench.ui.panels.handles.base import Extent, Grid, Pair
from workbench.ui.panels.look import mixed
from workbench.ui.panels.plot.view import View
from workbench.ui.source import Source

Gather = Callable[[], list[list[Any]]]
Frames = Sequence[tuple[str, Event]]
"""Frames, each with its source's label."""
_FEW = 1 << 16
"""Bytes that are compared first: a field of a job in progress differs in them."""


@dataclass(frozen=True)
class Entry:
    """A line of the legend. key: what is hidden when it is clicked."""

    key: str
    label: str
    colour: QColor
    dash: bool = False


@dataclass(frozen=True)
class Scale:
    """What the colours of a field mean."""

    map: str
    low: float
    high: float


class Mark(QGraphicsItem):
    """Subclasses override `take`, `extent`, `build` and `draw`; `build` runs again only when data or view changed.

    place: how many layers lie before this one in the panel, so that layers differ in colour. alone: whether it is the
    panel's only layer, which need not be named.
    """

    def __init__(self, layer: Layer, place: int = 0) -> None:
        super().__init__()
        self.layer = layer
        self.place = place
        self.alone = True
        self.view = View()
        self.hidden: set[str] = set()
        self.chosen: int | None = None
        self.say: Callable[[str], str] = str
        self.failed: Callable[[Exception], None] = _raise
        self._stale = True

    # ------------------------------------------------------------------ what subclasses say

    def take(self, sources: Sequence[Source]) -> bool:
        """Takes the newest frames; True when something differs."""
        raise NotImplementedError

    def extent(self) -> Extent | None:
        """What the data covers, as the axes show it: x0, x1, y0, y1. None for nothing."""
        return None

    def build(self) -> None:
        """Prepares what `draw` needs: data or view changed."""

    def draw(self, painter: QPainter) -> None:
        """Paints in pixels of the view."""

    def legend(self) -> list[Entry]:
        """What is drawn, by name and colour."""
        return []

    def values(self, x: float, y: float) -> list[tuple[str, str, QColor]]:
        """What the crosshair reads at data coordinates: label, value, colour."""
        del x, y
        return []

    def gather(self) -> Gather:
        """The data as they are now, as a table with a head: another thread puts it together."""
        raise NotImplementedError

    def colours(self) -> Scale | None:
        """The meaning of its colours."""
        return None

    def ticks(self) -> list[tuple[float, str]]:
        """Named places on the x axis."""
        return []

    def pick(self, px: float, py: float) -> int | None:
        """The index of what lies at a pixel."""
        del px, py
        return None

    def count(self) -> int:
        """How many things `pick` can find."""
        return 0

    def grid(self) -> Grid | None:
        """Its cells."""
        return None

    def columns(self) -> list[Pair]:
        """From where to where its bars stand."""
        return []

    # ------------------------------------------------------------------ for the canvas

    def look_at(self, view: View) -> None:
        """Another view."""
        if view != self.view:
            self.prepareGeometryChange()
            self.view = view
            self.refresh()

    def refresh(self) -> None:
        """Builds and paints anew."""
        self._stale = True
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        """All of the view."""
        return QRectF(0, 0, self.view.width, self.view.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Paints; what goes wrong is told to the panel."""
        painter.save()
        try:
            with np.errstate(all="ignore"):  # a job may report anything
                if self._stale:
                    self.build()
                    self._stale = False
                self.draw(painter)
        except Exception as error:  # noqa: BLE001 (whatever it is: the panel says it)
            self.failed(error)
        finally:
            painter.restore()

    # ------------------------------------------------------------------ for subclasses

    def ink(self, k: int, source: Source | None, several: bool) -> QColor:
        """The colour of the k-th curve: a shade of its source's where several lie over each other, else its own."""
        look, k = self.view.look, self.place + k
        if several and source is not None:
            way = look.text if k % 2 else look.ground
            return mixed(look.colour(source.index), way, min(0.35 * ((k + 1) // 2), 0.7))
        asked = self.layer.style.get("colour")
        if isinstance(asked, str) and QColor.isValidColorName(asked):
            return QColor(asked)
        return self.view.look.colour(asked if isinstance(asked, int) else k)

    @staticmethod
    def key(name: str, source: Source, several: bool) -> str:
        """By what a curve is switched off: in the only run that is shown for whichever that is, among several for this
        one alone."""
        return f"{name}@{source.index} {source.label}" if several else name

    @property
    def name(self) -> str:
        """What legends call it."""
        return self.say(str(self.layer.style.get("label") or self.layer.stream))


class FrameMark(Mark):
    """A mark of the newest frames of one stream."""

    def __init__(self, layer: Layer, place: int = 0) -> None:
        super().__init__(layer, place)
        self.frames: list[tuple[Source, Event]] = []

    def take(self, sources: Sequence[Source]) -> bool:
        """Takes the frames of its stream that are of its kind."""
        found = [(each, each.frame(self.layer.stream)) for each in sources]
        frames = [(source, event) for source, event in found if event is not None and event.kind == self.layer.kind]
        same = len(frames) == len(self.frames) and all(
            identity(a[0]) == identity(b[0]) and _alike(a[1], b[1]) for a, b in zip(frames, self.frames, strict=True)
        )
        self.frames = frames
        if not same:
            self._taken()
            self.refresh()
        return not same

    def _taken(self) -> None:
        try:
            self.taken()
        except Exception:
            self.frames = []  # the same frame again is tried again
            raise

    def taken(self) -> None:
        """The frames are new."""

    @property
    def dashed(self) -> bool:
        """Whether its lines are, in the legend too."""
        return bool(self.layer.style.get("dash"))

    @property
    def several(self) -> bool:
        """Whether sources lie over each other."""
        return len(self.frames) > 1

    def legend(self) -> list[Entry]:
        """One line, or one per source: by the name that the job gives, else the layer's."""
        return [
            Entry(
                self.key(self.layer.stream, source, self.several),
                self.label(source, str(event.data.get("label") or "")),
                self.ink(0, source, self.several),
                self.dashed,
            )
            for source, event in self.frames
        ]

    def gather(self) -> Gather:
        """See `Mark.gather`."""
        return partial(self.rows, [(source.label, event) for source, event in self.frames])

    @staticmethod
    def rows(frames: Frames) -> list[list[Any]]:
        """Frames as a table with a head."""
        raise NotImplementedError

    def label(self, source: Source, name: str = "") -> str:
        """What a curve is called, in the language that is spoken: after its source, where there are several."""
        own = "" if self.several and self.alone else self.name
        parts = [source.label if self.several else "", self.say(name) if name else own]
        return " · ".join(part for part in parts if part)

    def shown(self) -> list[tuple[Source, Event]]:
        """The frames whose line in the legend is not switched off."""
        stream = self.layer.stream
        return [each for each in self.frames if self.key(stream, each[0], self.several) not in self.hidden]


def identity(source: Source) -> tuple[int, str]:
    """Which run it is: by its place and its name."""
    return source.index, source.label


def _alike(a: Event, b: Event) -> bool:
    """Whether two frames of one stream show the same: a live tool sends again what it has not changed."""
    if a is b:
        return True
    arrays = [(each, b.arrays.get(name)) for name, each in a.arrays.items()]
    return a.data == b.data and len(a.arrays) == len(b.arrays) and all(_same(*each) for each in arrays)


def _same(a: Array, b: Array | None) -> bool:
    """Bit for bit: what is not a number is like itself. Most that differ do so at once."""
    if b is None or (a.dtype, a.shape) != (b.dtype, b.shape):
        return False
    one, other = (np.ravel(each).view(np.uint8) for each in (a, b))
    return np.array_equal(one[:_FEW], other[:_FEW]) and np.array_equal(one, other)


def cover(xs: Sequence[Any], ys: Sequence[Any]) -> Extent | None:
    """What arrays cover; values that are not finite are passed over."""
    x = np.concatenate([np.ravel(each) for each in xs]) if xs else np.zeros(0)
    y = np.concatenate([np.ravel(each) for each in ys]) if ys else np.zeros(0)
    x, y = x[np.isfinite(x)], y[np.isfinite(y)]
    return (float(x.min()), float(x.max()), float(y.min()), float(y.max())) if len(x) and len(y) else None


def join(extents: Sequence[Extent | None]) -> Extent | None:
    """What covers all of them."""
    some = [each for each in extents if each is not None and all(math.isfinite(value) for value in each)]
    if not some:
        return None
    return min(e[0] for e in some), max(e[1] for e in some), min(e[2] for e in some), max(e[3] for e in some)


def figure(value: float) -> str:
    """A number, short."""
    return f"{value:.4g}"


def _raise(error: Exception) -> None:
    raise error
