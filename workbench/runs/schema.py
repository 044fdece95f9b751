"""The tables of a run's file, and the two ways to open it: one connection writes, others only read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from workbench.errors import UserError
from workbench.texts import T, Text

VERSION = 1
"""Of the tables below; kept in the file as SQLite's user_version."""
FILE = "run.sqlite"
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises for a damaged file: it may quote, as the reason, bytes that are no text."""
_WAIT = 10.0
_VARIABLES = 999
"""In one statement at most, however SQLite was built."""

# A scalar first lies in `tail` (one packed row per series and commit); at 1 024 points it moves into `chunks`.
# The summary stands before the points: SQLite then reads it without touching the pages of the points.
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (
    id INTEGER PRIMARY KEY, start INTEGER NOT NULL, parent INTEGER, reason TEXT, wall REAL, until REAL);
CREATE TABLE links (id INTEGER PRIMARY KEY, run TEXT NOT NULL, step INTEGER, relation TEXT NOT NULL);
CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE chunks (
    series INTEGER, segment INTEGER, number INTEGER, low INTEGER, high INTEGER, summary BLOB, points BLOB);
CREATE UNIQUE INDEX chunks_of ON chunks (series, segment, number);
CREATE TABLE tail (
    series INTEGER, segment INTEGER, number INTEGER, points BLOB, PRIMARY KEY (series, segment, number)) WITHOUT ROWID;
CREATE TABLE last (
    series INTEGER, segment INTEGER, step INTEGER, wall REAL, value BLOB, PRIMARY KEY (series, segment)) WITHOUT ROWID;
CREATE TABLE streams (
    name TEXT PRIMARY KEY, kind TEXT, every INTEGER, doublings INTEGER, phase INTEGER) WITHOUT ROWID;
CREATE TABLE frames (stream TEXT, segment INTEGER, step INTEGER, event BLOB);
CREATE UNIQUE INDEX frames_of ON frames (stream, segment, step);
CREATE TABLE rows (
    id INTEGER PRIMARY KEY, stream TEXT, segment INTEGER, step INTEGER, wall REAL, key TEXT, row TEXT);
CREATE INDEX rows_of ON rows (stream, id);
CREATE UNIQUE INDEX rows_by_key ON rows (stream, key, segment) WHERE key IS NOT NULL;
CREATE TABLE records (
    id INTEGER PRIMARY KEY, kind TEXT, stream TEXT, segment INTEGER, step INTEGER, wall REAL, event BLOB);
CREATE INDEX records_of ON records (kind, id);
CREATE TABLE artifacts (
    id INTEGER PRIMARY KEY, segment INTEGER, step INTEGER, wall REAL, name TEXT, kind TEXT, path TEXT, bytes INTEGER,
    sha256 TEXT);
CREATE TABLE checkpoints (path TEXT PRIMARY KEY, segment INTEGER, step INTEGER, wall REAL, kept TEXT) WITHOUT ROWID;
CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, data BLOB);
"""


def create(folder: Path) -> sqlite3.Connection:
    """A new run file in `folder`, with its tables; the first change is synced with it. Raises sqlite3.Error."""
    db = sqlite3.connect(folder / FILE, timeout=_WAIT, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
    return db


def open_to_write(folder: Path) -> sqlite3.Connection:
    """The connection of the run's one writer; may be used from another thread.

    Raises UserError as `open_to_read` does, and for a file that cannot be written.
    """
    path = _existing(folder)
    db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        _check_version(db, folder)
        db.execute("PRAGMA synchronous = NORMAL")
    except (*UNREADABLE, UserError) as error:
        db.close()
        if isinstance(error, sqlite3.OperationalError):
            raise unwritable(folder, error) from error
        raise error if isinstance(error, UserError) else damaged(folder, error) from error
    return db


def open_to_read(folder: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises UserError for a file that is missing, damaged or of a newer program."""
    path = _existing(folder)
    try:
        db = _connect(path)
    except UNREADABLE as error:
        raise damaged(folder, error) from error
    try:
        _check_version(db, folder)
    except (*UNREADABLE, UserError) as error:
        db.close()
        raise error if isinstance(error, UserError) else damaged(folder, error) from error
    return db


def _connect(path: Path) -> sqlite3.Connection:
    """Opened as for writing, and then forbidden to: so the last reader tidies up the log of a writer that died.

    In a folder that cannot be written SQLite has no place for its log; without a log the file alone is the whole.
    """
    uri = path.resolve().as_uri()
    try:
        return _forbidden(f"{uri}?mode=rw")
    except sqlite3.OperationalError:
        log = path.with_name(f"{FILE}-wal")
        if log.exists() and log.stat().st_size:
            raise
        return _forbidden(f"{uri}?immutable=1")


def _forbidden(uri: str) -> sqlite3.Connection:
    db = sqlite3.connect(uri, timeout=_WAIT, uri=True, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA query_only = 1")
        db.execute("SELECT count(*) FROM sqlite_master")
    except UNREADABLE:
        db.close()
        raise
    return db


def _existing(folder: Path) -> Path:
    path = folder / FILE
    if not path.is_file():
        raise UserError(T("There is no run in {folder}: it has no {file}.", folder=folder, file=FILE))
    return path


def _check_version(db: sqlite3.Connection, folder: Path) -> None:
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        text = T("Run {run} was written by a newer version of the program.", run=folder.name)
        raise UserError(text, remedy=T("Update the program."))
    if found < VERSION:
        raise sqlite3.DatabaseError("no tables of a run")


def damaged(folder: Path, error: Exception) -> UserError:
    """What a person reads when the run's file cannot be read."""
    text = T("The file of run {run} cannot be read: {why}.", run=folder.name, why=error)
    return UserError(text, remedy=T("Restore {path} from a copy, or delete the run.", path=folder / FILE))


def unwritable(folder: Path, error: Exception) -> UserError:
    """What a person reads when the run's file cannot be written."""
    name = getattr(error, "sqlite_errorname", "")
    if "FULL" in name or "WRITE" in name:
        remedy = T("Free some space on the disk of {path}; the run can then be resumed.", path=folder)
    elif "READONLY" in name or "PERM" in name or "CANTOPEN" in name:
        remedy = T("Make {path} writable; the run can then be resumed.", path=folder)
    else:
        remedy = T("Check the disk of {path}; the run can then be resumed.", path=folder)
    return UserError(T("The record of run {run} cannot be written: {why}.", run=folder.name, why=error), remedy)


# ------------------------------------------------------------------------------------ values as JSON


def plain(value: Any) -> Any:
    """`value` ready for JSON: texts by `to_json`, mappings and sequences walked."""
    if isinstance(value, Text):
        return value.to_json()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def to_text(value: Any) -> str:
    """`value` as it lies in a column. Raises ValueError for what is not JSON."""
    try:
        text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    except TypeError as error:
        raise ValueError(str(error)) from None
    # half a pair of surrogates, as damaged corpora hold, cannot be stored as it is
    return text if is_unicode(text) else json.dumps(plain(value), separators=(",", ":"))


def is_unicode(text: str) -> bool:
    """Whether `text` can be written as it is: no half a pair of surrogates is in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def insert(db: sqlite3.Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Executes `sql`, which ends with VALUES, for rows of the same length, with as few statements as can be: each takes
    the interpreter lock from the job, and `executemany` executes one for each row."""
    if not rows:
        return
    size = _VARIABLES // len(rows[0])
    places = f"({', '.join('?' * len(rows[0]))})"
    for at in range(0, len(rows), size):
        part = rows[at : at + size]
        db.execute(f"{sql} {', '.join([places] * len(part))}", [*chain.from_iterable(part)])


def put_facts(db: sqlite3.Connection, facts: Mapping[str, Any]) -> None:
    """Writes facts into `meta`; a fact that is there already is replaced."""
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(k, to_text(v)) for k, v in facts.items()])
