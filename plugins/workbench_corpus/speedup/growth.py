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
    """One stretch of a corpus: its tokens, types in the growing dict after it; processor nanoseconds per token of the
    tokenizer, of an update in the growing dict, of one in a new dict."""

    tokens: int
    types: int
    cutting: float
    growing: float
    small: float


def growth(texts: list[str], cut: Cut, stretches: int, heed: Callable[[], None]) -> list[Point]:
    """The article's loop in its two halves, cutting and counting, over one stretch of the documents after the other.

    Each stretch is counted twice from fresh strings, into the dict that grows and into a new one, first the one and
    then the other in turn.
    """
    found: Counts = {}
    points = []
    for k in range(stretches):
        heed()
        begun = time.process_time_ns()
        words = [
            word
            for text in texts[k * len(texts) // stretches : (k + 1) * len(texts) // stretches]
            for word in cut(text)
        ]
        cutting = time.process_time_ns() - begun
        if words:
            growing, small = both(_BETWEEN.join(words), found, k % 2 == 0)
            points.append(Point(len(words), len(found), cutting / len(words), growing, small))
    return points


def both(words: str, found: Counts, small_first: bool) -> tuple[float, float]:
    """What an update costs in the dict `found` and in a new one."""
    new: Counts = {}
    costs = {id(each): update(words, each) for each in ((new, found) if small_first else (found, new))}
    return costs[id(found)], costs[id(new)]


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


def slowdown(points: list[Point]) -> float:
    """How many times as long the loop takes with one growing dict as it would with dicts that stay small."""
    with_growing = sum(p.tokens * (p.cutting + p.growing) for p in points)
    return with_growing / sum(p.tokens * (p.cutting + p.small) for p in points)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
