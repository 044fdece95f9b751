"""Bars: named ones beside each other, histograms over their edges; several lie over each other as outlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from workbench.events import Event
from workbench.ui.panels.handles.base import Extent, Pair
from workbench.ui.panels.look import mixed, translucent
from workbench.ui.panels.plot.marks.base import Entry, FrameMark, Gather, cover, figure
from workbench.ui.panels.plot.shapes import draw_rectangles, path, pen
from workbench.ui.panels.plot.view import Floats
from workbench.ui.source import Source

_GROUP = 0.8
"""The share of a place that its bars fill together."""
_WIDE = 3.0
"""Pixels from which a bar stands apart from the next."""
_NUMBERED = 64
"""Bars without labels up to which they are numbered."""
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Row:
    """One row of heights of one source.

    name: as the job calls it, "" for none. only: its frame has no other. labels: of its bars, where they have any.
    places: of its bars along the axis. low, high: from where to where each stands.
    """

    source: Source
    k: int
    name: str
    only: bool
    heights: Floats
    labels: Sequence[str]
    places: Places
    low: Floats
    high: Floats
    histogram: bool

    def at(self, x: float) -> int | None:
        """The bar at x."""
        inside = (self.low <= x) & (x <= self.high) if self.histogram else self.places == np.rint(x)
        return int(inside.argmax()) if inside.any() else None


class BarsMark(FrameMark):
    """style: `colour`, `label`. data: `labels` of the bars, `names` of the K rows."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._drawn: list[tuple[QColor, Row, Any]] = []
        self._rows: list[Row] = []
        self._labels: list[str] = []
        """Of the places along the axis."""

    def taken(self) -> None:
        """The rows of heights, each with its places: once per frame."""
        labels = [_labels(event) for _, event in self.frames]
        self._labels, places = aligned(labels)
        self._rows = list(self._found(labels, places))

    def _found(self, named: Sequence[Sequence[str]], labelled: Sequence[Places]) -> Iterator[Row]:
        tables = [np.atleast_2d(np.asarray(event.arrays["heights"], float)) for _, event in self.frames]
        before, of = 0, sum(map(len, tables))
        for (source, event), table, labels, at in zip(self.frames, tables, named, labelled, strict=True):
            edges = event.arrays.get("edges")
            places = at if labels else np.arange(table.shape[1])
            names = [str(each) for each in event.data.get("names", ())][: len(table)]
            for k, heights in enumerate(table):
                name = names[k] if k < len(names) else ""
                sides = _sides(edges, places, before + k, of)
                yield Row(source, k, name, len(table) == 1, heights, labels, places, *sides, edges is not None)
            before += len(table)

    def visible(self) -> list[Row]:
        """Those that are not switched off."""
        return [row for row in self._rows if self._key(row) not in self.hidden]

    def extent(self) -> Extent | None:
        """All bars and the line that they stand on."""
        rows = self.visible()
        xs = [self.view.seen(each, each)[0] for row in rows for each in (row.low, row.high)]
        ys = [self.view.seen(row.heights, row.heights)[1] for row in rows]
        ground = [] if self.view.log_y else [np.zeros(1)]
        return cover(xs, [*ys, *ground]) if rows else None

    def build(self) -> None:
        """Rectangles, or the outline of a histogram."""
        self._drawn = []
        rows = self.visible()
        overlaid = sum(row.histogram for row in rows) > 1
        for row in rows:
            left, top = self.view.px(row.low, row.heights)
            right, _ = self.view.px(row.high, row.heights)
            ground = self._ground()
            shape = (
                _outline(left, right, top, ground)
                if row.histogram and overlaid
                else _rectangles(left, right, top, ground)
            )
            self._drawn.append((self._colour(row), row, shape))

    def _ground(self) -> float:
        return self.view.height if self.view.log_y else float(self.view.px_y(0.0))

    def draw(self, painter: QPainter) -> None:
        """Filled bars; histograms over each other are seen through."""
        for colour, _, shape in self._drawn:
            if isinstance(shape, QPainterPath):
                painter.fillPath(shape, translucent(colour, 0.22))
                painter.setPen(pen(colour))
                painter.drawPath(shape)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(mixed(colour, self.view.look.ground, 0.1))
                draw_rectangles(painter, shape)
        self._mark_chosen(painter)
        painter.setPen(pen(self.view.look.faint))
        painter.drawLine(QLineF(0, self._ground(), self.view.width, self._ground()))

    def _mark_chosen(self, painter: QPainter) -> None:
        painter.setBrush(QColor(0, 0, 0, 0))
        painter.setPen(pen(self.view.look.accent, 2))
        for _, row, shape in self._drawn:
            if isinstance(shape, np.ndarray):
                for rectangle in shape[row.places == self.chosen].tolist():
                    painter.drawRect(QRectF(*rectangle))

    def legend(self) -> list[Entry]:
        """A line per row of heights."""
        return [Entry(self._key(row), self._spoken(row), self._colour(row)) for row in self._rows]

    def values(self, x: float, y: float) -> list[tuple[str, str, QColor]]:  # noqa: ARG002
        """The bars at x."""
        at = [(row, k) for row in self.visible() if (k := row.at(x)) is not None]
        return [(self._spoken(row, k), figure(float(row.heights[k])), self._colour(row)) for row, k in at]

    def _spoken(self, row: Row, k: int | None = None) -> str:
        """What a row is called, and one of its bars: in the language that is spoken now."""
        label = self.label(row.source, self._called(row))
        return label if k is None or not row.labels else f"{label} · {self.say(row.labels[k])}"

    def _called(self, row: Row) -> str:
        return row.name or (self.name if row.only else f"{self.name} {row.k + 1}")

    def ticks(self) -> list[tuple[float, str]]:
        """The bars' labels."""
        return [(float(k), self.say(label)) for k, label in enumerate(self._labels)]

    def columns(self) -> list[Pair]:
        """The places of the bars: of all rows of a place together."""
        if self._rows and self._rows[0].histogram:
            return list(zip(self._rows[0].low.tolist(), self._rows[0].high.tolist(), strict=True))
        last = max((int(row.places.max(initial=-1)) for row in self._rows), default=-1)
        return [(k - _GROUP / 2, k + _GROUP / 2) for k in range(last + 1)]

    def pick(self, px: float, py: float) -> int | None:
        """The bar at x."""
        x, _ = self.view.from_px(px, py)
        return next((k for k, (low, high) in enumerate(self.columns()) if low <= x <= high), None)

    def count(self) -> int:
        """The bars of a row."""
        return len(self.columns())

    def gather(self) -> Gather:
        """See `Mark.gather`."""
        bars = [[self._bar(row, k) for k in range(len(row.heights))] for row in self._rows]
        named = [(row.source.label, self._called(row)) for row in self._rows]
        return partial(_rows, list(zip(named, bars, self._rows, strict=True)))

    def _bar(self, row: Row, k: int) -> str:
        return self.say(row.labels[k]) if row.labels else str(k)

    def _key(self, row: Row) -> str:
        return self.key(f"{self.layer.stream}/{row.k}", row.source, self.several)

    def _colour(self, row: Row) -> QColor:
        return self.ink(row.k, row.source, self.several)


def _rows(rows: Sequence[tuple[tuple[str, str], list[str], Row]]) -> list[list[Any]]:
    """One row per bar. Of each row of bars: its source's name and its own, the names of its bars."""
    return [
        ["source", "row", "bar", "from", "to", "height"],
        *(
            [*named, bar, float(low), float(high), float(height)]
            for named, bars, row in rows
            for bar, low, high, height in zip(bars, row.low, row.high, row.heights, strict=True)
        ),
    ]


def _labels(event: Event) -> list[str]:
    """Of each bar of a frame; none where they are too many for numbers, or of a histogram."""
    count = np.atleast_2d(event.arrays["heights"]).shape[1]
    labels = [str(each) for each in event.data.get("labels", ())]
    named = labels or ("edges" not in event.arrays and count <= _NUMBERED)
    return [*labels[:count], *map(str, range(len(labels), count))] if named else []


def aligned(frames: Sequence[Sequence[str]]) -> tuple[list[str], list[Places]]:
    """The labels along the axis, and the places of each frame's: what is called the same stands in the same place,
    what a frame has twice in two."""
    axis: dict[tuple[str, int], int] = {}
    places = [np.array([axis.setdefault(key, len(axis)) for key in _counted(each)], np.intp) for each in frames]
    return [label for label, _ in axis], places


def _counted(labels: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each with how often it has come before."""
    before: Counter[str] = Counter()
    for label in labels:
        yield label, before[label]
        before[label] += 1


def _sides(edges: Any, places: Places, row: int, of: int) -> tuple[Floats, Floats]:
    if edges is not None:
        return np.asarray(edges[:-1], float), np.asarray(edges[1:], float)
    left = places.astype(float) - _GROUP / 2 + row * _GROUP / of
    return left, left + _GROUP / of


def _rectangles(left: Floats, right: Floats, top: Floats, ground: float) -> Floats:
    """Apart by a pixel where they are wide enough: outlines would take three times as long."""
    top = np.clip(np.nan_to_num(top, nan=ground), -1e5, 1e5)
    width = np.where(right - left > _WIDE, right - left - 1, right - left)
    return np.stack([left, np.minimum(top, ground), width, abs(ground - top)], 1)


def _outline(left: Floats, right: Floats, top: Floats, ground: float) -> QPainterPath:
    x = np.concatenate([left[:1], np.stack([left, right], 1).ravel(), right[-1:]])
    y = np.concatenate([[ground], np.repeat(np.nan_to_num(top, nan=ground), 2), [ground]])
    return path(x, y)
