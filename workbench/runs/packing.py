"""Scalars in packed form: from reports to arrays of points, from points to chunks, from chunks to an overview.

A chunk is 1 024 points (`events.POINT`, 24 bytes each) with a summary: low and high of each 64 points.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
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
        return _points(names[0], *_rows(reports)) if names else {}
    places: dict[tuple[str, ...], list[int]] = {}
    for place, each in enumerate(names):
        places.setdefault(each, []).append(place)
    pieces: dict[str, list[tuple[list[int], Points]]] = {}
    for together, found in places.items():
        for name, points in _points(together, *_rows([reports[place] for place in found])).items():
            pieces.setdefault(name, []).append((found, points))
    return {name: _in_order(each) for name, each in pieces.items()}


def bundle(reports: Sequence[Report]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Reports as data and arrays of an event, made in as few calls as can be: the job itself pays for them."""
    names = {tuple(values) for _, _, values in reports}
    if len(names) > 1:
        return {}, pack(reports)
    steps, rows = _rows(reports)
    return {"names": names.pop()}, {"steps": steps, "rows": rows}


def unbundled(data: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Mapping[str, Points]:
    """The points of each series that `bundle` put into an event."""
    return _points(data["names"], arrays["steps"], arrays["rows"]) if "names" in data else arrays


def _rows(reports: Sequence[Report]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Reports of the same k scalars: steps (n,), and wall times with the values (n, 1 + k). No object per number."""
    numbers = array("d", [each for _, wall, values in reports for each in (wall, *values.values())])
    steps = array("q", [step for step, _, _ in reports])
    return np.frombuffer(steps, np.int64), np.frombuffer(numbers).reshape(len(reports), -1)


def _points(names: Sequence[str], steps: NDArray[np.int64], rows: NDArray[np.float64]) -> dict[str, Points]:
    made = np.empty((len(names), len(steps)), POINT)
    made["step"], made["wall"], made["value"] = steps, rows[:, 0], rows[:, 1:].T
    return dict(zip(names, made, strict=True))


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
