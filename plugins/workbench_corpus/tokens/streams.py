"""The exact tokens of many documents, counted or in their order; by numbers where a tokenizer has them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import count

import numpy as np

from .found import Counts, Cutter, Ids, Ints, Stream, Words, apart, by_name
from .numbered import NumberedCounts, NumberedStream

_BLOCK = 1 << 16
"""Characters that are cut together of documents that end with a line."""


def counts(cutter: Cutter) -> Counts:
    """What counts tokens most quickly."""
    return _Counts(cutter) if cutter.numbering is None else NumberedCounts(cutter, cutter.numbering)


def stream(cutter: Cutter) -> Stream:
    """What keeps tokens most quickly."""
    return _Stream(cutter) if cutter.numbering is None else NumberedStream(cutter, cutter.numbering)


class _Counts:
    """Short documents are cut together."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._found: Counter[str] = Counter()
        self._waiting: list[str] = []
        self._length = 0

    def add(self, text: str) -> None:
        self._waiting.append(text)
        self._length += len(text)
        if self._length > _BLOCK or not text.endswith("\n"):
            self._cut()  # a token may reach from one document into the next, but none across the end of a line

    def settled(self) -> tuple[Words, Ints]:
        self._cut()
        return apart(self._cutter.settle(self._found))

    def _cut(self) -> None:
        self._found.update(self._cutter.cut("".join(self._waiting)))
        self._waiting.clear()
        self._length = 0


class _Stream:
    """Every document is cut by itself."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._words: defaultdict[str, int] = defaultdict(count().__next__)
        self._number: Callable[[str], int] = self._words.__getitem__
        self._ids: list[Ids] = []

    def add(self, text: str) -> None:
        tokens = self._cutter.tokens(text)
        self._ids.append(np.fromiter(map(self._number, tokens), np.int32, len(tokens)))

    def settled(self) -> tuple[Words, Ids, Ints]:
        lengths = np.fromiter(map(len, self._ids), np.int64, len(self._ids))
        return by_name([*self._words]), np.concatenate([np.zeros(0, np.int32), *self._ids]), lengths
