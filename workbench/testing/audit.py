"""What a thread does that must never wait: an audit hook that counts only inside `watching()`.

A hook cannot be taken away again, so there is one for the whole program, and it does nothing while nobody watches.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, SupportsIndex

DEEDS = {
    "open": "opens a file",
    "sqlite3.connect": "opens a database",
    "subprocess.Popen": "starts a process",
    "os.system": "starts a process",
    "os.fork": "starts a process",
    "os.posix_spawn": "starts a process",
    "time.sleep": "sleeps",
}
"""The audit events that count, in words."""
_SHOWN = 5


@dataclass(frozen=True)
class Deed:
    """Something that was done, and where."""

    event: str
    what: str
    stack: traceback.StackSummary

    def __str__(self) -> str:
        where = " < ".join(f"{each.name} ({each.filename}:{each.lineno})" for each in self.stack)
        return f"{DEEDS[self.event]}: {self.what}, in {where}"


@dataclass
class Watch:
    """The deeds of one thread."""

    deeds: list[Deed] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"  {each}" for each in self.deeds]
        return "\n".join(["a thread that must not wait:", *lines, "do this in host.background(...) or in a job"])


_watches: dict[int, Watch] = {}
_hooked = threading.Event()


@contextmanager
def watching() -> Iterator[Watch]:
    """Notes what the present thread does inside."""
    if not _hooked.is_set():
        _hooked.set()
        sys.addaudithook(_hook)
        if sys.version_info < (3, 13):
            _announce_sleep()
    thread = threading.get_ident()
    before, _watches[thread] = _watches.get(thread), Watch()
    try:
        yield _watches[thread]
    finally:
        del _watches[thread]
        if before is not None:
            _watches[thread] = before


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watches or event not in DEEDS:
        return
    watch = _watches.get(threading.get_ident())
    if watch is None or (event == "open" and isinstance(arguments[0], int)):
        return  # a number is a file that is open already
    watch.deeds.append(Deed(event, str(arguments[0]), _stack(sys._getframe(1))))


def _announce_sleep() -> None:
    """Older Pythons do not tell their hooks of a sleep: from now on they do."""
    sleep = time.sleep

    def told(seconds: SupportsIndex | float, /) -> None:
        sys.audit("time.sleep", seconds)
        sleep(seconds)

    time.sleep = told


def _stack(frame: FrameType) -> traceback.StackSummary:
    """The innermost callers; their source is not read, for that would open files."""
    return traceback.StackSummary.extract(traceback.walk_stack(frame), limit=_SHOWN, lookup_lines=False)
