"""What is left behind: threads, processes, open files, folders of live tools."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

KNOWN_THREADS = ("pytest_timeout", "pydevd", "tqdm_monitor", "background imports")
"""Daemon threads, by the beginning of their names, that may outlive what started them."""
_EVENTS = "anon_inode:[eventfd]"
"""One belongs to every thread of Qt's; those of its pools wait half a minute for more to do."""
_PATIENCE = 3.0
"""Seconds in which what is about to end may end."""


@dataclass(frozen=True)
class Belongings:
    """What this program has at one moment. home: processes that were started in it belong to the program too."""

    home: Path
    threads: frozenset[threading.Thread]
    processes: frozenset[int]
    files: frozenset[tuple[int, str]]
    folders: frozenset[Path]

    @classmethod
    def now(cls, home: Path) -> Belongings:
        """As it is."""
        return cls(
            home,
            frozenset(threading.enumerate()),
            frozenset(each.pid for each in processes_of(home)),
            frozenset(_files()),
            frozenset(_folders()),
        )

    def left_over(self, patience: float = _PATIENCE) -> list[str]:
        """What is there now and was not then, one sentence each; gives it a while to go away."""
        deadline = time.monotonic() + patience
        while True:
            gc.collect()
            found = list(self._new())
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    def _new(self) -> Iterator[str]:
        for thread in set(threading.enumerate()) - self.threads:
            if not (thread.daemon and thread.name.startswith(KNOWN_THREADS)):
                yield f"the thread {thread.name!r} still runs: join it"
        for process in processes_of(self.home):
            if process.pid not in self.processes:
                yield f"the process {process.pid} still runs: {_command(process)}"
        opened = set(_files()) - self.files
        for number, target in opened:
            if not (target == _EVENTS and _has_window()):
                yield f"{target} is still open (descriptor {number}): close it"
        for folder in set(_folders()) - self.folders:
            yield f"the folder {folder} is still there: remove it"


def processes_of(home: Path) -> Iterator[psutil.Process]:
    """Children of this program, and whatever else was started in this home and has lost its parent."""
    children = psutil.Process().children(recursive=True)
    seen = {os.getpid(), *(each.pid for each in children)}
    yield from filter(_lives, children)
    for process in psutil.process_iter(["environ"]):
        environment = process.info["environ"] or {}
        if process.pid not in seen and environment.get("HOME") == str(home):
            yield process


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return "?"


def _files() -> Iterator[tuple[int, str]]:
    """Open descriptors and what they lead to (on Linux), but devices; elsewhere open regular files."""
    if sys.platform != "linux":
        yield from ((each.fd, each.path) for each in psutil.Process().open_files())
        return
    for entry in os.listdir("/proc/self/fd"):  # noqa: PTH208 - a path would be opened and listed among them
        try:
            target = os.readlink(f"/proc/self/fd/{entry}")  # noqa: PTH115
        except OSError:
            continue  # the one that listed the folder
        if not target.startswith("/dev/"):
            yield int(entry), target


def _has_window() -> bool:
    core = sys.modules.get("PySide6.QtCore")
    return core is not None and core.QCoreApplication.instance() is not None


def _folders() -> Iterator[Path]:
    return Path(tempfile.gettempdir()).glob("workbench-live-*")
