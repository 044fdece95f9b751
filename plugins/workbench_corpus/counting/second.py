"""What needs the ranks of all words, and so a second look at the parts: documents in pieces, the index of tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..artifacts import ABOUT, DOCUMENTS, IDS, WORDS
from .database import Database, text
from .parts import Ids, Ints, Part
from .ranking import Ranking

_GENERATIONS = 3
"""Tables of ranks that are kept: parts come nearly in the order in which they were merged."""


class Merged(NamedTuple):
    """A part that the vocabulary has taken: `numbers` of its words in a generation (a file of int32)."""

    part: Path
    numbers: Path
    generation: int


class Ranked:
    """Parts in the order of the corpus, their words by rank. heed: called before each part; may raise."""

    def __init__(self, ranking: Ranking, merged: Iterable[Merged], heed: Callable[[], None]) -> None:
        self._merged, self._heed = sorted(merged), heed
        self._ranks = lru_cache(_GENERATIONS)(ranking.ranks)

    def __iter__(self) -> Iterator[tuple[Part, Ids]]:
        """Each part, and the rank of each of its words."""
        for path, numbers, generation in self._merged:
            self._heed()
            yield Part.read(path), self._ranks(generation)[np.fromfile(numbers, "<i4")]


def open_documents(ranked: Iterable[tuple[Part, Ids]], types: int) -> Ints:
    """In how many documents that were read in pieces each word occurs; (V,). Pieces of one follow each other."""
    found, here, name = np.zeros(types, np.int64), np.zeros(types, bool), ""
    for part, ranks in ranked:
        ends = np.cumsum(part.open_lengths)
        for document, end, length in zip(part.open_names, ends, part.open_lengths, strict=True):
            if document != name:
                found += here
                here[:], name = False, document
            here[ranks[part.open_words[end - length : end]]] = True
    return found + here


class Writer:
    """Writes the index into a new folder, part by part; see `artifacts`."""

    def __init__(self, folder: Path, db: Database) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._db = folder, db
        self._ids = (folder / IDS).open("wb")
        self._tokens = 0
        self._last: tuple[str, int] | None = None
        db.run("CREATE OR REPLACE TABLE documents (start BIGINT, file VARCHAR, number BIGINT, columns VARCHAR)")

    def add(self, part: Part, ranks: Ids) -> None:
        """Takes all tokens of a part; a piece of the document before it goes on with that one."""
        self._ids.write(ranks[part.ids].astype("<i4").tobytes())
        begins: list[tuple[int, str, int, str]] = []
        for (file, number, columns), length in zip(part.places, part.lengths.tolist(), strict=True):
            if self._last != (file, number):
                begins.append((self._tokens, file, number, json.dumps(columns, ensure_ascii=False)))
                self._last = file, number
            self._tokens += length
        if begins:
            self._db.run("INSERT INTO documents SELECT * FROM given", given=_columns(begins))

    def finish(self, ranking: Ranking, about: Mapping[str, Any], bare: Callable[[str], str] | None = None) -> None:
        """Writes the words and what is to be known of all. bare: a word without what the tokenizer added to it."""
        self._ids.close()
        bares = {"bare": np.array([*map(bare, ranking.words())], object)} if bare else {}
        ranking.write_all(self._folder / WORDS, bares)
        self._db.run(f"COPY (FROM documents ORDER BY start) TO {text(self._folder / DOCUMENTS)} (FORMAT parquet)")
        self._db.run("DROP TABLE documents")
        known = {**about, "types": ranking.types, "tokens": self._tokens}
        (self._folder / ABOUT).write_text(json.dumps(known, ensure_ascii=False), "utf-8")


def _columns(rows: Iterable[tuple[Any, ...]]) -> dict[str, NDArray[Any]]:
    start, file, number, columns = zip(*rows, strict=True)
    return {
        "start": np.array(start, np.int64), "file": np.array(file, object),
        "number": np.array(number, np.int64), "columns": np.array(columns, object),
    }  # fmt: skip
