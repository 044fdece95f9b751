"""Scalars in packed form: from reports to arrays of points, from points to chunks, from chunks to an overview.

A chunk is 1 024 points (`events.POINT`, 24 bytes each) with a summary: low and high of each 64 points.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.events import POINT

Points = NDArray[Any]
Report = tuple[int, float, Mapping[str, float]]
"""Scalars as a job reports them: step, wall time, values by name."""
CHUNK = 1024
BLOCK = 64
PAIR = np.dtype([("step", "<i8"), ("wall", "<f8"), ("low", "<f8"), ("high", "<f8")])
"""Lowest and highest of consecutive points, with step and time of the first; NaN only where all are."""


def pack(reports: Sequence[Report]) -> dict[str, Points]:
    """The points of each series, in the order of their reports. Raises TypeError for what is not a number."""
    names = [tuple(values) for _, _, values in reports]
    if len(set(names)) <= 1:
        return dict(_block(names[0], reports)) if names else {}
    places: dict[tuple[str, ...], list[int]] = {}
    for place, each in enumerate(names):
        places.setdefault(each, []).append(place)
    pieces: dict[str, list[tuple[list[int], Points]]] = {}
    for together, found in places.items():
        for name, points in _block(together, [reports[place] for place in found]):
            pieces.setdefault(name, []).append((found, points))
    return {name: _in_order(each) for name, each in pieces.items()}


def _block(names: Sequence[str], reports: Sequence[Report]) -> Iterator[tuple[str, Points]]:
    """The series of reports of the same names: all in one array, which takes few calls and no object per number."""
    steps, walls, given = zip(*reports, strict=True)
    values = array("d", [value for each in given for value in each.values()])
    made = np.empty((len(names), len(reports)), POINT)
    made["step"], made["wall"] = steps, walls
    made["value"] = np.frombuffer(values).reshape(len(reports), len(names)).T
    return zip(names, made, strict=True)


def _in_order(pieces: Sequence[tuple[Sequence[int], Points]]) -> Points:
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
