"""All words so far and how often each occurred, as parts arrive; what does not fit into memory lies in Parquet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import compress, count
from pathlib import Path

import numpy as np

from ..tokens.lattice.stock import names
from .database import Database, text
from .distinct import Distinct
from .parts import Ids, Ints, Part

_STAY = 10
"""One in so many words, the most frequent, stays in memory when the rest is spilled: they would come back at once."""


class Vocabulary:
    """Numbers words as they come. Beyond `limit` of them all go into a file of `folder`, and a new generation begins.

    A word's number holds within its generation; each file names all words of its generation. The counts of those that
    stayed lie in the last one. cache: see `tokens.lattice.kept`.
    """

    def __init__(self, folder: Path, db: Database, limit: int, cache: str = "") -> None:
        self.files: list[Path] = []
        self.tokens = 0
        self._folder, self._db, self._limit, self._cache = folder, db, limit, cache
        self._distinct: Distinct | None = None
        self._counts: Ints
        self._documents: Ints
        self._by_number: Ids
        self._floor: int
        self._begin([], _column([]), _column([]))

    @property
    def generation(self) -> int:
        """How often it was spilled."""
        return len(self.files)

    @property
    def types(self) -> int:
        """Different words that are counted, so far: exact until the first spill, then within a percent."""
        return self._types if self._distinct is None else max(self._types, len(self._distinct))

    def add(self, part: Part) -> Ids:
        """Adds the counts of a part; the numbers of its words in this generation."""
        known, words = self._known(part.known)
        ids = np.concatenate([known, self._numbered(part.words)])
        self._counts = _grown(self._counts, len(self._words))
        self._types += int(np.count_nonzero((self._counts[ids] == 0) & (part.counts > 0)))
        self._counts[ids] += part.counts
        self.tokens += int(part.counts.sum(where=part.counts > 0))
        if len(part.documents):
            self._documents = _grown(self._documents, len(self._words))
            self._documents[ids] += part.documents
        if self._distinct is not None:
            self._distinct.add([*words, *_counted(part.words, part.counts[len(part.known) :])])
        return ids

    def _known(self, numbers: Ids) -> tuple[Ids, list[str]]:
        """Numbers in this generation, and the words of those that are looked up here for the first time."""
        lacking = int(numbers.max(initial=-1)) + 1 - len(self._by_number)
        self._by_number = np.concatenate([self._by_number, np.full(max(lacking, 0), -1, np.int32)])
        found = self._by_number.take(numbers)
        new = np.flatnonzero(found < 0)
        words = names(self._cache).of(numbers.take(new)) if len(new) else []
        found[new] = self._by_number[numbers.take(new)] = self._numbered(words)
        return found, words

    def _numbered(self, words: Sequence[str]) -> Ids:
        before = len(self._words)
        ids = np.fromiter(map(self._number, words), np.int32, len(words))
        self._words.extend(compress(words, (ids >= before).tolist()))
        return ids

    def make_room(self) -> None:
        """Spills when there are too many words."""
        if len(self._words) >= self._limit:
            self._spill(self._limit // _STAY)

    def finish(self) -> list[Path]:
        """Spills what is left; all files, whose sums are the counts."""
        self._spill(0)
        return self.files

    def top(self, n: int) -> list[tuple[str, int]]:
        """At most n words, the most frequent, by count, then code point; exact until the first spill."""
        counts = self._counts[: len(self._words)]
        likely = np.flatnonzero(counts >= self._floor)  # counts grow: nearly always enough, and few to choose from
        if len(likely) < n:
            likely = np.arange(len(counts))
        chosen = likely[_most(counts[likely], n)]
        self._floor = int(counts[chosen].min()) if len(chosen) else 0
        found = [(self._words[at], int(self._counts[at])) for at in chosen]
        return sorted((each for each in found if each[1] > 0), key=lambda each: (-each[1], each[0]))

    def frequencies(self) -> Ints:
        """The counts of the words in memory, in falling order; (N,)."""
        counts = self._counts[: len(self._words)]
        return np.sort(counts[counts > 0])[::-1]

    def _begin(self, words: list[str], counts: Ints, documents: Ints) -> None:
        numbers: defaultdict[str, int] = defaultdict(count(len(words)).__next__, zip(words, count()))
        self._number: Callable[[str], int] = numbers.__getitem__
        self._words = words
        self._by_number = np.zeros(0, np.int32)
        self._counts, self._documents = counts, documents
        self._types = int(np.count_nonzero(counts > 0))
        self._floor = 0
        """The least count of those that were the most frequent when they were last asked for."""

    def _spill(self, staying: int) -> None:
        if self._distinct is None and staying:
            self._distinct = Distinct()
            self._distinct.add(_counted(self._words, self._counts[: len(self._words)]))
        n = len(self._words)
        counts, documents = self._counts[:n].copy(), _grown(self._documents, n)[:n].copy()
        stay = _most(counts, staying)
        kept = [self._words[at] for at in stay], counts[stay], documents[stay]
        counts[stay] = documents[stay] = 0
        path = self._folder / f"words-{self.generation:04d}.parquet"
        columns = {"word": np.array(self._words, object), "n": counts, "documents": documents, "id": np.arange(n)}
        self._db.run(f"COPY (FROM given) TO {text(path)} (FORMAT parquet)", given=columns)
        self.files.append(path)
        self._begin(*kept)


def _column(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _counted(words: Sequence[str], counts: Ints) -> list[str]:
    """Without those that are not to be counted (see `Part`)."""
    return list(compress(words, (counts > 0).tolist()))


def _grown(column: Ints, size: int) -> Ints:
    """The column with room for `size` values; it doubles, so that growing costs little."""
    if len(column) >= size:
        return column
    return np.concatenate([column, np.zeros(max(size, 2 * len(column)) - len(column), np.int64)])


def _most(counts: Ints, n: int) -> Ints:
    """Where the n largest are, in no order."""
    if n >= len(counts):
        return np.arange(len(counts))
    return np.argpartition(counts, len(counts) - n)[len(counts) - n :] if n else np.zeros(0, np.int64)
