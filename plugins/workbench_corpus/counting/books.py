"""What was read: files with their troubles, and documents and tokens by file, folder and column; kept in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..artifacts import BUILT_IN, called
from ..reading.records import UNSAID
from .database import Database, literal, text

_FULL = 20_000
"""Rows that wait in Python at most."""
_FILE = ("nr", "file", "format", "encoding", "bytes", "documents", "undecodable")
_TROUBLE = ("file", "what", "n")
_PLACES = 1 << 32
"""Files of a task at most."""
_EMPTY = "empty."
"""What `reading.walk` says of a file in which there is nothing to fail at."""
_GROUP = ("kind", "value", "documents", "tokens")
_TYPES = {
    "nr": "BIGINT",
    "bytes": "BIGINT",
    "undecodable": "BIGINT",
    "documents": "BIGINT",
    "tokens": "BIGINT",
    "n": "BIGINT",
}


class Told(NamedTuple):
    """Of all files: how many there are, and how many could not be read; undecodable bytes, the files that have them and
    what these were taken for."""

    files: int
    failed: int
    undecodable: int
    damaged: int
    encodings: str


class Books:
    """Entries and groups of all parts; both tables can be longer than memory allows."""

    def __init__(self, db: Database) -> None:
        self._files, self._groups = _Sheet(db, "files", _FILE), _Sheet(db, "counted", _GROUP)
        self._troubles = _Sheet(db, "troubles", _TROUBLE)
        self._db = db

    def list(self, entries: Iterable[Mapping[str, Any]], task: int = -1) -> None:
        """Takes entries as `parts.entry` makes them, of a task or (-1) of the plan; they add up by file."""
        for k, each in enumerate(entries):
            self._files.add((task * _PLACES + k, *(each[name] for name in _FILE[1:])))
            for what, n in each["troubles"]:
                self._troubles.add((each["file"], what, n))

    def count(self, groups: Iterable[Sequence[Any]]) -> None:
        """Takes the groups of a part; they add up by column and value."""
        for row in groups:
            self._groups.add(tuple(row))

    def write_files(self, path: Path) -> Told:
        """One row a file, in the order of the corpus; and what is to be told of them."""
        for each in (self._files, self._groups, self._troubles):
            each.flush()
        sums = ", ".join(f"sum({each})::BIGINT AS {each}" for each in ("bytes", "documents", "undecodable"))
        troubles = "SELECT file, replace(what, '{n}', sum(n)::VARCHAR) AS said FROM troubles GROUP BY file, what"
        trouble = f"SELECT file, string_agg(said, ' ' ORDER BY said) AS trouble FROM ({troubles}) GROUP BY file"
        tokens = "SELECT value AS file, sum(tokens)::BIGINT AS tokens FROM counted WHERE kind = '' GROUP BY value"
        self._db.run(
            "COPY (SELECT f.file, format, encoding, bytes, documents, tokens, undecodable, trouble FROM (SELECT file, "
            f"min(nr) AS nr, max(format) AS format, max(encoding) AS encoding, {sums} FROM files "
            f"GROUP BY file) f LEFT JOIN ({trouble}) t USING (file) LEFT JOIN ({tokens}) c USING (file) ORDER BY nr) "
            f"TO {text(path)} (FORMAT parquet)"
        )
        return self._told(path)

    def _told(self, path: Path) -> Told:
        failed = f"count(*) FILTER (trouble IS NOT NULL AND documents = 0 AND trouble <> '{_EMPTY}')"
        encodings = f"string_agg(DISTINCT coalesce(nullif(encoding, ''), '{UNSAID}'), ', ') FILTER (undecodable > 0)"
        found = self._db.run(
            f"SELECT count(*) AS files, {failed} AS failed, coalesce(sum(undecodable), 0)::BIGINT AS undecodable, "
            f"count(*) FILTER (undecodable > 0) AS damaged, coalesce({encodings}, '') AS encodings FROM {text(path)}"
        )
        numbers = {name: int(found[name][0]) for name in ("files", "failed", "undecodable", "damaged")}
        return Told(**numbers, encodings=str(found["encodings"][0]))

    def write_groups(self, path: Path) -> None:
        """Documents and tokens by folder and by each column that was kept, the largest first."""
        self._groups.flush()
        folder = "regexp_replace(value, '/?[^/]*$', '')"
        own = " ".join(f"WHEN {literal(name)} THEN {literal(called(name))}" for name in BUILT_IN)
        by = f"CASE kind WHEN '' THEN 'folder' {own} ELSE kind END"
        value = f"CASE kind WHEN '' THEN {folder} ELSE value END"
        self._db.run(
            f'COPY (SELECT {by} AS "by", {value} AS value, sum(documents)::BIGINT AS documents, '
            "sum(tokens)::BIGINT AS tokens FROM counted GROUP BY ALL ORDER BY 1, tokens DESC, 2) "
            f"TO {text(path)} (FORMAT parquet)"
        )


class _Sheet:
    """A table of the database that grows by many rows at once."""

    def __init__(self, db: Database, name: str, columns: Sequence[str]) -> None:
        self._db, self._name, self._columns = db, name, columns
        self._waiting: list[tuple[Any, ...]] = []
        self._made = False

    def add(self, row: tuple[Any, ...]) -> None:
        self._waiting.append(row)
        if len(self._waiting) >= _FULL:
            self.flush()

    def flush(self) -> None:
        if not self._made:
            made = ", ".join(f"{each} {_TYPES.get(each, 'VARCHAR')}" for each in self._columns)
            self._db.run(f"CREATE TABLE {self._name} ({made})")
            self._made = True
        if not self._waiting:
            return
        columns = zip(*self._waiting, strict=True)
        given = {
            name: np.array(each, np.int64 if name in _TYPES else object)
            for name, each in zip(self._columns, columns, strict=True)
        }
        self._waiting.clear()
        self._db.run(f"INSERT INTO {self._name} SELECT * FROM given", given=given)
