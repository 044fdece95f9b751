"""Counting the tokens of one task, in a child: words alone, or words, documents and every token."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..reading.records import Document
from ..tokens import streams
from ..tokens.found import Cutter as Cuts
from .parts import Ids, Ints, Part


class Cutter(Cuts, Protocol):
    """What counting needs of `tokens.cutting.Cutter`."""

    def counts(self, word: str) -> bool:
        """Whether an exact token is counted."""


class Plain:
    """Words and nothing else: the quickest way."""

    def __init__(self, cutter: Cutter) -> None:
        self._counts = streams.counts(cutter)

    def add(self, document: Document) -> None:
        """Counts a document or a piece of one."""
        self._counts.add(document.text)

    def part(self) -> Part:
        """What was counted."""
        words, counts = self._counts.settled()
        return Part(words.others, counts, known=words.known)


class Detailed:
    """Words, the documents that they occur in, tokens by file and column; keep: and every token in its place."""

    def __init__(self, cutter: Cutter, keep: bool) -> None:
        self._cutter, self._keep = cutter, keep
        self._tokens = streams.stream(cutter)
        self._documents: list[Document] = []

    def add(self, document: Document) -> None:
        """Counts a document or a piece of one."""
        self._tokens.add(document.text)
        self._documents.append(document._replace(text=""))

    def part(self) -> Part:
        """What was counted."""
        found, ids, lengths = self._tokens.settled()
        n = len(found.known) + len(found.others)
        at, words = _cells(ids, lengths, n)
        pieces = np.array([each.piece is not None for each in self._documents], bool)
        counted = (
            np.ones(n, bool)
            if self._cutter.counts_all
            else np.fromiter(map(self._cutter.counts, found.others), bool, n)
        )
        kept: dict[str, Any] = {"ids": ids, "lengths": lengths, "places": self._places()} if self._keep else {}
        return Part(
            found.others,
            np.bincount(ids, minlength=n) * np.where(counted, 1, -1),
            np.bincount(words[~pieces[at]], minlength=n),
            open_names=[_name(each) for each in self._documents if each.piece is not None],
            open_words=words[pieces[at]].astype(np.int32),
            open_lengths=np.bincount(at, minlength=len(pieces))[pieces],
            known=found.known,
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
                cell[0] += document.begins
                cell[1] += length
        return [(column, value, *cell) for (column, value), cell in found.items()]


def _sums(values: NDArray[np.bool_], lengths: Ints) -> Ints:
    """How many are true in each run of these lengths."""
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    ends = np.cumsum(lengths)
    return np.asarray(sums[ends] - sums[ends - lengths], np.int64)


def _name(document: Document) -> str:
    return f"{document.file}\n{document.number}"


def _cells(ids: Ids, lengths: Ints, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which words occur in which documents: the numbers of both, by document."""
    keys = np.repeat(np.arange(len(lengths)) * max(n, 1), lengths) + ids
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) != 0]
    return keys // max(n, 1), keys % max(n, 1)
