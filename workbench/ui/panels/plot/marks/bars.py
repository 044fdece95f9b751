"""Bars: named ones beside each other, histograms over their edges; several lie over each other as outlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

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


@dataclass(frozen=True)
class Row:
    """One row of heights of one source. low, high: from where to where each bar stands."""

    source: Source
    k: int
    name: str
    heights: Floats
    low: Floats
    high: Floats
    histogram: bool


class BarsMark(FrameMark):
    """style: `colour`, `label`. data: `labels` of the bars, `names` of the K rows."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._drawn: list[tuple[QColor, Row, Any]] = []
        self._rows: list[Row] = []

    def taken(self) -> None:
        """The rows of heights, each with its places: once per frame."""
        self._rows = list(self._found())

    def _found(self) -> Iterator[Row]:
        counts = [len(np.atleast_2d(event.arrays["heights"])) for _, event in self.frames]
        place = 0
        for (source, event), count in zip(self.frames, counts, strict=True):
            names = [str(each) for each in event.data.get("names", ())]
            for k, heights in enumerate(np.atleast_2d(event.arrays["heights"])):
                name = names[k] if k < len(names) else (self.name if count == 1 else f"{self.name} {k + 1}")
                low, high = _places(event.arrays.get("edges"), len(heights), place, sum(counts))
                yield Row(source, k, name, np.asarray(heights, float), low, high, "edges" in event.arrays)
                place += 1

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
        for _, _, shape in self._drawn:
            if self.chosen is not None and isinstance(shape, np.ndarray) and 0 <= self.chosen < len(shape):
                painter.drawRect(QRectF(*shape[self.chosen].tolist()))

    def legend(self) -> list[Entry]:
        """A line per row of heights."""
        return [Entry(self._key(row), self.label(row.source, row.name), self._colour(row)) for row in self._rows]

    def values(self, x: float, y: float) -> list[tuple[str, str, QColor]]:  # noqa: ARG002
        """The bars at x."""
        found = []
        for row in self.visible():
            middle = (row.low + row.high) / 2
            if len(middle) and self.columns() and self.columns()[0][0] <= x <= self.columns()[-1][1]:
                k = int(np.argmin(np.abs(middle - x)))
                found.append((self._spoken(row, k), figure(float(row.heights[k])), self._colour(row)))
        return found

    def _spoken(self, row: Row, k: int) -> str:
        label = self.label(row.source, row.name)
        names = dict(self.ticks())
        return f"{label} · {names[float(k)]}" if float(k) in names else label

    def ticks(self) -> list[tuple[float, str]]:
        """The bars' labels."""
        for _, event in self.frames:
            if event.data.get("labels"):
                return [(float(k), self.say(str(each))) for k, each in enumerate(event.data["labels"])]
            if "edges" not in event.arrays and event.arrays["heights"].shape[-1] <= 64:
                return [(float(k), str(k)) for k in range(event.arrays["heights"].shape[-1])]
        return []

    def columns(self) -> list[Pair]:
        """The places of the bars: of all rows of a place together."""
        for _, event in self.frames:
            edges = event.arrays.get("edges")
            if edges is not None:
                return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
            return [(k - _GROUP / 2, k + _GROUP / 2) for k in range(event.arrays["heights"].shape[-1])]
        return []

    def pick(self, px: float, py: float) -> int | None:
        """The bar at x."""
        x, _ = self.view.from_px(px, py)
        return next((k for k, (low, high) in enumerate(self.columns()) if low <= x <= high), None)

    def count(self) -> int:
        """The bars of a row."""
        return len(self.columns())

    def gather(self) -> Gather:
        """See `Mark.gather`."""
        return partial(_rows, [(row.source.label, row) for row in self._rows], dict(self.ticks()))

    def _key(self, row: Row) -> str:
        return self.key(f"{self.layer.stream}/{row.k}", row.source, self.several)

    def _colour(self, row: Row) -> QColor:
        return self.ink(row.k, row.source, self.several)


def _rows(rows: Sequence[tuple[str, Row]], names: Mapping[float, str]) -> list[list[Any]]:
    """One row per bar."""
    return [
        ["source", "row", "bar", "from", "to", "height"],
        *(
            [label, row.name, names.get(float(k), str(k)), float(low), float(high), float(height)]
            for label, row in rows
            for k, (low, high, height) in enumerate(zip(row.low, row.high, row.heights, strict=True))
        ),
    ]


def _places(edges: Any, count: int, place: int, of: int) -> tuple[Floats, Floats]:
    if edges is not None:
        return np.asarray(edges[:-1], float), np.asarray(edges[1:], float)
    left = np.arange(count, dtype=float) - _GROUP / 2 + place * _GROUP / of
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
