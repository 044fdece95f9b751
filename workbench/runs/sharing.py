"""A run as one file: a zip with its record, its tables, its artifacts, and the checkpoints that were chosen.

It may be made while the run is written. Who takes such a file in trusts nobody: `workbench.runs.arrival`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

import workbench
from workbench.errors import UserError
from workbench.runs import labels, schema
from workbench.runs.exporters.files import written_through
from workbench.runs.facts import MISREAD, RunFacts
from workbench.runs.frames import read_table_files
from workbench.runs.tablefiles import copy_sqlite, relative
from workbench.texts import T

FORMAT = 1
MANIFEST = "workbench-run.json"
SUFFIX = ".run.zip"
FOLDERS = ("artifacts", "checkpoints")
"""The folders of a run that travel; its log and its locks do not."""
_OWN = frozenset({"lock", "log.txt", MANIFEST})
_SQLITE = b"SQLite format 3\0"
"""How its files begin."""
Checkpoints = Literal["none", "last", "all"]
CHOICES: tuple[Checkpoints, ...] = get_args(Checkpoints)
_PIECE = 1 << 20
ID = re.compile(r"[0-9]{8}-[0-9]{6}-[\w-]{1,100}")
"""What a run's id looks like."""
_FOREIGN = ("owner", "synced")
"""Facts that are true on the machine of the run alone."""


def file_for(folder: Path, target: Path) -> Path:
    """Which file a run is written into: this one, or in a folder one that is called by the run's id."""
    return target / f"{folder.name}{SUFFIX}" if target.is_dir() else target


def share(folder: Path, target: Path, checkpoints: Checkpoints = "last") -> Path:
    """Writes a run into one file and returns its path; into a folder under the run's id. last: the newest visible one.

    Raises UserError for a run that has not begun or is damaged, and where the file cannot be written.
    """
    file = file_for(folder, target)
    place = written_through(file)
    new = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with TemporaryDirectory(dir=place.parent, prefix=".share-") as scratch:
            copy = Path(scratch, schema.FILE)
            kept = _copy_record(folder, copy, checkpoints)
            tables = _copy_tables(folder, copy)
            _pack(folder, new, copy, kept, tables)
        new.replace(place)
    except OSError as error:
        text = T("{file} cannot be written: {why}.", file=file, why=error.strerror or str(error))
        raise UserError(text, remedy=T("Choose another folder, or free some space.")) from error
    finally:
        new.unlink(missing_ok=True)
    return file


def _copy_record(folder: Path, copy: Path, checkpoints: Checkpoints) -> list[str]:
    """Copies the record as it is at one moment; the paths of the checkpoints that its copy names."""
    run = RunFacts(folder)
    try:
        if run.state == "queued":
            text = T("Run {run} has not begun yet: there is nothing to share.", run=folder.name)
            raise UserError(text, remedy=T("Wait until it has begun."))
        with closing(schema.open_to_read(folder)) as source, closing(sqlite3.connect(copy)) as made:
            source.backup(made)
        chosen = _chosen(run, checkpoints)
    except sqlite3.Error as error:
        raise schema.damaged(folder, error) from error
    finally:
        run.close()
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        _cleanse(db, chosen)
    return chosen


def _chosen(run: RunFacts, checkpoints: Checkpoints) -> list[str]:
    """Those that are still there: a job that goes on may have dropped some since."""
    found = [each for each in run.checkpoints() if (run.folder / each.path).is_dir()]
    if checkpoints == "last":
        seen = [each for each in found if each.visible]
        found = sorted(seen, key=lambda each: (each.segment, each.step))[-1:]
    return [] if checkpoints == "none" else [each.path for each in found]


def _cleanse(db: sqlite3.Connection, kept: list[str]) -> None:
    """What stays behind is not named in the copy, and what is deleted is not left in its pages."""
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA secure_delete = ON")
    db.executemany("DELETE FROM meta WHERE key = ?", [(each,) for each in _FOREIGN])
    marks = ", ".join("?" * len(kept))
    db.execute(f"DELETE FROM checkpoints WHERE path NOT IN ({marks})", kept)


def may_be_table(name: str) -> bool:
    """Whether a table may lie under this name in a run's folder: none takes the place of the program's own files,
    where small letters and capitals are alike either."""
    folded = name.casefold()
    first = folded.partition("/")[0]
    return folded not in FOLDERS and first not in _OWN and not first.startswith((schema.FILE, labels.FILE))


def _copy_tables(folder: Path, record: Path) -> dict[str, Path]:
    """The files of tables by name, as they may be packed. One that is gone is gone there too."""
    with closing(sqlite3.connect(record)) as db:
        try:
            named = {relative(folder, Path(each)) for each in read_table_files(db)}
        except MISREAD as error:
            raise schema.damaged(folder, error) from error
    found = ((name, folder / name) for name in sorted(named) if may_be_table(name))
    return {
        name: _settled(path, record.with_name(f"table-{number}"))
        for number, (name, path) in enumerate(found) if path.is_file()
    }  # fmt: skip


def _settled(path: Path, copy: Path) -> Path:
    """A file that does not change while it is packed: of SQLite's, which a job may be writing, a copy."""
    with path.open("rb") as file:
        begin = file.read(len(_SQLITE))
    if begin != _SQLITE:
        return path
    copy_sqlite(path, copy)
    return copy


def _pack(folder: Path, file: Path, copy: Path, checkpoints: list[str], tables: Mapping[str, Path]) -> None:
    with closing(sqlite3.connect(copy)) as db:
        artifacts = [f"artifacts/{path}" for (path,) in db.execute("SELECT DISTINCT path FROM artifacts")]
        (own,) = db.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        described = {schema.FILE: _put(archive, copy, schema.FILE)}
        said = labels.read(folder)
        if said != labels.EMPTY:
            described[labels.FILE] = _put(archive, folder / labels.FILE, labels.FILE)
        for path in [*artifacts, *checkpoints]:
            described |= {name: _put(archive, each, name) for name, each in _files(folder, path)}
        described |= {name: _put(archive, each, name) for name, each in tables.items() if name not in described}
        name = (
            folder.name if ID.fullmatch(folder.name) else json.loads(own)
        )  # a copy of a folder may be called anything
        manifest = {"format": FORMAT, "id": name, "program": workbench.__version__, "files": described}
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo(MANIFEST), text, zipfile.ZIP_DEFLATED)


def _files(folder: Path, path: str) -> Iterator[tuple[str, Path]]:
    """The files of an artifact or checkpoint, which may be a folder, with their names in the archive."""
    whole = folder / path
    if not whole.exists():
        text = T("The file {path} of run {run} is missing.", path=path, run=folder.name)
        raise UserError(text, remedy=T("Repeat the run, then share that one."))
    for each in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
        if each.is_file():
            yield each.relative_to(folder).as_posix(), each


def _put(archive: zipfile.ZipFile, source: Path, name: str) -> dict[str, Any]:
    """Adds a file; how long it is, and its digest. Numbers of models do not get smaller: they lie as they are.

    A zip knows no time before 1980, where the clock of a machine begins that has no battery.
    """
    info = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if name.startswith(FOLDERS) else zipfile.ZIP_DEFLATED
    digest, length = hashlib.sha256(), 0
    with source.open("rb") as file, archive.open(info, "w") as out:
        while piece := file.read(_PIECE):
            digest.update(piece)
            length += len(piece)
            out.write(piece)
    return {"bytes": length, "sha256": digest.hexdigest()}
