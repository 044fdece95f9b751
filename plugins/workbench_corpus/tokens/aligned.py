"""Where several ways to cut one text differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text, from its first character to before `end`."""

    start: int
    end: int


def spans(text: str, tokens: Iterable[str]) -> list[Span] | None:
    """Where the tokens stand, one after the other; None if they do not: they overlap, or leave letters out."""
    found: list[Span] = []
    end = 0
    for token in tokens:
        start = text.find(token, end)
        if start < 0 or _said(text[end:start]):
            return None
        end = start + len(token)
        found.append(Span(start, end))
    return None if _said(text[end:]) else found


def differences(text: str, cuts: Sequence[Sequence[Span]]) -> list[Span]:
    """The shortest stretches with letters in them that not all ways cut alike, from left to right.

    A way may leave out what has no letter, so that is no difference.
    """
    borders = [{0, len(text), *(edge for span in cut for edge in span)} for cut in cuts]
    common = sorted(set.intersection(*borders)) if borders else []
    stretches = [Span(*pair) for pair in pairwise(common) if _said(text[slice(*pair)])]
    return [each for each in stretches if len({tuple(inside(cut, each)) for cut in cuts}) > 1]


def inside(cut: Sequence[Span], stretch: Span) -> list[Span]:
    """The spans of a way that lie in a stretch."""
    return [span for span in cut if stretch.start <= span.start and span.end <= stretch.end]


def _said(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(map(str.isalnum, text))
