"""What an update of a dict costs while the dict grows, and what the same updates cost in a small one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .ways import Counts, Cut

_BETWEEN = "\x00"
"""Stands between words that are kept as one text: splitting it gives new strings, whose hashes are not known yet."""


@dataclass(frozen=True)
class Point:
    """One stretch of a corpus: its tokens, types in the growing dict after it, nanoseconds of an update there and in a
    new dict."""

    tokens: int
    types: int
    growing: float
    small: float


def growth(texts: list[str], cut: Cut, stretches: int, heed: Callable[[], None]) -> list[Point]:
    """The article's loop without its tokenizer, over `stretches` stretches of the documents, one after the other.

    Each stretch is counted twice from fresh strings, into the dict that grows and into a new one, first the one and
    then the other in turn.
    """
    found: Counts = {}
    points = []
    for k in range(stretches):
        heed()
        part = texts[k * len(texts) // stretches : (k + 1) * len(texts) // stretches]
        words = _BETWEEN.join(word for text in part for word in cut(text))
        if not words:
            continue
        dicts = (found, {}) if k % 2 else ({}, found)
        costs = {id(each): update(words, each) for each in dicts}
        small = next(cost for key, cost in costs.items() if key != id(found))
        points.append(Point(words.count(_BETWEEN) + 1, len(found), costs[id(found)], small))
    return points


def update(words: str, into: Counts) -> float:
    """Processor nanoseconds of an update, over words that are joined by NUL."""
    fresh = words.split(_BETWEEN)
    begun = time.process_time_ns()
    for word in fresh:
        into[word] = into.get(word, 0) + 1
    return (time.process_time_ns() - begun) / len(fresh)


def later(points: list[Point]) -> float:
    """How many times as much an update costs in the last quarter of the corpus as in the first."""
    quarter = max(1, len(points) // 4)
    return _mean([p.growing for p in points[-quarter:]]) / _mean([p.growing for p in points[:quarter]])


def against_small(points: list[Point]) -> float:
    """How many times as much an update costs in the grown dict as in a new one, over the last quarter."""
    last = points[-max(1, len(points) // 4) :]
    return _mean([p.growing for p in last]) / _mean([p.small for p in last])


def slowdown(points: list[Point], seconds: float) -> float:
    """How many times as fast a count of `seconds` in one growing dict would be, had the dict stayed small."""
    lost = sum(p.tokens * (p.growing - p.small) for p in points) / 1e9
    return seconds / (seconds - lost)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
