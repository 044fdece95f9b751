"""How late a 5 ms timer in the GUI thread fires, and what kept it: what a test can say of it on any machine.

On a machine under load a timer is late through nobody's fault. So a test judges the thread's own part: the processor
time that it spent between two firings, and the time that it stood still although a processor was free (a lock, a
file, a process that it waited for). The time in which it only queued for a processor is left out; where the system
does not tell it (Linux does), the second is not judged. A benchmark on a quiet machine reads `Watch.delays`.

A thread beside it looks at what the GUI thread is doing whenever it is late.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest
from PySide6.QtCore import QObject, Qt, QTimer

INTERVAL = 0.005
BUSY = 0.016
"""Seconds of its own processor time that may make the GUI thread late."""
WAITED = 0.15
"""Seconds that it may stand still: it shares Python's lock with threads that a loaded machine stops while they hold
it. A wait that was programmed is longer, or the audit hook sees it."""
IMPORTING = 0.25
"""The one exemption of the house: the lock held by an import in another thread."""
_LOOK = 0.002
_SUSPECT = 0.008
_SHOWN = 7
Frames = dict[int, FrameType]
"""The innermost frame of each thread."""


@dataclass(frozen=True)
class Late:
    """The timer was late: seconds busy and waited, beyond its interval; importing: the name of a module that another
    thread imported meanwhile, "" for none; stack: where the GUI thread was seen most often, innermost first."""

    busy: float
    waited: float
    importing: str
    stack: str

    @property
    def allowed(self) -> bool:
        """Whether the wait falls under the exemption."""
        return bool(self.importing) and self.waited <= IMPORTING

    def __str__(self) -> str:
        why = f", while {self.importing} was imported" if self.importing else ""
        figures = f"{1000 * self.busy:.0f} ms busy, {1000 * self.waited:.0f} ms waiting{why}"
        return f"{figures}, in {self.stack or 'nothing that Python sees'}"


@dataclass
class Watch:
    """What was seen. delays: seconds by the wall clock that each firing was late, whatever the reason."""

    busy: float = BUSY
    waited: float = WAITED
    lates: list[Late] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    @property
    def faults(self) -> list[Late]:
        """Those that nothing excuses."""
        return [
            each for each in self.lates if each.busy > self.busy or not (each.waited <= self.waited or each.allowed)
        ]

    @property
    def excused(self) -> list[Late]:
        """Those of background imports, to be reported."""
        return [each for each in self.lates if each not in self.faults]

    def percentile(self, share: float) -> float:
        """Seconds late, by the wall clock, that this share of the firings did not exceed."""
        found = sorted(self.delays)
        return found[min(len(found) - 1, int(share * len(found)))] if found else 0.0

    def __str__(self) -> str:
        return "\n".join(["the GUI thread was late:", *(f"  {each}" for each in self.faults)])


@contextmanager
def punctuality(busy: float = BUSY, waited: float = WAITED, looks: bool = True) -> Iterator[Watch]:
    """Watches the present thread, whose event loop must run inside.

    busy: seconds that it may compute at once; waited: that it may stand still. looks: whether to see what it does
    when it is late, which costs a little.
    """
    timer = _Timer(Watch(busy, waited))
    observer = threading.Thread(target=timer.observe if looks else int, name="lateness", daemon=True)
    observer.start()
    timer.start()
    try:
        yield timer.watch
    finally:
        timer.end()
        observer.join()
        timer.let_go()


@contextmanager
def punctual(busy: float = BUSY, waited: float = WAITED) -> Iterator[Watch]:
    """Fails the test when the present thread was late inside through its own fault; prints what was excused."""
    with punctuality(busy, waited) as watch:
        yield watch
    for each in watch.excused:
        print(f"excused: {each}")  # noqa: T201 - a report to whoever reads the test's output
    if watch.faults:
        pytest.fail(str(watch))


@dataclass(frozen=True)
class _Clocks:
    """Of one thread, in seconds: the wall's, what it spent, how long it queued for a processor."""

    wall: float
    spent: float
    queued: float

    def since(self, other: _Clocks) -> _Clocks:
        return _Clocks(self.wall - other.wall, self.spent - other.spent, self.queued - other.queued)


class _Timer(QObject):
    """Fires every 5 ms in the thread that made it; `observe` runs in another."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch
        self._thread = threading.get_ident()
        self._queue = _queue()
        self._looks: Counter[str] = Counter()
        self._seen = deque[list[Frames]]()
        """What the observer has looked at. Only the GUI thread lets it go: what a frame was the last to hold goes with
        it, and widgets and their connections must not go in another thread."""
        self._importing = ""
        self._over = threading.Event()
        self._last = self._clocks()
        self._timer = QTimer(self, interval=int(1000 * INTERVAL), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)

    def start(self) -> None:
        self._last = self._clocks()
        self._timer.start()

    def end(self) -> None:
        """What was not yet over when the watching ended counts too."""
        self._timer.stop()
        self._over.set()
        self._fire()
        if self._queue is not None:
            os.close(self._queue)

    def let_go(self) -> None:
        """Of all that was looked at."""
        while self._seen:
            self._seen.popleft().clear()

    def _fire(self) -> None:
        self.let_go()
        now = self._clocks()
        passed, self._last = now.since(self._last), now
        looks, self._looks = self._looks, Counter()
        importing, self._importing = self._importing, ""
        self.watch.delays.append(max(0.0, passed.wall - INTERVAL))
        busy = max(0.0, passed.spent - INTERVAL)
        waited = max(0.0, passed.wall - passed.spent - passed.queued - INTERVAL) if self._queue is not None else 0.0
        if busy > self.watch.busy or waited > self.watch.waited:
            stack = looks.most_common(1)[0][0] if looks else ""
            importing = importing or _imported(sys._current_frames(), self._thread)
            self.watch.lates.append(Late(busy, waited, importing, stack))

    def _clocks(self) -> _Clocks:
        queued = 0.0 if self._queue is None else int(os.pread(self._queue, 100, 0).split()[1]) / 1e9
        return _Clocks(time.perf_counter(), time.thread_time(), queued)

    def observe(self) -> None:
        """Looks at the GUI thread while it is late."""
        while not self._over.wait(_LOOK):
            if time.perf_counter() - self._last.wall < INTERVAL + _SUSPECT:
                continue
            self._look()

    def _look(self) -> None:
        seen = [sys._current_frames()]
        if self._thread in seen[0]:
            self._looks[_where(seen[0][self._thread])] += 1
        self._importing = self._importing or _imported(seen[0], self._thread)
        self._seen.append(seen)


def _queue() -> int | None:
    """The system's figures of this thread, opened once: reading them again opens nothing. None where it has none."""
    try:
        return os.open(Path("/proc/thread-self/schedstat"), os.O_RDONLY)
    except OSError:
        return None


def _where(frame: FrameType) -> str:
    stack = traceback.StackSummary.extract(traceback.walk_stack(frame), limit=_SHOWN, lookup_lines=False)
    return " < ".join(f"{each.name} ({Path(each.filename).name}:{each.lineno})" for each in stack)


def _imported(frames: Frames, but: int) -> str:
    """The module that a thread other than this one is importing; "" for none."""
    for thread, innermost in frames.items():
        frame: FrameType | None = innermost if thread != but else None
        while frame is not None:
            if frame.f_code.co_name == "_find_and_load" and "importlib" in frame.f_code.co_filename:
                return str(frame.f_locals.get("name"))
            frame = frame.f_back
    return ""
