"""Takes in a run that came as one file (`workbench.runs.sharing`): nothing in it is believed before it was checked.

A file that is refused leaves nothing behind: the run is built under a hidden name and appears when all is well.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.errors import UserError
from workbench.runs import labels, schema
from workbench.runs.facts import MISREAD
from workbench.runs.frames import read_table_files
from workbench.runs.reader import Reader
from workbench.runs.sharing import FOLDERS, FORMAT, ID, MANIFEST, may_be_table
from workbench.runs.workspace import Workspace, new_ids
from workbench.texts import T

MOST_FILES, MOST_BYTES = 50_000, 64 << 30
"""In one shared run."""
_MOST_MANIFEST, _MOST_LABELS = 32 << 20, 4 << 20
_SWELL, _FREE = 200, 1 << 30
"""A file may grow to this many times its size when it is unpacked; below a gibibyte, freely."""
_PIECE = 1 << 20
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PART = re.compile(r"[^\\/:*?\"<>|\x00-\x1f]{1,200}")
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device."""
_STATES = frozenset({"running", "paused", "stopping", "stopped", "done", "failed", "cancelled"})
_FACTS: Mapping[str, tuple[type, ...]] = {
    "tool": (str,), "plugin": (str,), "plugin_version": (str,), "declaration": (dict,), "params": (dict,),
    "seed": (int,), "device": (str,), "threads": (int,), "versions": (dict,), "preset": (str,), "group": (str,),
    "command": (str,), "state": (str,), "created": (int, float),
}  # fmt: skip
_OPEN: Mapping[str, tuple[str, ...]] = {
    "segments": ("parent", "reason", "until"), "links": ("step",), "rows": ("key",), "artifacts": ("bytes", "sha256"),
}  # fmt: skip
"""The columns that may be empty."""
Members = Mapping[str, tuple[zipfile.ZipInfo, str]]
"""The files to be unpacked by name, with their digests."""


@dataclass(frozen=True)
class Arrived:
    """A run that was taken in. wanted: the id that it had; where another run has that, `folder` is called otherwise."""

    folder: Path
    wanted: str

    @property
    def renamed(self) -> bool:
        """Whether it has another id than before."""
        return self.folder.name != self.wanted


def take_in(workspace: Workspace, file: Path) -> Arrived:
    """Puts a shared run into a workspace, under its own id where that is free.

    Raises UserError for a file that is no shared run, was made by a newer program, is damaged, or asks for what no
    run needs; and where the workspace cannot be written.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            members = _members(archive, manifest, file.stat().st_size)
            _check_room(workspace, members)
            wanted = str(manifest["id"])
            folder = workspace.make(_names(wanted), lambda place, name: _build(archive, members, place, name))
    except _Refused as error:
        raise UserError(T("{file} cannot be taken in: {why}", file=file.name, why=error.why), error.remedy) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        why = T("{file} is no shared run, or damaged: {why}.", file=file.name, why=error)
        raise UserError(why, remedy=T("Ask for the file again.")) from error
    except OSError as error:
        text = T("{file} cannot be read: {why}.", file=file, why=error.strerror or str(error))
        raise UserError(text) from error
    return Arrived(folder, wanted)


class _Refused(Exception):  # noqa: N818 - no error of ours: a file that is not what it should be
    def __init__(self, why: str, remedy: str = T("Ask for the file again.")) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


# ------------------------------------------------------------------ before anything is unpacked


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    infos = {each.filename: each for each in archive.infolist()}
    info = infos.get(MANIFEST)
    if info is None:
        raise _Refused(T("it is no shared run."))
    if any(each.flag_bits & 1 or each.compress_type not in _PACKED for each in infos.values()):
        raise _Refused(T("it is encrypted, or packed in a way that is not ours."))
    if info.file_size > _MOST_MANIFEST:
        raise _Refused(T("its table of contents is too large."))
    with archive.open(info) as source:
        found = _json(source.read(_MOST_MANIFEST + 1))
    if not isinstance(found, dict) or not isinstance(found.get("format"), int):
        raise _Refused(T("its table of contents makes no sense."))
    if found["format"] > FORMAT:
        raise _Refused(T("it was made by a newer version of the program."), T("Update the program."))
    if not isinstance(found.get("id"), str) or not ID.fullmatch(found["id"]):
        raise _Refused(T("its id is none."))
    if not isinstance(found.get("files"), dict):
        raise _Refused(T("its table of contents makes no sense."))
    return found


def _members(archive: zipfile.ZipFile, manifest: Mapping[str, Any], size: int) -> Members:
    """The files to be unpacked, with their digests."""
    infos = [each for each in archive.infolist() if each.filename != MANIFEST]
    described = manifest["files"]
    if len(infos) > MOST_FILES:
        raise _Refused(T("it holds more than {most} files.", most=MOST_FILES))
    total = sum(each.file_size for each in infos)
    if total > MOST_BYTES or (total > _FREE and total > _SWELL * size):
        raise _Refused(T("unpacked it would be too large ({gigabytes} GB).", gigabytes=round(total / 1e9, 1)))
    names = [each.filename for each in infos]
    folded = {name.casefold() for name in names}
    if len(folded) != len(names) or set(names) != set(described) or schema.FILE not in described:
        raise _Refused(T("its files are not those of its table of contents."))
    return {each.filename: (each, _described(each, described[each.filename])) for each in infos}


def _described(info: zipfile.ZipInfo, found: Any) -> str:
    """The digest of a file that may be unpacked."""
    name = info.filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if not _harmless(name) or info.is_dir() or kind not in (0, stat.S_IFREG):
        raise _Refused(T("it holds “{name}”, which has no place in a run.", name=name[:100]))
    if name == labels.FILE and info.file_size > _MOST_LABELS:
        raise _Refused(T("it holds “{name}”, which has no place in a run.", name=name))
    if not isinstance(found, dict) or found.get("bytes") != info.file_size or not isinstance(found.get("sha256"), str):
        raise _Refused(T("its table of contents makes no sense."))
    return str(found["sha256"])


def _harmless(name: str) -> bool:
    """Whether a file of this name lies inside the run's folder, on every system, where such files may lie."""
    parts = name.split("/")
    plain = all(_PART.fullmatch(part) and part.strip(". ") and part[-1] not in ". " for part in parts)
    return plain and len(parts) <= 20 and len(name) <= 500 and (_is_known(name) or _may_be_table(parts))


def _is_known(name: str) -> bool:
    """Whether every run has such a file. Any other must be a table that its record names."""
    return name in (schema.FILE, labels.FILE) or name.startswith(tuple(f"{each}/" for each in FOLDERS))


def _may_be_table(parts: list[str]) -> bool:
    return may_be_table(parts[0]) and not any(map(_DEVICE.fullmatch, parts))


def _check_room(workspace: Workspace, members: Members) -> None:
    place = next(each for each in (workspace.runs, *workspace.runs.parents) if each.exists())
    need, free = sum(info.file_size for info, _ in members.values()), shutil.disk_usage(place).free
    if need > free:
        numbers = {"need": round(need / 1e9, 1), "free": round(free / 1e9, 1)}
        why = T("it needs {need} GB, and {free} GB are free.", **numbers)
        raise _Refused(why, T("Free some space on the disk of {path}.", path=workspace.root))


def _names(wanted: str) -> Iterable[str]:
    """Its own id, then others of the same tool and time."""
    date, clock, rest = wanted.split("-", 2)
    tool = rest.rpartition("-")[0] or rest
    return chain([wanted], (f"{date}-{clock}-{each.split('-', 2)[2]}" for each in new_ids(tool)))


# ------------------------------------------------------------------ unpacking


def _build(archive: zipfile.ZipFile, members: Members, place: Path, name: str) -> None:
    (place / "lock").touch()
    for each in FOLDERS:
        (place / each).mkdir()
    for path, (info, digest) in members.items():
        _unpack(archive, info, place / path, digest)
    _check_record(place, members)
    _check_labels(place)
    with closing(sqlite3.connect(place / schema.FILE, isolation_level=None)) as db:
        schema.put_facts(db, {"id": name})
        db.execute("PRAGMA journal_mode = WAL")


def _check_labels(place: Path) -> None:
    try:
        labels.read(place)
    except UserError as error:  # it names a folder that is gone when a person reads it
        raise _Refused(T("its file {name} is damaged.", name=labels.FILE)) from error


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, digest: str) -> None:
    """Never writes more than was said, whatever comes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    found, left = hashlib.sha256(), info.file_size
    with archive.open(info) as source, target.open("xb") as out:
        while piece := source.read(_PIECE):
            left -= len(piece)
            if left < 0:
                break
            found.update(piece)
            out.write(piece)
    if left or found.hexdigest() != digest:
        raise _Refused(T("its file {name} is damaged.", name=info.filename))


# ------------------------------------------------------------------ the record


def _check_record(place: Path, members: Iterable[str]) -> None:
    """The tables are exactly a run's, their content is sound, and they name nothing outside the run."""
    try:
        with closing(schema.open_to_read(place)) as db:
            db.execute("PRAGMA trusted_schema = OFF")
            if _tables(db) != _expected() or db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise _Refused(T("its record is damaged."))
            _check_facts({key: _json(text) for key, text in db.execute("SELECT key, value FROM meta")})
            _check_types(db)
            _check_paths(db, {PurePosixPath(each) for each in members})
            _check_tables(db, members)
        _check_reading(place)
    except schema.UNREADABLE as error:
        raise _Refused(T("its record is damaged.")) from error


def _tables(db: sqlite3.Connection) -> set[tuple[Any, ...]]:
    return set(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"))


def _expected() -> set[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(schema.TABLES)
        return _tables(db)


def _check_facts(facts: Mapping[str, Any]) -> None:
    sound = all(isinstance(facts.get(name), types) for name, types in _FACTS.items())
    if not sound or facts["state"] not in _STATES:
        raise _Refused(T("its record is damaged."))


def _check_types(db: sqlite3.Connection) -> None:
    """SQLite lets anything lie in any column: each must hold what it is declared for."""
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = db.execute("SELECT name, lower(type) FROM pragma_table_info(?)", (table,)).fetchall()
        wrong = " OR ".join(_wrong(table, column, kind) for column, kind in columns if kind)
        if wrong and db.execute(f'SELECT 1 FROM "{table}" WHERE {wrong} LIMIT 1').fetchone():
            raise _Refused(T("its record is damaged."))


def _wrong(table: str, column: str, kind: str) -> str:
    """When a column holds what it must not."""
    other = f"""typeof("{column}") <> '{kind}'"""
    return f'({other} AND "{column}" IS NOT NULL)' if column in _OPEN.get(table, ()) else other


def _check_reading(place: Path) -> None:
    """What is shown of every run can be read."""
    try:
        with closing(Reader(place)) as run:
            _ = run.header, run.created, run.seconds, run.error, run.now
            _ = run.last(), run.checkpoints(), run.artifacts(), run.notices(), run.changes()
    except UserError as error:
        raise _Refused(T("its record is damaged.")) from error


def _check_paths(db: sqlite3.Connection, members: set[PurePosixPath]) -> None:
    folders = {parent for each in members for parent in each.parents} | members
    named = db.execute("SELECT path FROM checkpoints UNION ALL SELECT 'artifacts/' || path FROM artifacts")
    for path in (PurePosixPath(each) for (each,) in named):
        if path not in folders or len(path.parts) < 2:
            raise _Refused(T("its record names “{name}”, which it does not hold.", name=str(path)[:100]))


def _check_tables(db: sqlite3.Connection, members: Iterable[str]) -> None:
    """What lies where tables do is one. A table that is missing was missing already where the run was shared."""
    try:
        named = set(read_table_files(db))
    except MISREAD as error:
        raise _Refused(T("its record is damaged.")) from error
    for name in members:
        if not _is_known(name) and name not in named:
            raise _Refused(T("it holds “{name}”, which has no place in a run.", name=name[:100]))


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise _Refused(T("its record is damaged.")) from None
