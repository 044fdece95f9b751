"""Counting the tokens of one task, in a child: words alone, or words, documents and every token."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..reading.records import Document
from .parts import Ids, Ints, Part


class Cutter(Protocol):
    """What counting needs of `tokens.cutting.Cutter`."""

    def cut(self, text: str) -> list[str]:
        """Quick tokens, of which `settle` makes the exact counts."""

    def settle(self, counts: Counter[str]) -> Counter[str]:
        """The exact counts."""

    def tokens(self, text: str) -> list[str]:
        """The exact tokens in their order, those too that are not counted."""

    def counts(self, word: str) -> bool:
        """Whether an exact token is counted."""


class Plain:
    """Words and nothing else: the quickest way. Short documents are cut together."""

    _BLOCK = 1 << 16

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._counts: Counter[str] = Counter()
        self._waiting: list[str] = []
        self._length = 0

    def add(self, document: Document) -> None:
        """Counts a document or a piece of one."""
        self._waiting.append(document.text)
        self._length += len(document.text)
        if self._length > self._BLOCK or not document.text.endswith("\n"):
            self._cut()  # a token may reach from one document into the next, but none across the end of a line

    def part(self) -> Part:
        """What was counted."""
        self._cut()
        counts = self._cutter.settle(self._counts)
        return Part([*counts], np.fromiter(counts.values(), np.int64, len(counts)))

    def _cut(self) -> None:
        self._counts.update(self._cutter.cut("".join(self._waiting)))
        self._waiting.clear()
        self._length = 0


class Detailed:
    """Words, the documents that they occur in, tokens by file and column; keep: and every token in its place."""

    def __init__(self, cutter: Cutter, keep: bool) -> None:
        self._cutter, self._keep = cutter, keep
        self._words: defaultdict[str, int] = defaultdict(count().__next__)
        self._number: Callable[[str], int] = self._words.__getitem__
        self._ids: list[Ids] = []
        self._documents: list[Document] = []

    def add(self, document: Document) -> None:
        """Counts a document or a piece of one."""
        tokens = self._cutter.tokens(document.text)
        self._ids.append(np.fromiter(map(self._number, tokens), np.int32, len(tokens)))
        self._documents.append(document._replace(text=""))

    def part(self) -> Part:
        """What was counted."""
        n = len(self._words)
        lengths = np.fromiter(map(len, self._ids), np.int64, len(self._ids))
        ids = np.concatenate([np.zeros(0, np.int32), *self._ids])
        at, words = _cells(ids, lengths, n)
        pieces = np.array([each.piece is not None for each in self._documents], bool)
        counted = np.fromiter(map(self._cutter.counts, self._words), bool, n)
        kept: dict[str, Any] = {"ids": ids, "lengths": lengths, "places": self._places()} if self._keep else {}
        return Part(
            [*self._words],
            np.bincount(ids, minlength=n) * np.where(counted, 1, -1),
            np.bincount(words[~pieces[at]], minlength=n),
            open_names=[_name(each) for each in self._documents if each.piece is not None],
            open_words=words[pieces[at]].astype(np.int32),
            open_lengths=np.bincount(at, minlength=len(pieces))[pieces],
            groups=self._groups(_sums(counted[ids], lengths)),
            **kept,
        )

    def _places(self) -> list[tuple[str, int, dict[str, str]]]:
        return [(each.file, each.number, dict(each.columns)) for each in self._documents]

    def _groups(self, lengths: Ints) -> list[tuple[Any, ...]]:
        """(column, value, documents, tokens); the column "" is the file."""
        found: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for document, length in zip(self._documents, lengths.tolist(), strict=True):
            for place in (("", document.file), *document.columns.items()):
                cell = found[place]
                cell[0] += begins(document)
                cell[1] += length
        return [(column, value, *cell) for (column, value), cell in found.items()]


def _sums(values: NDArray[np.bool_], lengths: Ints) -> Ints:
    """How many are true in each run of these lengths."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    ends = np.cumsum(lengths)
    return np.asarray(sums[ends] - sums[ends - lengths], np.int64)


def begins(document: Document) -> bool:
    """Whether the document begins here: its later pieces are not counted again."""
    return document.piece is None or document.piece == document.number


def _name(document: Document) -> str:
    return f"{document.file}\n{document.number}"


def _cells(ids: Ids, lengths: Ints, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which words occur in which documents: the numbers of both, by document."""
    keys = np.repeat(np.arange(len(lengths)) * max(n, 1), lengths) + ids
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) != 0]
    return keys // max(n, 1), keys % max(n, 1)
