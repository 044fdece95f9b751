"""Documents read together as numbers of words, where they are such that this is the quickest way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from .found import Cutter, Ids, Ints, Words, apart, by_name

if TYPE_CHECKING:
    from .lattice.numbering import Numbering

_NUMBERED = 1 << 18
"""Characters that are read together, of as many documents as it takes."""
_AT_ONCE = 1 << 21
"""Tokens that wait to be counted."""
_BETWEEN = "\0"
"""Stands between documents that are read together: a token by itself, whatever is beside it; its number is 0."""


class _Numbered:
    """Documents of whatever length are read together."""

    def __init__(self, cutter: Cutter, numbering: Numbering) -> None:
        self._cutter, self._numbering = cutter, numbering
        self._waiting: list[str] = []
        self._length = 0
        self._ids: list[Ids] = []
        numbering.begin()

    def add(self, text: str) -> None:
        text = self._cutter.before(text)
        self._waiting.append(text)
        self._length += len(text)
        if self._length >= _NUMBERED:
            self._read()

    def _read(self) -> None:
        text = _BETWEEN.join([*self._waiting, ""])
        if ready := self._numbering.ready(text):
            self._take([*self._numbering.read(text, ready)])
        elif text:
            self._take_by_name(text)
        self._waiting.clear()
        self._length = 0

    def _take(self, read: Sequence[tuple[Ints, Ids]]) -> None:
        """Takes what was read of the documents that wait, each with its end."""
        raise NotImplementedError

    def _take_by_name(self, text: str) -> None:
        """Takes the documents that wait, joined, where numbers are not the quickest way."""
        raise NotImplementedError


class NumberedCounts(_Numbered):
    """See `found.Counts`."""

    def __init__(self, cutter: Cutter, numbering: Numbering) -> None:
        super().__init__(cutter, numbering)
        self._found, self._tokens = np.zeros(1, np.int64), 0
        self._raw: Counter[str] = Counter()

    def settled(self) -> tuple[Words, Ints]:
        self._read()
        self._count()
        if not self._found.any():
            return apart(self._cutter.settle(+self._raw))
        if self._cutter.counts_all:
            self._number(self._cutter.settle(+self._raw))
        numbers = np.flatnonzero(self._found)
        if self._cutter.counts_all:
            words, order = _known(self._numbering, numbers)
            return words, self._found.take(numbers.take(order))
        counts = zip(self._numbering.words(numbers), self._found.take(numbers).tolist(), strict=True)
        return apart(self._cutter.settle(Counter(dict(counts)) + self._raw))

    def _number(self, counts: Counter[str]) -> None:
        """Adds counts of exact tokens to those by number."""
        numbers = self._numbering.numbered([*counts])
        self._found = np.append(self._found, np.zeros(len(self._numbering) - len(self._found), np.int64))
        self._found[numbers] += np.fromiter(counts.values(), np.int64, len(counts))

    def _take_by_name(self, text: str) -> None:
        self._raw.update(self._cutter.raw(text))
        self._raw[_BETWEEN] -= len(self._waiting)

    def _take(self, read: Sequence[tuple[Ints, Ids]]) -> None:
        self._ids += [ids for _, ids in read]
        self._found[0] -= len(self._waiting)
        self._tokens += sum(len(ids) for _, ids in read)
        if self._tokens > _AT_ONCE:
            self._count()

    def _count(self) -> None:
        more = np.bincount(np.concatenate([np.zeros(0, np.int32), *self._ids]), minlength=len(self._found))
        more[: len(self._found)] += self._found
        self._found, self._tokens = more, 0
        self._ids.clear()


class NumberedStream(_Numbered):
    """See `found.Stream`."""

    def __init__(self, cutter: Cutter, numbering: Numbering) -> None:
        super().__init__(cutter, numbering)
        self._lengths: list[Ints] = []

    def settled(self) -> tuple[Words, Ids, Ints]:
        self._read()
        ids = np.concatenate([np.zeros(0, np.int32), *self._ids])
        used = np.flatnonzero(np.bincount(ids))
        table = np.zeros(len(self._numbering), np.int32)
        if self._cutter.counts_all:
            words, order = _known(self._numbering, used)
            table[used.take(order)] = np.arange(len(used))
        else:
            words, table[used] = _united([*map(self._cutter.after, self._numbering.words(used))])
        return words, table.take(ids), np.concatenate([np.zeros(0, np.int64), *self._lengths])

    def _take(self, read: Sequence[tuple[Ints, Ids]]) -> None:
        begins = np.concatenate([borders[:-1] for borders, _ in read])
        ends = np.cumsum([len(text) + 1 for text in self._waiting]) - 1
        between = np.searchsorted(begins, ends)
        self._ids.append(np.delete(np.concatenate([ids for _, ids in read]), between))
        self._lengths.append(np.diff(between, prepend=-1) - 1)

    def _take_by_name(self, text: str) -> None:  # noqa: ARG002 - each of them is cut by itself
        tokens = [*map(self._cutter.exact, self._waiting)]
        self._ids.append(self._numbering.numbered([*chain.from_iterable(tokens)]))
        self._lengths.append(np.fromiter(map(len, tokens), np.int64, len(tokens)))


def _known(numbering: Numbering, numbers: Ints) -> tuple[Words, Ints]:
    """The words of these numbers, and where among them the number of each is."""
    everywhere = numbering.everywhere(numbers)
    known, others = np.flatnonzero(everywhere >= 0), np.flatnonzero(everywhere < 0)
    words = Words(everywhere.take(known), numbering.words(numbers.take(others)))
    return words, np.concatenate([known, others])


def _united(words: Sequence[str]) -> tuple[Words, Ints]:
    """Each word once, and the place of every one among those."""
    places: dict[str, int] = {}
    at = [places.setdefault(word, len(places)) for word in words]
    return by_name([*places]), np.array(at, np.int64)
