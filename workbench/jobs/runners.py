"""Where a job runs: a worker process, or the caller's own thread. One interface: run, send, kill.

`run` blocks until the job has ended and delivers its events meanwhile; the caller supplies the thread.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from workbench.events import Event, decode
from workbench.jobs import wire
from workbench.jobs.execute import execute
from workbench.jobs.live import stay
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.spare import Spare, launch
from workbench.jobs.spec import ENDED, Spec
from workbench.registry import Registry
from workbench.texts import T, Text

Deliver = Callable[[Event], None]
_WAIT = 0.1
"""Seconds that a worker is waited for, before what else there is to do is done."""
_LOOK, _TALKS = 1 / 60, 0.25
"""A long job that has sent something within the last `_TALKS` seconds is looked at every `_LOOK` seconds, not waited
for: to wake one who waits takes a worker, on its own core, a third of a millisecond each time."""


class Runner(Protocol):
    """Runs one job, once."""

    def run(self, deliver: Deliver, quiet: Callable[[], object]) -> Text | None:
        """Runs it to its end; what to say of a worker that ended without a word, None when the job said itself.

        quiet: called several times a second, in the same thread, while nothing comes from a worker.
        """

    def send(self, message: wire.Message) -> None:
        """Hands a control message to the job, from any thread; without effect once the job has ended."""

    def kill(self) -> None:
        """Ends the job at once, with every process it started; from any thread."""


class ProcessRunner:
    """Runs the job in a worker, a process in a group of its own, which is ended with the job."""

    def __init__(self, spec: Spec, spare: Spare | None = None) -> None:
        self._spec = spec
        self._spare = spare
        self._pipe: Connection[Any, Any]
        self._worker: subprocess.Popen[bytes] | None = None
        self._early: list[wire.Message] = []
        self._lock = threading.Lock()
        self._deadline = float("inf")
        self._talked = 0.0
        self._killed: Text | None = None
        self._over = False
        """Whether the worker has ended: its number may soon be another's."""

    def run(self, deliver: Deliver, quiet: Callable[[], object] = lambda: None) -> Text | None:
        """See `Runner.run`."""
        worker = self._start()
        try:
            self._follow(deliver, quiet)
            status = self._await(worker)
        finally:
            _end_group(worker)
            self._pipe.close()
            self._over = True
        return None if status == 0 else self._what_happened(status)

    def send(self, message: wire.Message) -> None:
        """See `Runner.send`. After a stop or cancel the job has the grace time; then it is killed."""
        if message["do"] in ("stop", "cancel"):
            self._hurry()
        with self._lock:
            if self._worker is None:
                self._early.append(message)
            else:
                self._transmit(message)

    def _transmit(self, message: wire.Message) -> None:
        try:
            wire.send(self._pipe, message)
        except OSError:
            return  # the worker has ended: `run` is about to say how

    def kill(self) -> None:
        """See `Runner.kill`."""
        self._killed = self._killed or T("The job was killed.")
        if self._worker is not None and not self._over:
            _end_group(self._worker)

    @property
    def pid(self) -> int | None:
        """The worker's process number."""
        return self._worker.pid if self._worker else None

    def _start(self) -> subprocess.Popen[bytes]:
        taken = self._spare.take() if self._spare else None
        worker, self._pipe = taken or launch(self._spec.folder / "log.txt")
        with self._lock:
            for message in (self._spec.model_dump(mode="json"), *self._early):
                self._transmit(message)
            self._worker = worker
        return worker

    def _follow(self, deliver: Deliver, quiet: Callable[[], object]) -> None:
        """Delivers events until the pipe closes; kills a worker that oversteps its grace time."""
        while True:
            if time.monotonic() > self._deadline:
                self._give_up()
            if not self._arrived():
                if self._worker is not None and self._worker.poll() is not None and not self._pipe.poll(0):
                    return
                quiet()
                continue
            try:
                message = self._pipe.recv_bytes()
            except (EOFError, OSError):
                return
            self._talked = time.monotonic()
            for each in wire.parted(message):
                self._deliver(decode(each), deliver)

    def _deliver(self, event: Event, deliver: Deliver) -> None:
        """A job that has ended may have left a thread behind, for which its process would wait for ever."""
        if event.kind == "state" and event.data["state"] in ENDED:
            self._hurry()
        deliver(event)

    def _hurry(self) -> None:
        """From now on the worker has the grace time."""
        self._deadline = min(self._deadline, time.monotonic() + self._spec.grace)

    def _arrived(self) -> bool:
        """Whether there is something to read; waits for it a little."""
        talks = not self._spec.live and time.monotonic() - self._talked < _TALKS
        if talks and not self._pipe.poll(0):
            time.sleep(_LOOK)
            return self._pipe.poll(0)
        return self._pipe.poll(_WAIT)

    def _await(self, worker: subprocess.Popen[bytes]) -> int:
        try:
            return worker.wait(self._spec.grace)
        except subprocess.TimeoutExpired:
            self._give_up()
            return worker.wait()

    def _give_up(self) -> None:
        self._killed = self._killed or T("The job did not end in time and was killed.")
        self.kill()

    def _what_happened(self, status: int) -> Text:
        if self._killed is not None:
            return self._killed
        if status > 0:  # on Windows it always is
            return T("The worker ended by itself with exit status {status}.", status=status)
        if status == -signal.SIGKILL:
            return T("The worker was killed from outside (often: the system ran out of memory).")
        return T("The worker crashed ({signal}).", signal=signal.Signals(-status).name)


def _end_group(worker: subprocess.Popen[bytes]) -> None:
    """Kills the worker and every process of its group; without effect where none is left."""
    if os.name != "posix":
        worker.kill()
        return
    try:
        os.killpg(worker.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


class ThreadRunner:
    """Runs the job in the thread that calls `run`: for small jobs and debugging; it can be stopped, not killed."""

    def __init__(self, spec: Spec, registry: Registry) -> None:
        self._spec = spec
        self._registry = registry
        self._mailbox = Mailbox()
        self._screen: Screen | None = None
        self._rates: dict[str, float] = {}

    def run(self, deliver: Deliver, quiet: Callable[[], object] = lambda: None) -> Text | None:  # noqa: ARG002
        """See `Runner.run`; nothing is heard in a thread that computes."""
        self._screen = Screen(_one_by_one(deliver), self._spec.live)
        self._screen.rates = self._rates
        with _logged(self._spec.folder / "log.txt"):
            (stay if self._spec.live else execute)(self._spec, self._registry, self._screen, self._mailbox)
        self._screen.close()
        return None

    def send(self, message: wire.Message) -> None:
        """See `Runner.send`."""
        if message["do"] == "watch":
            self._rates = dict(message["rates"])
            if self._screen:
                self._screen.rates = self._rates
        else:
            self._mailbox.put(dict(message))

    def kill(self) -> None:
        """A thread cannot be killed: asks the job to cancel at its next boundary."""
        self.send({"do": "cancel"})


def _one_by_one(deliver: Deliver) -> Callable[[Sequence[Event]], None]:
    def each(events: Sequence[Event]) -> None:
        for event in events:
            deliver(event)

    return each


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """What this thread logs goes to the run's log as well, where a worker process would have written it."""
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    thread = threading.get_ident()
    handler.addFilter(lambda record: record.thread == thread)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
