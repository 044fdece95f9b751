"""Large tables, sorted and filtered while a person types: a file of a run (SQLite, Parquet) or the rows of a stream.

Everything lies in memory in DuckDB, with a column of small letters that a filter looks through. A page is read from a
copy in the wanted order, so that a filter may stop as soon as the page is full; a copy is made in the background by the
first page that asks for its order, which itself takes only the first rows. Few matches are kept: a filter that grows
looks only among them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np

from workbench.errors import UserError
from workbench.runs import columns
from workbench.runs.reader import Reader
from workbench.runs.tablefiles import PAGE, SQLiteFile, located, quoted
from workbench.texts import T

__all__ = ["Column", "Interrupted", "Table", "located"]

FEW = 20_000
"""Matches of a filter that are kept for the filters that continue it."""
COPIES = 2
"""Orders that are kept."""
MOST_COPIED = 5_000_000
"""Rows beyond which no copy in another order is made."""
Order = tuple[str, bool]
Row = tuple[Any, ...]


class Interrupted(Exception):  # noqa: N818 - what happened, not an error
    """The query was not wanted any more."""


class Column:
    """A column. kind: integer, real, boolean or text (also dates, lists and what else a file holds, as text)."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind

    def __repr__(self) -> str:
        return f"Column({self.name!r}, {self.kind!r})"


class Table:
    """Queried from one thread, never the window's; `interrupt` may be called from any.

    Missing values come last in either order; equal ones stay in the file's order; text is sorted by code points.
    """

    def __init__(self) -> None:
        self._db = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
        self._file: SQLiteFile | None = None
        self._version = 0
        self._newest: int | None = None
        self._rows = 0
        self._kinds: dict[str, str] = {}
        self._interrupted = False
        self._copies: dict[Order, str] = {}
        self._copying: threading.Thread | None = None
        self._copier: duckdb.DuckDBPyConnection | None = None
        self._found = ""

    # ------------------------------------------------------------------ opening

    @classmethod
    def open(cls, path: Path, name: str = "") -> Self:
        """Reads the file: about five seconds for 10⁶ rows of SQLite. name: of a table in it, by default the first.

        Raises UserError for a file that is missing, damaged or neither SQLite nor Parquet.
        """
        made = cls()
        try:
            with path.open("rb") as file:
                begin = file.read(16)
            if begin.startswith(b"PAR1"):
                made._load_parquet(path)
            else:
                made._file = SQLiteFile(path, name)
                made._load()
        except (OSError, duckdb.Error) as error:
            made.close()
            raise UserError(T("The table {path} cannot be read: {why}.", path=path, why=error)) from error
        except BaseException:
            made.close()
            raise
        return made

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """The rows of a stream, as `Reader.rows` gives them."""
        made = cls()
        given = list(rows)
        names = list(dict.fromkeys(name for row in given for name in row))
        found = columns.turned(given, names)
        made._create({name: columns.kind_of(each) or "text" for name, each in zip(names, found, strict=True)})
        for at in range(0, len(given), PAGE):
            made._insert([each[at : at + PAGE] for each in found])
        return made

    @classmethod
    def of_stream(cls, reader: Reader, stream: str) -> Self:
        """The rows of a stream of rows, or of the newest frame of a table that is no file."""
        frame = reader.frame(stream) if reader.streams().get(stream) == "table" else None
        return cls.of_rows(frame.data["rows"] if frame else reader.rows(stream))

    def write_parquet(self, path: Path) -> None:
        """Writes all rows, in the file's order, under their own names."""
        names = ", ".join(f"{self._column(name)} AS {quoted(columns.unicode(name))}" for name in self._kinds)
        with self._db.cursor() as db:  # of its own, whatever was left half read by others
            db.sql(f"SELECT {names} FROM data ORDER BY n").write_parquet(str(path))

    def close(self) -> None:
        """Ends what is under way and forgets everything."""
        self.interrupt()
        if self._copier:
            with suppress(duckdb.Error):
                self._copier.interrupt()
        self.settle()
        if self._file:
            self._file.close()
        self._db.close()

    def refresh(self) -> bool:
        """Reads what a job has written since; whether there was anything.

        New rows are added; where rows have gone, or only old ones can have changed, all is read again. A row that
        changes together with new ones keeps its old look until then.
        """
        if self._file is None or self._file.version == self._version:
            return False
        self._interrupted = False
        if not self._append():
            self._load()
        return True

    def interrupt(self) -> None:
        """Makes the query that runs raise `Interrupted`; from any thread; without effect where none runs."""
        self._interrupted = True
        self._db.interrupt()

    # ------------------------------------------------------------------ asking

    @property
    def columns(self) -> list[Column]:
        """In the order of the file."""
        return [Column(name, kind or "text") for name, kind in self._kinds.items()]

    def count(self, contains: str = "") -> int:
        """Rows, or those of which a cell contains the text, whatever the case of its letters."""
        if not contains:
            return self._rows
        with self._query() as db:
            source = self._source(contains)
            if source == "found" and contains.lower() == self._found:
                (count,) = db.execute("SELECT count(*) FROM found").fetchone() or (0,)
                return int(count)
            match = [contains]
            db.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS FROM {source} WHERE {_MATCH} LIMIT {FEW + 1}", match)
            (count,) = db.execute("SELECT count(*) FROM fresh").fetchone() or (0,)
            if count <= FEW:
                db.execute("CREATE OR REPLACE TEMP TABLE found AS FROM fresh ORDER BY n")
                self._found = contains.lower()
            else:
                (count,) = db.execute(f"SELECT count(*) FROM {source} WHERE {_MATCH}", match).fetchone() or (0,)
            return int(count)

    def page(self, offset: int, n: int, sort: str = "", descending: bool = False, contains: str = "") -> list[Row]:
        """n rows from `offset` on, in the file's order or sorted by a column. Raises UserError for an unknown column.

        contains: only rows of which a cell contains this text, whatever the case of its letters.
        """
        order = self._order(sort, descending)
        source = self._source(contains)
        copy = self._copies.get(order) if order and source == "data" else None
        by = "ORDER BY n" if source == "found" else ""
        if order and not copy:
            by = f"ORDER BY {_by(order)}"
        match, values = (_MATCH, [contains]) if contains else ("true", [])
        parts = ("true",) if by or offset > 0 or not contains else self._parts()
        found: list[Row] = []
        with self._query() as db:
            for part in parts:
                sql = f"SELECT {self._names()} FROM {copy or source} WHERE {part} AND {match} {by} LIMIT ? OFFSET ?"
                found += db.execute(sql, [*values, max(0, n - len(found)), max(0, offset)]).fetchall()
                if len(found) >= n:
                    break
        if order:
            self._keep(order)
        return found

    def settle(self) -> None:
        """Waits for the copy that is being made in the background."""
        if self._copying:
            self._copying.join()

    # ------------------------------------------------------------------ inside: orders and filters

    def _order(self, sort: str, descending: bool) -> Order | None:
        if sort and sort not in self._kinds:
            text = T("The table has no column {name}; it has: {names}.", name=sort, names=", ".join(self._kinds))
            raise UserError(text)
        return (self._column(sort), descending) if sort else None

    def _column(self, name: str) -> str:
        return f"c{list(self._kinds).index(name)}"

    def _names(self) -> str:
        return ", ".join(f"c{number}" for number in range(len(self._kinds))) or "n"

    def _source(self, contains: str) -> str:
        """Where rows that contain the text are: among those found before, or anywhere."""
        return "found" if self._found and self._found in contains.lower() else "data"

    def _parts(self) -> Iterator[str]:
        """Where a filter looks for its first page, one after the other. In the whole at once, the thread that has found
        the page ends, and the others, which do not know it, look through all the rest."""
        wide = _GROUP * (os.cpu_count() or 1)
        for begin in range(0, self._rows, wide):
            if self._interrupted:
                raise Interrupted
            yield f"rowid BETWEEN {begin} AND {begin + wide - 1}"

    def _keep(self, order: Order) -> None:
        """Has a copy made in this order in the background, unless it is there, or another is being made."""
        if order in self._copies:
            self._copies[order] = self._copies.pop(order)  # the newest of those kept
        elif PAGE < self._rows <= MOST_COPIED and not (self._copying and self._copying.is_alive()):
            while len(self._copies) >= COPIES:
                self._db.execute(f"DROP TABLE {self._copies.pop(next(iter(self._copies)))}")
            self._copier = self._db.cursor()
            self._copying = threading.Thread(target=self._copy, args=(order, self._copier), daemon=True)
            self._copying.start()

    def _copy(self, order: Order, db: duckdb.DuckDBPyConnection) -> None:
        name = f"by_{order[0]}_{'down' if order[1] else 'up'}"
        try:
            db.execute(f"CREATE OR REPLACE TABLE {name} AS FROM data ORDER BY {_by(order)}")
        except duckdb.Error:
            return
        finally:
            db.close()
        self._copies[order] = name

    def _forget(self) -> None:
        """Copies and matches: the rows are not the same any more."""
        self.settle()
        for name in self._copies.values():
            self._db.execute(f"DROP TABLE {name}")
        self._copies.clear()
        self._found = ""

    @contextmanager
    def _query(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Raises `Interrupted` where `interrupt` ended it."""
        self._interrupted = False
        try:
            yield self._db
        except duckdb.InterruptException as error:
            raise Interrupted from error

    # ------------------------------------------------------------------ inside: loading

    def _create(self, kinds: Mapping[str, str]) -> None:
        self._forget()
        self._kinds, self._rows = dict(kinds), 0
        made = "".join(f", {self._column(name)} {columns.TYPES[kind or 'text']}" for name, kind in kinds.items())
        self._db.execute(f"CREATE OR REPLACE TABLE data (n INTEGER{made}, small VARCHAR)")

    def _load_parquet(self, path: Path) -> None:
        """Everything; what is neither number nor truth becomes text."""
        described = self._db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        self._create({name: _KINDS.get(kind, "text") for name, kind, *_ in described})
        wanted = ", ".join(
            f"CAST({quoted(name)} AS {columns.TYPES[kind]}) AS {self._column(name)}"
            for name, kind in self._kinds.items()
        )
        source = f"SELECT row_number() OVER () - 1 AS n, {wanted} FROM read_parquet(?)"
        self._db.execute("SET threads = 1")  # several would each leave memory half filled, a third of the whole
        self._db.execute(f"INSERT INTO data SELECT *, {self._small()} FROM ({source})", [str(path)])
        self._db.execute("RESET threads")
        (self._rows,) = self._db.execute("SELECT count(*) FROM data").fetchone() or (0,)

    def _load(self) -> None:
        """Everything that the SQLite file holds now."""
        assert self._file
        version, self._newest = self._file.version, None
        kinds: Mapping[str, str] = dict.fromkeys(self._file.columns, "")
        self._create(kinds)
        while (found := self._fill(kinds)) != self._kinds:
            kinds = found
            self._create(kinds)
        self._version = version

    def _fill(self, kinds: Mapping[str, str]) -> Mapping[str, str]:
        """Takes pages while they fit; the kinds of columns that are needed to go on, or those that are."""
        assert self._file
        for page in self._file.pages():
            told = self._told(kinds, page)
            if told != kinds:
                if self._rows:
                    return told
                kinds = told
                self._create(kinds)
            self._take(page)
        return kinds

    def _append(self) -> bool:
        """Takes the rows that came after the newest one; whether that was all: none other has changed or gone."""
        assert self._file
        if not self._file.grows or self._newest is None:
            return False
        version, before = self._file.version, self._rows
        for page in self._file.pages(self._newest):
            if self._told(self._kinds, page) != self._kinds:
                return False
            self._take(page)
        if self._rows == before or self._rows != self._file.count():
            return False
        self._forget()
        self._version = version
        return True

    def _told(self, kinds: Mapping[str, str], page: Sequence[Row]) -> dict[str, str]:
        found = list(zip(*page, strict=True))[1:]
        return {name: columns.kind_of(each, kinds[name]) for name, each in zip(kinds, found, strict=True)}

    def _take(self, page: Sequence[Row]) -> None:
        if self._interrupted:
            raise Interrupted
        numbers, *found = zip(*page, strict=True)
        self._insert(found)
        self._newest = numbers[-1]

    def _insert(self, found: Sequence[Sequence[Any]]) -> None:
        """Rows, as columns of Python values, after those that are there."""
        count = len(found[0]) if found else 0
        given = {"n": np.arange(self._rows, self._rows + count)}
        wanted = ["n"]
        for number, (kind, values) in enumerate(zip(self._kinds.values(), found, strict=True)):
            given[f"v{number}"], given[f"m{number}"] = columns.arrays(kind or "text", values)
            value = f"CASE WHEN m{number} THEN NULL ELSE v{number} END"
            wanted.append(f"CAST({value} AS {columns.TYPES[kind or 'text']}) AS c{number}")
        self._db.register("given", given)
        self._db.execute(f"INSERT INTO data SELECT *, {self._small()} FROM (SELECT {', '.join(wanted)} FROM given)")
        self._db.unregister("given")
        self._rows += count

    def _small(self) -> str:
        """All cells of a row in small letters, apart from each other."""
        return f"lower(concat_ws(chr(31), {self._names()}))"


_MATCH = "contains(small, lower(?))"
_GROUP = 122_880
"""Rows that one thread of DuckDB takes at a time."""
_KINDS = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "integer"),
    "FLOAT": "real", "DOUBLE": "real", "BOOLEAN": "boolean",
}  # fmt: skip


def _by(order: Order) -> str:
    column, descending = order
    return f"{column} {'DESC' if descending else 'ASC'} NULLS LAST, n"
