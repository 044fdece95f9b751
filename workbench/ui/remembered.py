"""What the window remembers: how it was arranged and what was typed. One JSON file, written off the GUI thread."""

from __future__ import annotations

import base64
import json
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QTimer

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.background import Background

VERSION = 1
"""Of the file; one of another version is not read."""
_DELAY = 250
"""Milliseconds after the first change until it is written: so much a crash can take."""
_LANE = "files"
log = logging.getLogger(__name__)


class Remembered(QObject):
    """Values by key, JSON. What is put is written soon after, all at once."""

    def __init__(self, file: Path, background: Background) -> None:
        """Reads the file: make it before the window is shown."""
        super().__init__()
        self._file, self._background = file, background
        self._values: dict[str, Any] = {}
        self.damage: UserError | None = None
        """Why nothing is remembered, where it should be."""
        try:
            self._values = _read(file)
        except UserError as error:
            self.damage = error
        self._timer = QTimer(self, singleShot=True, interval=_DELAY)
        self._timer.timeout.connect(self.write)

    def get(self, key: str, default: Any = None, kind: type = object) -> Any:
        """The value, or the default where there is none, or one of another kind."""
        found = self._values.get(key, default)
        return found if isinstance(found, kind) else default

    def texts(self, key: str) -> list[str]:
        """A list of texts; without what is none."""
        return [each for each in self.get(key, [], list) if isinstance(each, str)]

    def put(self, key: str, value: Any) -> None:
        """Keeps a JSON value."""
        if self._values.get(key) != value:
            self._values[key] = value
            if not self._timer.isActive():  # not begun again at every change: who goes on typing is kept too
                self._timer.start()

    def write(self) -> None:
        """Writes now, in a lane."""
        self._timer.stop()
        text = json.dumps({"version": VERSION, "values": self._values}, ensure_ascii=False, indent=1)
        self._background.do(lambda: _write(self._file, text), failed=_log, lane=_LANE)


def as_text(state: QByteArray) -> str:
    """A state of Qt's as it lies in the file."""
    return base64.b64encode(state.data()).decode("ascii")


def as_state(text: Any) -> QByteArray:
    """The reverse; empty for what is none."""
    try:
        return QByteArray(base64.b64decode(text))
    except (TypeError, ValueError):
        return QByteArray()


def sizes(value: Any, default: Sequence[int]) -> list[int]:
    """The sizes of a splitter's parts, as many as in the default, which stands for what is none."""
    fine = isinstance(value, list) and len(value) == len(default) and all(type(each) is int for each in value)
    return list(value if fine else default)


def _read(file: Path) -> dict[str, Any]:
    """What is remembered; nothing where there is no file. One that cannot be read is put aside, for what was typed lies
    in it: UserError says where."""
    try:
        found = json.loads(file.read_text("utf-8"))
        if found["version"] != VERSION:
            raise ValueError(f"version {found['version']}")
        return dict(found["values"])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _put_aside(file, error) from error


def _put_aside(file: Path, error: Exception) -> UserError:
    aside = file.with_name(f"{file.stem}-{time.strftime('%Y%m%d-%H%M%S')}.damaged")
    why = f"{type(error).__name__}: {error}"
    text = T("How the window was arranged and what was typed cannot be read: {why}.", why=why)
    try:
        file.replace(aside)
    except OSError as refused:
        log.warning("%s could not be put aside: %s", file, refused)
        return UserError(text, remedy=T("Mend or delete {path}.", path=file))
    return UserError(text, remedy=T("It lies in {path}; the window begins anew.", path=aside))


def _write(file: Path, text: str) -> None:
    """Synced under another name first: after a crash the old text is there or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with new.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def _log(error: Exception) -> None:
    log.warning("the arrangement of the window was not kept: %s", error)
