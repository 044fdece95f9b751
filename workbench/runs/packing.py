"""Scalars as they are stored: from points to chunks, from chunks to an overview.

A chunk is 1 024 points (`events.POINT`, 24 bytes each) with a summary: low and high of each 64 points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[Any]
CHUNK = 1024
BLOCK = 64
PAIR = np.dtype([("step", "<i8"), ("wall", "<f8"), ("low", "<f8"), ("high", "<f8")])
"""Lowest and highest of consecutive points, with step and time of the first; NaN only where all are."""


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
