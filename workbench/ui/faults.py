"""What goes wrong in the window itself: it goes to the log and is said in a bar; the window lives on.

A crash of the whole program leaves its traceback in a file, which the next start finds.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from PySide6.QtCore import QObject, Qt, Signal, Slot

Owner = Callable[[TracebackType | None, str, str], bool]
"""Asked with an exception's traceback, in one sentence, in full."""
log = logging.getLogger(__name__)


class Faults(QObject):
    """`raised(summary, details)`, in the window's thread, for every exception that nobody caught, in any thread."""

    raised = Signal(str, str)
    _caught = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._caught.connect(self._say, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, threading.excepthook
        self._owners: list[Owner] = []

    def install(self) -> None:
        """From here on exceptions come here."""
        sys.excepthook = self._catch
        threading.excepthook = lambda args: self._catch(args.exc_type, args.exc_value, args.exc_traceback)

    def remove(self) -> None:
        """As before."""
        sys.excepthook, threading.excepthook = self._before

    def report(self, error: BaseException) -> None:
        """Says an exception that was caught."""
        self._take(type(error), error, error.__traceback__)

    def claim(self, owner: Owner) -> None:
        """From here on `owner` is asked, in the thread of the exception, whether one is its own and said by it."""
        self._owners.append(owner)

    def _catch(self, kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
        """Lets go of what the failed calls held: a painter that lives on would bring the window down."""
        self._take(kind, error, where)
        traceback.clear_frames(where)

    def _take(self, kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, error, where))
        log.error("nobody caught this:\n%s", details)
        summary = f"{kind.__name__}: {error}" if str(error or "") else kind.__name__
        if not any(owner(where, summary, details) for owner in self._owners):
            self._caught.emit(summary, details)

    @Slot(str, str)
    def _say(self, summary: str, details: str) -> None:
        self.raised.emit(summary, details)


class Logbook:
    """The log of the window, written in a thread of its own, and the file for a crash of the program."""

    def __init__(self, folder: Path) -> None:
        """Opens the files. Raises OSError where the folder cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self.crashed = _left_behind(folder)
        self._crash = folder / f"crash-{os.getpid()}.txt"
        self._stream = self._crash.open("w", encoding="utf-8")
        faulthandler.enable(self._stream)
        self._listener = self._listen()

    def close(self) -> None:
        """Writes what waits; nothing has crashed."""
        faulthandler.disable()
        self._stream.close()
        self._crash.unlink(missing_ok=True)
        root = logging.getLogger()
        root.removeHandler(self._queue)
        self._listener.stop()
        for handler in self._files:
            root.addHandler(handler)

    def _listen(self) -> logging.handlers.QueueListener:
        """The program's log goes on in a thread: writing may wait for the disk."""
        root = logging.getLogger()
        self._files = [each for each in root.handlers if isinstance(each, logging.FileHandler)]
        for handler in self._files:
            root.removeHandler(handler)
        waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._queue = logging.handlers.QueueHandler(waiting)
        root.addHandler(self._queue)
        listener = logging.handlers.QueueListener(waiting, *self._files)
        listener.start()
        return listener


def _left_behind(folder: Path) -> str:
    """What the newest program that crashed wrote at its end; its file is put away. "" where none did."""
    found = ""
    for file in sorted(folder.glob("crash-*.txt"), key=lambda each: each.stat().st_mtime):
        number = file.stem.removeprefix("crash-")
        if number.isdigit() and not psutil.pid_exists(int(number)):
            text = file.read_text("utf-8", "replace")
            found = text or found
            file.replace(folder / "last-crash.txt") if text else file.unlink()
    return found
