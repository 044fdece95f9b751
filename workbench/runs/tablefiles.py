"""Tables that are files of a run: where they lie, and reading a SQLite file that may still be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from workbench.errors import UserError
from workbench.runs.schema import UNREADABLE
from workbench.texts import T

PAGE = 65_536
"""Rows that are read at once."""


def relative(folder: Path, path: Path) -> str:
    """How a run's record names a file in its folder. Raises UserError for one that lies elsewhere."""
    try:
        return (folder / path).resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        text = T("The table {path} lies outside of the run's folder {folder}.", path=path, folder=folder)
        raise UserError(text, remedy=T("Write it into context.dir.")) from None


def located(folder: Path, data: Mapping[str, Any]) -> Path | None:
    """Where the file of a frame of kind "table" lies now; None where the frame holds rows.

    Raises UserError when the record names a place outside of the run's folder.
    """
    return None if "path" not in data else folder / relative(folder, Path(data["path"]))


def copy_sqlite(path: Path, copy: Path) -> None:
    """A SQLite file as it is at one moment, while others write it. Raises UserError for a damaged one."""
    with closing(_opened(path)) as source, closing(sqlite3.connect(copy)) as made:
        try:
            source.backup(made)
            made.execute("PRAGMA journal_mode = DELETE")  # one file is the whole
        except UNREADABLE as error:
            raise UserError(T("The table {path} cannot be read: {why}.", path=path, why=error)) from error


def quoted(name: str) -> str:
    """An identifier as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


class SQLiteFile:
    """One table of a SQLite file, read while others write it. name: the first table where it is not given.

    Raises UserError for a file without such a table, and for a damaged one.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self._path = path
        self._db = _opened(path)
        try:
            self.name = self._chosen(name)
            self.columns = [row[1] for row in self._db.execute(f"PRAGMA table_info({quoted(self.name)})")]
            self._rowid = self._hidden_name()
        except UNREADABLE as error:
            self._db.close()
            raise self._damaged(error) from error

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    @property
    def version(self) -> int:
        """Differs when somebody has written since."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def count(self) -> int:
        """Rows that are there now."""
        return int(self._db.execute(f"SELECT count(*) FROM {quoted(self.name)}").fetchone()[0])

    @property
    def grows(self) -> bool:
        """Whether its rows are numbered, so that those that came later can be told."""
        return bool(self._rowid)

    def pages(self, after: int | None = None) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Rows, a page at a time, each with its number before the columns; all of one state of the file.

        after: only rows with larger numbers. Raises UserError for a damaged file.
        """
        number = self._rowid or "NULL"
        sql = f"SELECT {number}, {', '.join(map(quoted, self.columns))} FROM {quoted(self.name)}"
        if self._rowid:
            sql += (f" WHERE {number} > ?1" if after is not None else "") + f" ORDER BY {number}"
        try:
            found = self._db.execute(sql, () if after is None else (after,))
            while page := found.fetchmany(PAGE):
                yield page
        except UNREADABLE as error:
            raise self._damaged(error) from error

    def _chosen(self, name: str) -> str:
        sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        names = [found for (found,) in self._db.execute(f"{sql} ORDER BY type, rowid")]
        if (name and name not in names) or not names:
            text = T("{path} has no table {name}; it has: {names}.", path=self._path, name=name, names=", ".join(names))
            self._db.close()
            raise UserError(text)
        return name or names[0]

    def _hidden_name(self) -> str:
        """A name of the rows' numbers that no column hides; "" where rows have none."""
        for name in ("rowid", "_rowid_", "oid"):
            if name not in [each.lower() for each in self.columns]:
                try:
                    self._db.execute(f"SELECT {name} FROM {quoted(self.name)} LIMIT 0")
                except sqlite3.OperationalError:
                    return ""
                return (
                    name
                    if self._db.execute("SELECT type FROM sqlite_master WHERE name = ?", (self.name,)).fetchone()
                    == ("table",)
                    else ""
                )
        return ""

    def _damaged(self, error: Exception) -> UserError:
        return UserError(T("The table {path} cannot be read: {why}.", path=self._path, why=error))


def _opened(path: Path) -> sqlite3.Connection:
    """Read-only; in a folder that cannot be written without its log, if that is empty."""
    uri = path.resolve().as_uri()
    for mode in ("mode=ro", "immutable=1"):
        db = sqlite3.connect(f"{uri}?{mode}", uri=True, timeout=10, isolation_level=None, check_same_thread=False)
        db.text_factory = partial(str, encoding="utf-8", errors="replace")
        try:
            db.execute("SELECT count(*) FROM sqlite_master")
        except UNREADABLE as error:
            db.close()
            if mode == "immutable=1" or (
                isinstance(error, sqlite3.DatabaseError)
                and "CANTOPEN" not in str(getattr(error, "sqlite_errorname", ""))
            ):
                raise UserError(T("The table {path} cannot be read: {why}.", path=path, why=error)) from error
        else:
            return db
    raise AssertionError
