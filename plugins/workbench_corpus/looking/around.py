"""What stands around occurrences: their contexts in lines (KWIC), and runs of words that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..artifacts import Ints, TokenIndex
from .find import Hits

Side = Literal["corpus", "left", "right"]
_SORTED = 3
"""Words on one side by which contexts are put in order."""
BLANK = "␣"
"""What is shown of a token that is white space alone."""


def ordered(index: TokenIndex, hits: Hits, side: Side) -> Hits:
    """Occurrences with the same words on one side together, frequent words first; or as they stand in the corpus."""
    if side == "corpus":
        return hits
    documents = index.documents_of(hits.starts)
    begins, ends = index.starts[documents], index.starts[documents + 1]
    last = hits.starts + hits.lengths
    near = [hits.starts - 1 - k if side == "left" else last + k for k in range(_SORTED)]
    keys = [np.where((at >= begins) & (at < ends), index.ids[np.clip(at, 0, len(index.ids) - 1)], -1) for at in near]
    return hits.taken(np.lexsort(keys[::-1]))


def contexts(index: TokenIndex, hits: Hits, characters: int, most: int, borders: bool) -> list[dict[str, Any]]:
    """The first `most` occurrences with what stands to the left and right of them in their document."""
    documents = index.documents_of(hits.starts[:most])
    rows = []
    for start, length, document in zip(hits.starts, hits.lengths, documents, strict=False):
        begin, end = int(index.starts[document]), int(index.starts[document + 1])
        left = _until(index, range(int(start) - 1, begin - 1, -1), characters)[::-1]
        right = _until(index, range(int(start + length), end), characters)
        middle = [index.words[rank] for rank in index.ids[start : start + length]]
        shown = [joined(words, borders) for words in (left, middle, right)]
        rows.append(
            dict(zip(("left", "word", "right"), shown, strict=True))
            | {"file": index.files[document], "document": int(index.numbers[document])}
        )
    return rows


def _until(index: TokenIndex, places: range, characters: int) -> list[str]:
    """The words at these places, as far as they have so many characters together."""
    words: list[str] = []
    for place in places:
        if characters <= 0:
            break
        rank = index.ids[place]
        words.append(index.words[rank])
        characters -= len(index.bare(rank))
    return words


def joined(words: list[str], borders: bool = True) -> str:
    """Words as a line, spaces between them where borders are to be seen."""
    return (" " if borders else "").join(word.strip() or BLANK for word in words)


def grams(index: TokenIndex, hits: Hits, length: int, most: int) -> list[dict[str, Any]]:
    """The most frequent runs of `length` words that hold an occurrence, without marks; each place counts once."""
    windows = _windows(index, hits, length)
    if not len(windows):
        return []
    keys = windows[:, 0].astype(np.int64)
    for column in windows.T[1:]:
        keys = np.unique(keys * len(index.words) + column, return_inverse=True)[1]
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return list(_worded(index, windows[first[order]], counts[order], most))


def _windows(index: TokenIndex, hits: Hits, length: int) -> NDArray[np.int32]:
    """Every run of so many tokens of one document that holds an occurrence, by where it begins; (M, length)."""
    lengths = hits.lengths
    begins = [hits.starts[lengths + back <= length] - back for back in range(length)]
    at = np.unique(np.concatenate(begins))
    at = at[(at >= 0) & (at + length <= len(index.ids))]
    at = at[index.documents_of(at) == index.documents_of(at + length - 1)]
    runs: NDArray[np.int32] = index.ids[at[:, None] + np.arange(length)]
    return runs


def _worded(index: TokenIndex, runs: NDArray[np.int32], counts: Ints, most: int) -> Iterator[dict[str, Any]]:
    for run, count in zip(runs, counts, strict=True):
        if most and all(map(index.says, run)):
            most -= 1
            yield {"words": joined([index.words[rank] for rank in run]), "count": int(count)}
        if not most:
            return
