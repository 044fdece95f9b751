"""Scalars in packed form: from calls to arrays of points, from points to chunks, from chunks to an overview.

A chunk is 1 024 points (`events.POINT`, 24 bytes each) with a summary: low and high of each 64 points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.events import POINT

Points = NDArray[Any]
CHUNK = 1024
BLOCK = 64
PAIR = np.dtype([("step", "<i8"), ("wall", "<f8"), ("low", "<f8"), ("high", "<f8")])
"""Lowest and highest of consecutive points, with step and time of the first; NaN only where all are."""


class _Group:
    """Reports that had the same names. Flat lists: a tuple per report would keep the garbage collector busy."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self.steps: list[int] = []
        self.walls: list[float] = []
        self.values: list[float] = []


class Calls:
    """Reported scalars, kept as they came: grouped by the names that came together, turned into arrays at once."""

    def __init__(self) -> None:
        self._count = 0
        self._groups: dict[tuple[str, ...], _Group] = {}

    def add(self, step: int, wall: float, values: Mapping[str, float]) -> None:
        """One report. Raises TypeError or ValueError for what is not a number, and then keeps nothing of it."""
        names = tuple(values)
        group = self._groups.get(names)
        if group is None:
            group = self._groups[names] = _Group()
        try:
            group.values.extend(map(float, values.values()))
        except (TypeError, ValueError):
            del group.values[len(group.order) * len(names) :]
            raise
        group.order.append(self._count)
        group.steps.append(step)
        group.walls.append(wall)
        self._count += 1

    def points(self) -> dict[str, Points]:
        """The points of each series, in the order of their reports."""
        pieces: dict[str, list[tuple[Points, Points]]] = {}
        for names, group in self._groups.items():
            order, steps = np.array(group.order, np.int64), np.array(group.steps, np.int64)
            walls = np.array(group.walls, np.float64)
            columns = np.array(group.values, np.float64).reshape(len(order), len(names)).T
            for name, values in zip(names, columns, strict=True):
                pieces.setdefault(name, []).append((order, _points(steps, walls, values)))
        return {name: _in_order(each) for name, each in pieces.items() if len(each[0][0]) or len(each) > 1}


def _points(steps: Points, walls: Points, values: Points) -> Points:
    made = np.empty(len(steps), POINT)
    made["step"], made["wall"], made["value"] = steps, walls, values
    return made


def _in_order(pieces: list[tuple[Points, Points]]) -> Points:
    if len(pieces) == 1:
        return pieces[0][1]
    order = np.argsort(np.concatenate([each[0] for each in pieces]), kind="stable")
    return np.concatenate([each[1] for each in pieces])[order]


def joined(batches: Sequence[Mapping[str, Points]]) -> Mapping[str, Points]:
    """Several batches, one after the other, as one."""
    if len(batches) == 1:
        return batches[0]
    names = dict.fromkeys(name for batch in batches for name in batch)
    return {name: np.concatenate([batch[name] for batch in batches if name in batch]) for name in names}


def fold(points: Points) -> tuple[list[Points], Points]:
    """Full chunks, and the rest that is shorter than one."""
    cut = len(points) // CHUNK * CHUNK
    return [points[at : at + CHUNK] for at in range(0, cut, CHUNK)], points[cut:]


def summarize(points: Points) -> Points:
    """(N,) points -> one pair per `BLOCK` of them."""
    return _merge(as_pairs(points), BLOCK)


def as_pairs(points: Points) -> Points:
    """(N,) points -> (N,) pairs, each low and high of itself."""
    made = np.empty(len(points), PAIR)
    made["step"], made["wall"] = points["step"], points["wall"]
    made["low"] = made["high"] = points["value"]
    return made


def condense(pairs: Points, most: int) -> Points:
    """Neighbours joined until there are at most `most`."""
    return _merge(pairs, -(-len(pairs) // most)) if len(pairs) > most else pairs


def _merge(pairs: Points, size: int) -> Points:
    """Each `size` neighbours become one: NaN counts only where there is nothing else."""
    starts = np.arange(0, len(pairs), size)
    if not len(starts):
        return pairs
    made = pairs[starts].copy()
    made["low"] = np.fmin.reduceat(pairs["low"], starts)
    made["high"] = np.fmax.reduceat(pairs["high"], starts)
    return made
