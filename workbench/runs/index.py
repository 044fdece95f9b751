"""The index of a workspace: a cache of what its runs say themselves. Missing, old or damaged, it is made again.

Where it cannot be written (a read-only workspace) it lives in memory.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from workbench.errors import UserError
from workbench.runs import labels, schema
from workbench.runs.facts import MISREAD, RunFacts, as_seen, as_time
from workbench.runs.labels import EMPTY, Labels
from workbench.runs.records import Link
from workbench.runs.schema import FILE, to_text
from workbench.runs.workspace import Workspace, when_changed
from workbench.texts import T

R = TypeVar("R")
log = logging.getLogger(__name__)
VERSION = 2
_TABLE = """CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, stamp TEXT NOT NULL, created REAL NOT NULL, tool TEXT NOT NULL, run_group TEXT NOT NULL,
    state TEXT NOT NULL, facts TEXT NOT NULL) WITHOUT ROWID"""
_UNSURE = 0.1
"""A file that changed so few seconds ago may change again within one tick of its clock: it is read again next time."""
DAMAGED = "damaged"
"""The state of a run whose file cannot be read; `error` says why."""


@dataclass(frozen=True)
class Row:
    """A run in the list. last: the newest visible value of every scalar. error: as in a run's record, or None.

    labels: what a person said of it.
    """

    id: str
    folder: Path
    tool: str
    state: str
    created: float
    seconds: float
    params: Mapping[str, Any]
    group: str
    preset: str
    command: str
    last: Mapping[str, float]
    links: tuple[Link, ...]
    error: Mapping[str, Any] | None
    labels: Labels = EMPTY


class Index:
    """The list of a workspace's runs. Several programs may use one index at once; one thread at a time uses this."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._path = workspace.root / "index.sqlite"
        self._db: sqlite3.Connection | None = None
        self._in_memory = False

    def refresh(self) -> None:
        """Reads the runs that changed since the last time, in whatever program, and forgets the deleted ones."""
        if self._in_memory and self._workspace.is_there:
            self.close()
        self._safely(self._refresh)

    def list_runs(self, tool: str = "", group: str = "", state: str = "", limit: int = 0) -> list[Row]:
        """The runs as of the last `refresh`, newest first; only those of a tool, group, state; limit 0: all."""
        try:
            rows = self._rows(tool, group)
        except MISREAD as error:  # no JSON, or of another shape: the runs themselves know
            self._recover(error)
            self.refresh()
            rows = self._rows(tool, group)
        fitting = [each for each in rows if not state or each.state == state]
        return fitting[:limit] if limit else fitting

    def _rows(self, tool: str, group: str) -> list[Row]:
        runs = self._workspace.runs
        return [_row(runs / name, *rest) for name, *rest in self._safely(lambda db: _select(db, tool, group))]

    def close(self) -> None:
        """Closes the file; the next call opens it again."""
        if self._db is not None:
            self._db.close()
        self._db = None

    def _refresh(self, db: sqlite3.Connection) -> None:
        known = dict(db.execute("SELECT id, stamp FROM runs").fetchall())
        folders = {each.name: each for each in self._workspace.folders()}
        gone = [(name,) for name in known if name not in folders]
        stamps = {name: _stamp(folder) for name, folder in folders.items()}
        changed = [name for name, stamp in stamps.items() if not stamp or known.get(name) != stamp]
        if not gone and not changed:
            return
        read = [_read(folders[name], stamps[name]) for name in changed]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("DELETE FROM runs WHERE id = ?", gone)
        db.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", [each for each in read if each])
        db.execute("COMMIT")

    # ------------------------------------------------------------------ the file

    def _safely(self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Does the work; on a damaged index once more on a new one. Raises UserError when others hold it too long."""
        try:
            return work(self._open())
        except schema.UNREADABLE as error:
            self._recover(error)
        return work(self._open())

    def _recover(self, error: Exception) -> None:
        self.close()
        name = getattr(error, "sqlite_errorname", "")
        if "BUSY" in name or "LOCKED" in name:
            text = T("The index {path} is held by another program.", path=self._path)
            raise UserError(text, remedy=T("Try again.")) from error
        if any(each in name for each in ("READONLY", "CANTOPEN", "FULL", "IOERR", "PERM")):
            self._in_memory = True
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            self._in_memory = True

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            self._in_memory = self._in_memory or not self._workspace.is_there
            place = ":memory:" if self._in_memory else self._path
            self._db = sqlite3.connect(place, timeout=10.0, isolation_level=None, check_same_thread=False)
            _prepare(self._db)
        return self._db


def _prepare(db: sqlite3.Connection) -> None:
    """The table, unless it is there. Raises sqlite3.DatabaseError for an index of another version or a damaged one."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (sound,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise sqlite3.DatabaseError(sound)
    if version == VERSION:
        return
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
        raise sqlite3.DatabaseError(f"version {version}")
    db.execute("PRAGMA synchronous = OFF")
    db.execute(_TABLE)
    db.execute(f"PRAGMA user_version = {VERSION}")


def _select(db: sqlite3.Connection, tool: str, group: str) -> list[Any]:
    return db.execute(
        """SELECT id, created, tool, run_group, state, facts FROM runs
        WHERE (?1 = '' OR tool = ?1) AND (?2 = '' OR run_group = ?2) ORDER BY created DESC, id DESC""",
        (_storable(tool), _storable(group)),
    ).fetchall()


def _row(folder: Path, created: float, tool: str, group: str, state: str, text: str) -> Row:
    """What is kept of a run, as it is listed. Raises one of `MISREAD` for what nobody kept so."""
    facts = json.loads(text)
    state = as_seen(state, folder, facts.pop("owner", None))
    links = tuple(Link(*each) for each in facts.pop("links"))
    said = labels.parse(facts.pop("labels"))
    return Row(folder.name, folder, tool, state, as_time(created), group=group, links=links, labels=said, **facts)


def _stamp(folder: Path) -> str:
    """Changes whenever the run's file, its log or its labels do; "" where that is not yet sure."""
    parts = []
    for path in (folder / FILE, folder / f"{FILE}-wal", folder / labels.FILE):
        try:
            found = path.stat()
        except FileNotFoundError:
            parts.append("0")
            continue
        if time.time() - found.st_mtime < _UNSURE:
            return ""
        parts.append(f"{found.st_mtime_ns}:{found.st_size}" if found.st_size else "0")
    return " ".join(parts)


def _read(folder: Path, stamp: str) -> tuple[Any, ...] | None:
    """What the index keeps of a run, which can be listed: seen here, where it is read once. None for one that was
    deleted meanwhile."""
    facts: dict[str, Any] = {}
    try:
        with closing(RunFacts(folder)) as run:
            facts = run.facts
            tool, group, state = (_storable(str(facts[name])) for name in ("tool", "group", "state"))
            said = as_time(facts["created"]), tool, group, state, _kept(run)
        _row(folder, *said)
    except UserError as error:
        return _damaged(folder, stamp, error, facts) if folder.is_dir() else None
    except MISREAD as error:  # a program wrote it that has other facts
        return _damaged(folder, stamp, schema.damaged(folder, ValueError(repr(error))), facts)
    return folder.name, stamp, *said


def _kept(run: RunFacts) -> str:
    """Of a run what is listed and nothing is looked for by, as JSON."""
    facts = run.facts
    kept = {"preset": facts["preset"], "command": facts["command"], "error": run.error, "params": run.now}
    links = [(each.run, each.step, each.relation) for each in run.links()]
    kept |= {"owner": facts.get("owner"), "seconds": run.seconds, "last": run.last(), "links": links}
    return to_text({**kept, "labels": _labels(run.folder)})


def _damaged(folder: Path, stamp: str, error: UserError, facts: Mapping[str, Any]) -> tuple[Any, ...]:
    """The same of a run that cannot be listed as others are: why, and what is known."""
    if stamp:  # else it is read again at once
        log.warning("run %s: %s", folder.name, error)

    def known(name: str, default: R) -> R:
        found = facts.get(name, default)
        return found if isinstance(found, type(default)) else default

    kept: dict[str, Any] = {
        "params": known("params", {}),
        "preset": known("preset", ""),
        "command": known("command", ""),
    }
    kept |= {"error": error.to_json(), "seconds": 0.0, "last": {}, "links": [], "labels": _labels(folder)}
    names = [_storable(known(name, "")) for name in ("tool", "group")]
    return folder.name, stamp, _created(folder, facts), *names, DAMAGED, to_text(kept)


def _created(folder: Path, facts: Mapping[str, Any]) -> float:
    """When a damaged run was made; where it does not say so, when it was changed last."""
    try:
        return as_time(facts.get("created"))
    except ValueError:
        return when_changed(folder)


def _storable(text: str) -> str:
    """`text` as a column can hold it: half a pair of surrogates is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def _labels(folder: Path) -> dict[str, Any]:
    """What was said of a run; nothing where that cannot be read: whoever changes it then hears why."""
    try:
        return asdict(labels.read(folder))
    except UserError:
        return asdict(EMPTY)
