"""The exact tokens of many documents, counted or in their order; by numbers where a tokenizer has them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .lattice.numbering import Numbering

Ids = NDArray[np.int32]
Ints = NDArray[np.int64]
_BLOCK, _NUMBERED = 1 << 16, 1 << 17
"""Characters that are cut together: of documents that end with a line, and of all of them where there are numbers."""
_AT_ONCE = 1 << 21
"""Tokens that wait to be counted."""
_BETWEEN = "\0"
"""Stands between documents that are cut together: a token by itself, whatever is beside it; its number is 0."""


class Cutter(Protocol):
    """What is needed of `cutting.Cutter`; see there."""

    @property
    def numbering(self) -> Numbering | None:
        """Tokens as numbers, where the tokenizer has them."""

    @property
    def counts_all(self) -> bool:
        """Whether every exact token is counted, and as it is."""

    def cut(self, text: str) -> list[str]:
        """Quick tokens, of which `settle` makes the exact counts."""

    def settle(self, counts: Counter[str]) -> Counter[str]:
        """The exact counts."""

    def tokens(self, text: str) -> list[str]:
        """The exact tokens in their order, those too that are not counted."""

    def before(self, text: str) -> str:
        """A text as it is cut."""

    def raw(self, text: str) -> list[str]:
        """Quick tokens of a text that `before` has folded."""

    def exact(self, text: str) -> list[str]:
        """The same of a text that `before` has folded."""

    def after(self, word: str) -> str:
        """A word as it is counted."""


class Words(NamedTuple):
    """Different words: first those with numbers that are the same everywhere (`lattice.stock.named`), then others."""

    known: Ids
    others: list[str]


class Counts(Protocol):
    """Counts of tokens."""

    def add(self, text: str) -> None:
        """Counts a document or a piece of one."""

    def settled(self) -> tuple[Words, Ints]:
        """The words of all that was added, and how often they occur."""


class Stream(Protocol):
    """Tokens in their order."""

    def add(self, text: str) -> None:
        """Adds a document or a piece of one."""

    def settled(self) -> tuple[Words, Ids, Ints]:
        """w words; the place among them of every token of all documents; how many tokens each document has."""


def counts(cutter: Cutter) -> Counts:
    """What counts tokens most quickly."""
    return _Counts(cutter) if cutter.numbering is None else _NumberedCounts(cutter, cutter.numbering)


def stream(cutter: Cutter) -> Stream:
    """What keeps tokens most quickly."""
    return _Stream(cutter) if cutter.numbering is None else _NumberedStream(cutter, cutter.numbering)


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
        return _apart(self._cutter.settle(self._found))

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
        return _unknown([*self._words]), np.concatenate([np.zeros(0, np.int32), *self._ids]), lengths


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
        if self._numbering.suits(text):
            self._take([*self._numbering.read(text)])
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


class _NumberedCounts(_Numbered):
    def __init__(self, cutter: Cutter, numbering: Numbering) -> None:
        super().__init__(cutter, numbering)
        self._found, self._tokens = np.zeros(1, np.int64), 0
        self._raw: Counter[str] = Counter()

    def settled(self) -> tuple[Words, Ints]:
        self._read()
        self._count()
        if self._cutter.counts_all:
            self._number(self._cutter.settle(+self._raw))
        numbers = np.flatnonzero(self._found)
        if self._cutter.counts_all:
            words, order = _known(self._numbering, numbers)
            return words, self._found.take(numbers.take(order))
        counts = zip(self._numbering.words(numbers), self._found.take(numbers).tolist(), strict=True)
        return _apart(self._cutter.settle(Counter(dict(counts)) + self._raw))

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


class _NumberedStream(_Numbered):
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


def _apart(counts: Counter[str]) -> tuple[Words, Ints]:
    return _unknown([*counts]), np.fromiter(counts.values(), np.int64, len(counts))


def _unknown(words: list[str]) -> Words:
    return Words(np.zeros(0, np.int32), words)


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
    return _unknown([*places]), np.array(at, np.int64)
