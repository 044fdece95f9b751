"""A workspace: a folder of runs. Never locked as a whole: window and command line share it."""

from __future__ import annotations

import errno
import math
import re
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

from workbench.errors import UserError
from workbench.runs import schema
from workbench.runs.arrays import Arrays
from workbench.runs.facts import RunFacts
from workbench.runs.owner import this_program
from workbench.runs.records import Header, Link, Relation
from workbench.texts import T

__all__ = ["Header", "Link", "Relation", "Workspace"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_ANOTHER = T("Choose another folder with --workspace or in the settings.")
_NO_NAME = (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
"""What the system says of a path that can never be a folder's."""
LAST = "@last"
"""The name of the newest run."""
_WESTERNMOST = 12 * 3600.0
"""Seconds that a clock on earth may be behind UTC."""
_SLACK = 1.0
"""Seconds that making a run may take."""


class Workspace:
    """The runs under `root`. Nothing is created until the first run is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.runs = root / "runs"
        self.cache = root / "cache"

    @property
    def is_there(self) -> bool:
        """Whether its folder was made already."""
        return is_folder(self.root)

    def create(self, header: Header, arrays: Arrays | None = None) -> Path:
        """Makes a run in the state "queued" and returns its folder. arrays: what `header.params` refer to.

        Raises UserError when the workspace is read-only, full, or where no folder is.
        """
        return self.make(new_ids(header.tool), lambda folder, name: _fill(folder, name, header, arrays))

    def make(self, names: Iterable[str], fill: Callable[[Path, str], object]) -> Path:
        """Makes a run by `fill(folder, name)`, under the first of the names that is free, and returns its folder.

        The folder is built under a hidden name and then renamed: it is there whole or not at all. Raises UserError
        as `create` does, and whatever `fill` raises.
        """
        new = not self.is_there
        try:
            self.root.mkdir(exist_ok=True)
            self.runs.mkdir(exist_ok=True)
            return self._make(names, fill)
        except (OSError, sqlite3.Error) as error:
            if new:
                self._remove_empty()
            why = _why(error)
            text = T("No run can be made in the workspace {root}: {why}.", root=self.root, why=why)
            raise UserError(text, remedy=self._remedy(error)) from error

    def _make(self, names: Iterable[str], fill: Callable[[Path, str], object]) -> Path:
        for name in names:
            folder, hidden = self.runs / name, self.runs / f".{name}"
            if folder.exists() or not _claimed(hidden):
                continue
            try:
                fill(hidden, name)
                return hidden.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
            finally:
                shutil.rmtree(hidden, ignore_errors=True)
        raise UserError(T("There is no free name for the run."))

    def find(self, name: str) -> Path:
        """The folder of the run with this id, unique prefix of an id, or "@last". Raises UserError."""
        folders = self.folders()
        if name == LAST and folders:
            return _newest(folders)
        found = [each for each in folders if each.name == name] or [
            each for each in folders if name and each.name.startswith(name)
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            text = T("There is no run {name} in {root}.", name=name, root=self.root)
            raise UserError(text, remedy=T("`workbench runs` lists those there are."))
        names = ", ".join(each.name for each in found[:8]) + (", …" if len(found) > 8 else "")
        text = T("{name} names several runs: {names}.", name=name, names=names)
        raise UserError(text, remedy=T("Write more of the id."))

    def folders(self) -> list[Path]:
        """The folders of all runs, newest first: by the time in their ids, within a second by when they were made.

        Raises UserError where they cannot be listed; where there is no workspace yet, there are none.
        """
        try:
            entries = list(self.runs.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            text = T("The workspace {root} cannot be read: {why}.", root=self.root, why=_why(error))
            raise UserError(text, remedy=_ANOTHER) from error
        found = [each for each in entries if not each.name.startswith(".") and is_folder(each)]
        return sorted(found, key=_age, reverse=True)

    def _remove_empty(self) -> None:
        """Another program may have made a run here meanwhile: only empty folders go."""
        for folder in (self.runs, self.root):
            with suppress(OSError):
                folder.rmdir()

    def _remedy(self, error: Exception) -> str:
        if isinstance(error, FileNotFoundError):
            return T("Create the folder {parent} first, or choose another workspace.", parent=self.root.parent)
        if isinstance(error, FileExistsError | NotADirectoryError) or getattr(error, "errno", 0) in _NO_NAME:
            return _ANOTHER
        return T("Make it writable, free some space on its disk, or choose another workspace.")


def new_ids(tool: str, at: float | None = None) -> Iterator[str]:
    """E.g. 20261122-215045-gan-k3f9: local time, tool, four random characters; ever others. at: another time."""
    name = re.sub(r"[^\w-]", "-", tool)
    for _ in repeat(None):
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(at))
        yield f"{stamp}-{name}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"


def _claimed(folder: Path) -> bool:
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


def _age(folder: Path) -> tuple[str, int, str]:
    """Sorts runs by age. The lock's file is made with the run and never changed."""
    try:
        made = (folder / "lock").stat().st_mtime_ns
    except OSError:
        made = 0
    return folder.name[:15], made, folder.name


def _newest(folders: Iterable[Path]) -> Path:
    """The run that says it was made last, as runs are listed: the times in ids are those of different places.

    Few are asked, for most were surely made before one that was.
    """
    best = (-math.inf, "", Path())
    for latest, folder in sorted(((_latest(each), each) for each in folders), reverse=True):
        if latest < best[0]:
            break
        best = max(best, (_created(folder), folder.name, folder))
    return best[-1]


def _latest(folder: Path) -> float:
    """A run was not made later than this: somewhere on earth it was the time in its id, and its lock was there."""
    found = [math.inf]
    with suppress(ValueError):
        stamp = datetime.fromisoformat(folder.name[:15].replace("-", "T")).replace(tzinfo=UTC)
        found.append(stamp.timestamp() + _WESTERNMOST)
    with suppress(OSError):
        found.append((folder / "lock").stat().st_mtime)
    return min(found) + _SLACK


def _created(folder: Path) -> float:
    try:
        with closing(RunFacts(folder)) as run:
            return run.created
    except UserError:
        return when_changed(folder)


def when_changed(folder: Path) -> float:
    """When a damaged run was changed last, for it does not say when it was made; 0 where it is gone."""
    try:
        return min(max(folder.stat().st_mtime, 0.0), time.time())
    except OSError:
        return 0.0


def is_folder(path: Path) -> bool:
    """Whether there is a folder; one that the system does not let us look at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _why(error: Exception) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return T("a file is where a folder should be")
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _fill(folder: Path, name: str, header: Header, arrays: Arrays | None) -> None:
    (folder / "lock").touch()
    (folder / "checkpoints").mkdir()
    (folder / "artifacts").mkdir()
    now = time.time()
    facts = {"id": name, "created": now, "changed": now, "state": "queued", **asdict(header)}
    facts["owner"] = this_program()
    del facts["links"]
    with closing(schema.create(folder)) as db:
        db.execute("BEGIN")
        schema.put_facts(db, facts)
        rows = [(each.run, each.step, each.relation) for each in header.links]
        db.executemany("INSERT INTO links (run, step, relation) VALUES (?, ?, ?)", rows)
        if arrays is not None:
            arrays.copy_into(db)
        db.execute("COMMIT")
