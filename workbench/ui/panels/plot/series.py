"""A long curve, kept so that drawing it costs what its width in pixels costs, not its length.

Blocks of 64 points keep their lowest, highest, sum and count; appending touches the new points only. What is drawn is
the lowest and highest value per pixel column, so that no spike is lost.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.ui.panels.plot.columns import RAW, THIN, bounds, means, running
from workbench.ui.panels.plot.view import Floats

BLOCK = 64


class Series:
    """The points of one curve: steps that rise, and values that may be not a number."""

    def __init__(self) -> None:
        self.points: NDArray[Any] = np.zeros(0, [("step", "<i8"), ("wall", "<f8"), ("value", "<f8")])
        self._blocks = np.zeros((4, 0))
        self._used = 0
        self.low, self.high = np.inf, -np.inf

    def take(self, points: NDArray[Any]) -> bool:
        """Takes the curve as it is now; True when it differs from before."""
        before = self.points
        if len(points) == len(before) and (not len(points) or _same(points, before, len(points) - 1)):
            self.points = points
            return False
        kept = self._used * BLOCK
        if kept and not (len(points) >= kept and _same(points, before, kept - 1) and _same(points, before, 0)):
            self._blocks, self._used = np.zeros((4, 0)), 0
        self.points = points
        self._extend()
        return True

    def _extend(self) -> None:
        whole = len(self.points) // BLOCK
        if whole > self._used:
            new = self.points["value"][self._used * BLOCK : whole * BLOCK].reshape(-1, BLOCK)
            added = _summed(new)
            if self._blocks.shape[1] < whole:
                grown = np.zeros((4, max(whole, 2 * self._blocks.shape[1])))
                grown[:, : self._used] = self._blocks[:, : self._used]
                self._blocks = grown
            self._blocks[:, self._used : whole] = added
            self._used = whole
        self._bounds()

    def _bounds(self) -> None:
        lows, highs = self._blocks[0, : self._used], self._blocks[1, : self._used]
        rest = self.points["value"][self._used * BLOCK :]
        rest = rest[np.isfinite(rest)]
        self.low = min(lows.min(initial=np.inf), rest.min(initial=np.inf))
        self.high = max(highs.max(initial=-np.inf), rest.max(initial=-np.inf))

    # ------------------------------------------------------------------ what is drawn

    def visible(self, x0: float, x1: float) -> tuple[int, int]:
        """The points from x0 to x1, and one more on either side."""
        steps = self.points["step"]
        if len(steps) and x0 <= steps[0] and steps[-1] <= x1:
            return 0, len(steps)
        first = bisect_left(range(len(steps)), x0, key=lambda i: float(steps[i]))
        last = bisect_right(range(len(steps)), x1, key=lambda i: float(steps[i]))
        return max(first - 1, 0), min(last + 1, len(steps))

    def drawn(self, x0: float, x1: float, width: int) -> tuple[Floats, Floats]:
        """The curve from x0 to x1 on so many pixels: as it is, or low and high per column."""
        first, last = self.visible(x0, x1)
        part = self.points[first:last]
        if len(part) <= RAW * width:
            return part["step"].astype(float), part["value"].astype(float)
        at, lows, highs = self._envelope(first, last, max(round(width / THIN), 1))
        return np.repeat(at, 2), np.stack([lows, highs], 1).ravel()

    def smoothed(self, x0: float, x1: float, width: int, weight: float) -> tuple[Floats, Floats]:
        """An exponential mean along x, unbiased at its start, over the means per column; weight 0 to 1."""
        first, last = self.visible(x0, x1)
        at, values = self._means(first, last, width)
        return at, running(at, values, x1 - x0, weight)

    def _parts(self, first: int, last: int, width: int) -> tuple[NDArray[Any], slice, Floats]:
        """The points or, where they are fine enough, the blocks; where each stands, and where columns begin."""
        if last - first > 2 * BLOCK * width:
            part = slice(first // BLOCK, min(-(-last // BLOCK), self._used))
            places = self.points["step"][part.start * BLOCK : part.stop * BLOCK : BLOCK]
        else:
            part, places = slice(first, last), self.points["step"][first:last]
        columns = min(width, len(places))
        edges = np.arange(columns) * len(places) // max(columns, 1)
        return edges, part, places[edges].astype(float)

    def _envelope(self, first: int, last: int, width: int) -> tuple[Floats, Floats, Floats]:
        edges, part, places = self._parts(first, last, width)
        if last - first > 2 * BLOCK * width:
            lows, highs = self._blocks[0, part], self._blocks[1, part]
        else:
            lows = highs = np.ascontiguousarray(self.points["value"][part])  # thrice as fast as every third number
        return places, *bounds(lows, highs, edges)

    def _means(self, first: int, last: int, width: int) -> tuple[Floats, Floats]:
        if last == first:
            return np.zeros(0), np.zeros(0)
        edges, part, places = self._parts(first, last, width)
        if last - first > 2 * BLOCK * width:
            sums, counts = self._blocks[2, part], self._blocks[3, part]
        else:
            finite = np.isfinite(self.points["value"][part])
            sums, counts = np.where(finite, self.points["value"][part], 0), finite.astype(float)
        return means(places, sums, counts, edges)

    def at(self, x: float) -> tuple[float, float] | None:
        """The point nearest to x."""
        if not len(self.points):
            return None
        steps = self.points["step"]
        k = bisect_left(range(len(steps)), x, key=lambda i: float(steps[i]))
        near = [i for i in (k - 1, k) if 0 <= i < len(steps)]
        best = min(near, key=lambda i: abs(float(steps[i]) - x))
        return float(steps[best]), float(self.points["value"][best])


def _same(a: NDArray[Any], b: NDArray[Any], k: int) -> bool:
    return k < len(b) and bool(a[k].tobytes() == b[k].tobytes())


def _summed(blocks: NDArray[Any]) -> Floats:
    """(4, N): lowest, highest, sum and count of (N, 64) values; what is not finite is left out."""
    values = np.ascontiguousarray(blocks)
    sums = values.sum(1)
    if np.isfinite(sums).all():
        return np.stack([values.min(1), values.max(1), sums, np.full(len(sums), float(BLOCK))])
    finite = np.isfinite(values)
    low, high = np.where(finite, values, np.inf).min(1), np.where(finite, values, -np.inf).max(1)
    return np.stack([low, high, np.where(finite, values, 0).sum(1), finite.sum(1)])
