"""DuckDB for what does not fit into memory: with a limit, a folder to spill into, and work that a person can stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from workbench.api import UserError, domain

T = domain("workbench_corpus")
Columns = dict[str, Any]
"""Arrays by name."""
_LOOK = 0.02


class Owner(Protocol):
    """Whose work it is: a job's context."""

    def sync(self) -> None:
        """Heeds pause, stop and cancel."""


class Database:
    """A database in memory of at most `megabytes`; beyond that it spills into `folder`. It is there from its first use
    on: DuckDB is imported by name then, for a count begins without."""

    def __init__(self, folder: Path, megabytes: int, owner: Owner) -> None:
        self._folder, self._megabytes, self._owner = folder, megabytes, owner

    @cached_property
    def _db(self) -> Any:
        config = {"autoinstall_known_extensions": False, "threads": 2}
        made = import_module("duckdb").connect(":memory:", config=config)
        spill = text(self._folder / "spill")
        made.execute(f"SET memory_limit = '{self._megabytes}MB'; SET temp_directory = {spill}")
        return made

    def close(self) -> None:
        """Forgets everything."""
        if "_db" in vars(self):
            self._db.close()

    def run(self, sql: str, **tables: Mapping[str, Any]) -> Columns:
        """The answer to a query over `tables` (columns of arrays by name), while the owner heeds what it is told.

        Raises Stop where it was told to, and UserError when the disk is full or the memory does not suffice.
        """
        found: list[Columns] = []
        failed: list[Exception] = []
        work = threading.Thread(target=self._work, args=(self._db, sql, found, failed), daemon=True)
        with self._given(tables):
            work.start()
            try:
                while work.is_alive():
                    self._owner.sync()
                    work.join(_LOOK)
            except BaseException:
                self._db.interrupt()
                work.join()
                raise
        if failed:
            raise UserError(T("The words cannot be merged: {why}.", why=str(failed[0]).splitlines()[0])) from failed[0]
        return found[0]

    def _work(self, db: Any, sql: str, found: list[Columns], failed: list[Exception]) -> None:
        try:
            found.append(db.execute(sql).fetchnumpy())
        except (import_module("duckdb").Error, OSError) as error:
            failed.append(error)

    @contextmanager
    def _given(self, tables: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
        for name, columns in tables.items():
            self._db.register(name, dict(columns))
        try:
            yield
        finally:
            for name in tables:
                self._db.unregister(name)


def text(path: Path) -> str:
    """A path as SQL takes it."""
    return literal(str(path))


def literal(value: str) -> str:
    """A text as SQL takes it."""
    return "'" + value.replace("'", "''") + "'"
