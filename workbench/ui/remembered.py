"""What the window remembers of how it was arranged: one JSON file, written off the GUI thread."""

from __future__ import annotations

import base64
import json
import logging
import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QTimer

from workbench.ui.background import Background

VERSION = 1
"""Of the file; one of another version is not read."""
_DELAY = 800
_LANE = "files"
log = logging.getLogger(__name__)


class Remembered(QObject):
    """Values by key, JSON. What is put is written soon after, all at once."""

    def __init__(self, file: Path, background: Background) -> None:
        """Reads the file: make it before the window is shown."""
        super().__init__()
        self._file, self._background = file, background
        self._values = _read(file)
        self._timer = QTimer(self, singleShot=True, interval=_DELAY)
        self._timer.timeout.connect(self.write)

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or the default."""
        return self._values.get(key, default)

    def put(self, key: str, value: Any) -> None:
        """Keeps a JSON value."""
        if self._values.get(key) != value:
            self._values[key] = value
            self._timer.start()

    def write(self) -> None:
        """Writes now, in a lane."""
        self._timer.stop()
        text = json.dumps({"version": VERSION, "values": self._values}, ensure_ascii=False, indent=1)
        self._background.do(lambda: _write(self._file, text), failed=_log, lane=_LANE)


def as_text(state: QByteArray) -> str:
    """A state of Qt's as it lies in the file."""
    return base64.b64encode(state.data()).decode("ascii")


def as_state(text: str) -> QByteArray:
    """The reverse; empty for what is none."""
    try:
        return QByteArray(base64.b64decode(text))
    except ValueError:
        return QByteArray()


def _read(file: Path) -> dict[str, Any]:
    """What is remembered; nothing where the file is missing, damaged or of another version: it holds no work."""
    try:
        found = json.loads(file.read_text("utf-8"))
        return dict(found["values"]) if found["version"] == VERSION else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    new.write_text(text, "utf-8")
    new.replace(file)


def _log(error: Exception) -> None:
    log.warning("the arrangement of the window was not kept: %s", error)
