"""Runs that were deleted: out of sight at once, brought back on wish, gone when the program ends.

They lie in the workspace under `trash/`, in a folder of the program's own. What a program that died has left there is
swept away by the next one.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from workbench.errors import UserError
from workbench.runs.facts import RunFacts
from workbench.runs.lock import writer
from workbench.runs.owner import has_ended, this_program
from workbench.runs.workspace import Workspace, is_folder
from workbench.texts import T

BUSY = frozenset({"queued", "running", "paused", "stopping"})
"""States in which a run is written, or soon will be."""
Moved = tuple[list[Path], UserError | None]
"""The runs that were moved, and why the first of the others was not."""
_OWNER = "owner.json"
_OPEN_FILES_HOLD = os.name == "nt"
"""Whether a folder cannot be moved while a file in it is open, as its lock is."""


class Trash:
    """What one program has deleted in a workspace. One thread at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = workspace.root / "trash" / secrets.token_hex(8)

    def put(self, folders: Sequence[Path]) -> Moved:
        """Deletes runs; they can be brought back. One that is written or cannot be moved stays."""
        return _each(self._put, folders)

    def bring_back(self, folders: Sequence[Path]) -> Moved:
        """The runs are where they were; not one that is in the trash no more, or has another in its place."""
        return _each(self._bring_back, folders)

    def empty(self) -> None:
        """Deletes for good. What cannot be deleted now is swept away later."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if is_folder(self._folder.parent) and not any(self._folder.parent.iterdir()):
            self._folder.parent.rmdir()

    def sweep(self) -> None:
        """Deletes for good what programs have left that are no more. Raises UserError, at the end, for what nobody can
        tell whose it is."""
        unknown = []
        for each in self._folder.parent.glob("*/" + _OWNER) if is_folder(self._folder.parent) else ():
            try:
                if has_ended(json.loads(each.read_text("utf-8"))):
                    shutil.rmtree(each.parent, ignore_errors=True)
            except FileNotFoundError:
                continue  # another program has just deleted it
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                unknown.append(str(each.parent))
        if unknown:
            text = T("Who deleted the runs in {folders} cannot be told: they stay there.", folders=", ".join(unknown))
            raise UserError(text, remedy=T("Move them to the runs, or delete the folder."))

    def _put(self, folder: Path) -> None:
        if _busy(folder):
            text = T("Run {run} is being written and cannot be deleted.", run=folder.name)
            raise UserError(text, remedy=T("Wait until it has ended, or stop it first."))
        with ExitStack() as held:
            held.enter_context(writer(folder))
            self._claim(folder)
            if _OPEN_FILES_HOLD:
                held.close()
            _move(folder, self._folder / folder.name)

    def _bring_back(self, folder: Path) -> None:
        hidden = self._folder / folder.name
        if not hidden.is_dir() or folder.exists():
            raise UserError(T("Run {run} cannot be brought back.", run=folder.name))
        _move(hidden, folder)

    def _claim(self, folder: Path) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new = self._folder / f".{_OWNER}"
            new.write_text(json.dumps(this_program()), "utf-8")
            new.replace(self._folder / _OWNER)  # in one stroke: nobody ever reads half of it
        except OSError as error:
            raise _immovable(folder, error) from error


def _each(move: Callable[[Path], object], folders: Sequence[Path]) -> Moved:
    moved: list[Path] = []
    refused: list[UserError] = []
    for folder in folders:
        try:
            move(folder)
            moved.append(folder)
        except UserError as error:
            refused.append(error)
    return moved, next(iter(refused), None)


def _move(source: Path, target: Path) -> None:
    """In one stroke: nobody ever finds half a run."""
    try:
        source.rename(target)
    except OSError as error:
        raise _immovable(source, error) from error


def _immovable(folder: Path, error: OSError) -> UserError:
    text = T("Run {run} cannot be moved: {why}.", run=folder.name, why=error.strerror or str(error))
    return UserError(text, remedy=T("Make the folder {path} writable.", path=folder.parent))


def _busy(folder: Path) -> bool:
    try:
        run = RunFacts(folder)
    except UserError:
        if not folder.is_dir():
            raise
        return False  # damaged: nobody writes it
    try:
        return run.state in BUSY
    finally:
        run.close()
