"""Worker processes: starting one, and keeping a warm spare that has already imported what tools need."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from workbench import blas
from workbench.jobs import pages, wire

Worker = tuple["subprocess.Popen[bytes]", "Connection[Any, Any]"]


def launch(log: Path) -> Worker:
    """A worker that waits for its job on the pipe; what it prints until then goes to `log`.

    It leads a process group of its own, so that Ctrl-C in a terminal does not reach it and ending it ends its children.
    What lies in the current folder is no module of its (-P): a `random.py` there, or a plugin's own source.
    """
    ours, theirs = wire.pair()
    command = [sys.executable, "-P", "-m", "workbench.worker", str(theirs.fileno())]
    with log.open("ab") as file:
        worker = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env={**blas.environment(pages.environment(os.environ)), "PYTHONUTF8": "1"},
            **_group(),
            **wire.inheritance(theirs),
        )
    theirs.close()
    return worker, ours


def _group() -> dict[str, Any]:
    """The arguments of `subprocess.Popen` with which a child leads a process group of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


class Spare:
    """One warm worker in reserve: a job that takes it does not wait for the import of torch. Never touches a GPU."""

    def __init__(self, log: Path, modules: Sequence[str]) -> None:
        self._log, self._modules = log, list(modules)
        self._lock = threading.Lock()
        self._worker: Worker | None = None

    def fill(self) -> None:
        """Starts a spare unless there is one. Call it where a few milliseconds do not matter."""
        with self._lock:
            if self._worker is None:
                self._log.parent.mkdir(parents=True, exist_ok=True)
                self._worker = launch(self._log)
                wire.send(self._worker[1], {"do": "warm", "modules": self._modules})

    def take(self) -> Worker | None:
        """The spare, if it lives; the caller owns it from now on."""
        with self._lock:
            taken, self._worker = self._worker, None
        if taken is None or taken[0].poll() is None:
            return taken
        taken[1].close()
        return None

    def close(self) -> None:
        """Ends the spare: it leaves when its pipe closes."""
        taken = self.take()
        if taken is not None:
            taken[1].close()
            taken[0].wait()
