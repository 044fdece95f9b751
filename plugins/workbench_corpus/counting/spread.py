"""How evenly words are spread: their occurrences in the parts of a corpus, out of the index of its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..artifacts import TokenIndex
from ..looking.dispersion import Dispersion
from .parts import Ids, Ints

_TOGETHER = 1 << 20
"""Tokens that are sorted at once."""
_WORDS = 1 << 21
"""Words whose sums are in memory at once; more take more rounds over the tokens."""


def slices(tokens: int, n: int) -> Ints:
    """Borders (n + 1) of n slices of the corpus that are as equal as can be."""
    return np.arange(n + 1) * tokens // n


def by_file(index: TokenIndex) -> Ints:
    """Borders of the files in the order of the corpus."""
    files = np.array(index.files, object)
    begins = np.flatnonzero(np.append(True, files[1:] != files[:-1])) if len(files) else np.zeros(0, np.int64)
    return np.append(index.starts[begins], len(index.ids))


def spread(index: TokenIndex, borders: Ints, look: Callable[[], object]) -> dict[str, NDArray[Any]]:
    """juilland_d and dp of every word over the parts between borders; (V,). look: called now and then; may raise."""
    sizes, found = np.diff(borders), []
    for low in range(0, len(index.counts), _WORDS):
        counts = index.counts[low : low + _WORDS]
        sums = Dispersion(sizes, counts)
        for parts, words, n in cells(index.ids, borders):
            look()
            here = (words >= low) & (words < low + len(counts))
            sums.add(parts[here], words[here] - low, n[here])
        found.append((sums.juilland(), sums.dp()))
    columns = [np.concatenate(each) for each in zip(*found, strict=True)] or [np.zeros(0), np.zeros(0)]
    return {"juilland_d": columns[0], "dp": columns[1]}


def cells(ids: Ids, borders: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Numbers of parts, numbers of words, occurrences (M,) each: every part × word that occurs, once."""
    first = 0
    while first < len(borders) - 1:
        last = max(first + 1, int(np.searchsorted(borders, borders[first] + _TOGETHER, "right")) - 1)
        last = min(last, len(borders) - 1)
        yield _together(ids, borders, first, last) if last > first + 1 else _alone(ids, borders, first)
        first = last


def _together(ids: Ids, borders: Ints, first: int, last: int) -> tuple[Ints, Ints, Ints]:
    here = np.asarray(ids[borders[first] : borders[last]], np.int64)
    types = int(here.max(initial=0)) + 1
    keys = np.repeat(np.arange(first, last), np.diff(borders[first : last + 1])) * types + here
    found, n = np.unique(keys, return_counts=True)
    return found // types, found % types, n


def _alone(ids: Ids, borders: Ints, part: int) -> tuple[Ints, Ints, Ints]:
    """A part that may be longer than is sorted at once."""
    counts = np.zeros(0, np.int64)
    for at in range(int(borders[part]), int(borders[part + 1]), _TOGETHER):
        more = np.bincount(ids[at : min(at + _TOGETHER, int(borders[part + 1]))], minlength=len(counts))
        more[: len(counts)] += counts
        counts = more
    words = np.flatnonzero(counts)
    return np.full(len(words), part), words, counts[words]
