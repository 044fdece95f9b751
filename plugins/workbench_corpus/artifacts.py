"""The index that a count leaves: every token of the corpus in its place, as other tools load it.

A folder: `ids.i32`, the rank of each token's word (little-endian int32), mapped and never read whole; `words.parquet`
(word, count, by rank; of a tokenizer that adds to its words bare, the word without that); `documents.parquet` (start,
file, number, columns as JSON, by start); `about.json`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Ids = NDArray[np.int32]
BUILT_IN = ("file", "folder")
"""What every document can be counted by."""
_TOGETHER = 1 << 20
"""Tokens that are looked at together."""
IDS, WORDS, DOCUMENTS, ABOUT = "ids.i32", "words.parquet", "documents.parquet", "about.json"


@dataclass(frozen=True)
class TokenIndex:
    """N tokens of D documents over V words, the most frequent first (of equal ones the smaller code point).

    words, counts (V). ids (N): ranks of words, mapped from the disk. starts (D + 1): document d is
    `ids[starts[d]:starts[d + 1]]`; they stand in the order of the corpus. files, numbers, columns (D): whence each
    document is, where in its file it begins, and what was kept of its row. about: how the corpus was cut. bares (V):
    words without what the tokenizer added to them, such as their parts of speech; empty where it adds nothing.
    """

    words: list[str]
    counts: Ints
    ids: Ids
    starts: Ints
    files: list[str]
    numbers: Ints
    columns: list[dict[str, str]]
    about: Mapping[str, Any]
    bares: Sequence[str] = ()

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Word -> rank."""
        return {word: rank for rank, word in enumerate(self.words)}

    @cached_property
    def alike(self) -> dict[str, list[int]]:
        """Word -> its rank, and bare word -> the ranks of all that are it; empty where nothing was added."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for rank, pair in enumerate(zip(self.words, self.bares, strict=False)):
            for each in dict.fromkeys(pair):
                found[each].append(rank)
        return dict(found)

    def bare(self, rank: int) -> str:
        """A word without what the tokenizer added to it."""
        return self.bares[rank] if self.bares else self.words[rank]

    def says(self, rank: int) -> bool:
        """Whether a word is no mark: it has a letter or a digit."""
        return any(map(str.isalnum, self.bare(rank)))

    @property
    def types(self) -> int:
        """How many words are counted; those that are left out come after them."""
        return int(self.about["types"])

    def counted(self) -> Iterator[tuple[str, int]]:
        """Words that are counted, and their counts."""
        return zip(self.words[: self.types], self.counts[: self.types].tolist(), strict=True)

    @cached_property
    def lengths(self) -> Ints:
        """How many tokens of each document are counted; (D,)."""
        lengths = np.diff(self.starts)
        for at in range(0, len(self.ids), _TOGETHER) if self.types < len(self.words) else ():
            left_out = at + np.flatnonzero(self.ids[at : at + _TOGETHER] >= self.types)
            lengths -= np.bincount(self.documents_of(left_out), minlength=len(lengths))
        return lengths

    def groups(self, by: str) -> tuple[list[str], Ids]:
        """The names of groups, sorted, and of each document which it belongs to; (G,), (D,).

        by: "file", "folder" or a column that was kept, as it is `called`; documents without it belong to "".
        """
        if by in BUILT_IN:
            names = self.files if by == "file" else [folder_of(each) for each in self.files]
        else:
            column = next((name for name in BUILT_IN if called(name) == by), by)
            names = [each.get(column, "") for each in self.columns]
        found, groups = np.unique(np.array(names, object), return_inverse=True)
        return found.tolist(), groups.astype(np.int32)

    def documents_of(self, positions: Any) -> Ints:
        """Which documents these tokens stand in."""
        found: Ints = np.searchsorted(self.starts, np.asarray(positions), "right") - 1
        return found


def called(column: str) -> str:
    """A column as people call it who count by it: beside the file and the folder that every document has."""
    return f"{column} (column)" if column in BUILT_IN else column


def folder_of(file: str) -> str:
    """The folder (or archive) of a file as it is shown."""
    return file.rpartition("/")[0]


def load_tokens(path: Path) -> TokenIndex:
    """The index in a folder that a count wrote. Raises OSError and ValueError for one that is not whole."""
    about = json.loads((path / ABOUT).read_text("utf-8"))
    words, rows = _columns(path / WORDS), _columns(path / DOCUMENTS)
    tokens = int(about["tokens"])
    if (path / IDS).stat().st_size != 4 * tokens:
        raise ValueError(f"{IDS} does not hold {tokens} tokens")
    ids = np.memmap(path / IDS, "<i4", "r", shape=(tokens,)) if tokens else np.zeros(0, np.int32)
    return TokenIndex(
        words["word"].tolist(),
        np.asarray(words["count"], np.int64),
        ids,
        np.append(np.asarray(rows["start"], np.int64), tokens),
        rows["file"].tolist(),
        np.asarray(rows["number"], np.int64),
        [json.loads(each) for each in rows["columns"].tolist()],
        about,
        words["bare"].tolist() if "bare" in words else (),
    )


def _columns(path: Path) -> dict[str, Any]:
    duckdb = import_module("duckdb")  # a count begins without it
    try:
        with duckdb.connect(":memory:") as db:
            found: dict[str, Any] = db.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
    except duckdb.Error as error:
        raise ValueError(f"{path.name} is missing or damaged") from error
    return found
