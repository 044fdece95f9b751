"""Documents on the disk, and unsaved changes that outlive a crash. Everything here is called off the GUI thread."""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from workbench.errors import UserError
from workbench.runs.owner import has_ended, this_program
from workbench.texts import T

Read = Callable[[Path], Any]
Write = Callable[[Any, Path], None]
Stamp = tuple[int, int] | None
"""Tells one state of a file from others: time and size; None where there is no file."""
_ABOUT, _OWNER = "about.json", "owner.json"
_SILENCE = 86_400.0
"""Seconds after which a draft of another machine is taken: of its window nobody here knows, and this machine may have
had another name."""


class OvertakenError(UserError):
    """Another program has changed the file."""


@dataclass(frozen=True)
class Found:
    """A document that was read. path: its file, None where it has none. saved: whether the file holds it. state: of
    the view, as it was."""

    document: Any
    path: Path | None = None
    stamp: Stamp = None
    saved: bool = True
    state: Mapping[str, Any] = field(default_factory=dict)


def stamp_of(path: Path) -> Stamp:
    """The present state of a file."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def opened(read: Read, path: Path) -> Found:
    """Reads a document. Raises UserError for a file that cannot be read; what `read` raises stays as it is."""
    stamp = stamp_of(path)
    try:
        return Found(read(path), path, stamp)
    except OSError as error:
        raise UserError(T("{file} cannot be read: {problem}.", file=path.name, problem=_why(error))) from error


def saved(write: Write, document: Any, path: Path, expected: Stamp, force: bool) -> Stamp:
    """Writes a document, whole or not at all, and gives the file's new state. expected: the state that is replaced.

    Raises OvertakenError where the file is in another state, unless `force`; UserError where it cannot be written.
    """
    if not force and stamp_of(path) != expected:
        raise OvertakenError(T("{file} was changed by another program.", file=path.name))
    try:
        put_whole(write, document, path)
    except OSError as error:
        text = T("{file} cannot be written: {problem}.", file=path.name, problem=_why(error))
        raise UserError(text, remedy=T("Save it under another name or in another folder.")) from error
    return stamp_of(path)


def put_whole(write: Write, document: Any, path: Path) -> None:
    """Writes beside the file, to the disk, then takes its place; a link stays a link, rights stay as they were."""
    target = path.resolve()
    new = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    try:
        write(document, new)
        with new.open("rb+") as stream:
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, new)
        new.replace(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


class Drafts:
    """Unsaved changes of a tool's documents: for each window a folder with `document-N`, named by `about.json`, and the
    program in `owner.json`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = folder / f"{os.getpid()}-{uuid4().hex[:8]}"  # numbers of processes are given again
        self._count = 0

    def keep(self, write: Write, document: Any, path: Path | None, stamp: Stamp, state: Mapping[str, Any]) -> None:
        """Takes the place of what was kept before. Raises OSError, and what `write` raises."""
        if not self._own.is_dir():
            self._own.mkdir(parents=True)
            self._claim()
        self._count += 1
        name = f"document-{self._count}{path.suffix if path else ''}"
        put_whole(write, document, self._own / name)
        about = {"file": name, "path": str(path) if path else None, "stamp": stamp, "state": state}
        put_whole(_write_json, about, self._own / _ABOUT)
        for each in self._own.glob("document-*"):
            if each.name != name:
                each.unlink()

    def drop(self) -> None:
        """The changes were saved, or nobody wants them."""
        shutil.rmtree(self._own, ignore_errors=True)

    def left(self, read: Read) -> Found | None:
        """The newest changes that a window left when it crashed; from now on they are this window's.

        Raises UserError for changes that cannot be read: they are put aside.
        """
        for folder in self._abandoned():
            try:
                folder.rename(self._own)
            except OSError:
                continue  # another window was faster
            with suppress(OSError):
                self._claim()
            return self._taken(read)
        return None

    def _claim(self) -> None:
        put_whole(_write_json, this_program(), self._own / _OWNER)

    def _taken(self, read: Read) -> Found:
        try:
            about = json.loads((self._own / _ABOUT).read_text("utf-8"))
            stamp = tuple(about["stamp"]) if about["stamp"] else None
            path = Path(about["path"]) if about["path"] else None
            return Found(read(self._own / about["file"]), path, stamp, False, about["state"])
        except Exception as error:
            aside = self._folder / f"damaged-{self._own.name}"
            self._own.rename(aside)
            text = T("Changes that were not saved before a crash cannot be read.")
            raise UserError(text, remedy=T("They lie in {folder}.", folder=aside)) from error

    def _abandoned(self) -> Iterator[Path]:
        """Newest first."""
        found = [each for each in self._folder.glob("[0-9]*") if each.is_dir() and _is_left(each)]
        yield from sorted(found, key=_age)


def _is_left(folder: Path) -> bool:
    """Whether the window whose draft this is has ended, or died before it could say who it is."""
    try:
        owner = json.loads((folder / _OWNER).read_text("utf-8"))
        return has_ended(owner) if owner["host"] == platform.node() else _age(folder) > _SILENCE
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _age(folder: Path) -> float:
    """Seconds since a draft was written there; endless where it is gone."""
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return math.inf


def _write_json(value: Any, path: Path) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def same(one: str | Path, other: str | Path) -> bool:
    """Whether two names are of one file, as far as names tell: nothing is looked up."""
    names = [os.path.abspath(each) for each in (one, other)]  # noqa: PTH100 - Path.resolve would look them up
    return names[0] == names[1] if sys.platform != "win32" else names[0].casefold() == names[1].casefold()
