"""Opening a folder in the system's own file manager. Call it in a lane: it starts a process."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from workbench.errors import UserError
from workbench.texts import T

_OPENERS = {"darwin": "open", "win32": "explorer"}
_PATIENCE = 5.0
"""Seconds in which an opener says that it could not."""


def open_folder(folder: Path) -> Path:
    """Makes the folder unless it is there, and shows it. Raises UserError where nothing can show it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opener = subprocess.Popen(
            [_OPENERS.get(sys.platform, "xdg-open"), str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise _refused(folder, error.strerror or str(error)) from error
    with suppress(subprocess.TimeoutExpired):  # a file manager that stays has shown it
        status = opener.wait(_PATIENCE)
        if status and sys.platform != "win32":  # Windows' own says 1 when all is well
            raise _refused(folder, f"xdg-open: {status}")
    return folder


def _refused(folder: Path, problem: str) -> UserError:
    text = T("The folder {folder} cannot be shown: {problem}.", folder=folder, problem=problem)
    return UserError(text, remedy=T("Open it with your file manager."))
