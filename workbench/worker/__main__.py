"""The child's program, `python -m workbench.worker PIPE`: runs one job, records it, sends what is to be seen.

The first message on the pipe is the job's `Spec`. When the pipe closes, the program that watched is gone: the job
saves and ends, and where it does not reach a step boundary within the grace time, the worker ends itself.
"""

from __future__ import annotations

import atexit
import faulthandler
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import psutil

if sys.platform == "linux":
    import resource

from workbench import settings
from workbench.discovery import discover
from workbench.events import Event
from workbench.jobs import wire
from workbench.jobs.execute import execute
from workbench.jobs.live import stay
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.spec import Spec
from workbench.worker import NICENESS

ABANDONED = 4
"""Exit status of a worker that nobody watches any more and whose job did not come to a boundary in time."""


def main() -> int:
    """Runs the job that the pipe names. The exit status is 0 however the job ended: its run says how."""
    faulthandler.enable()
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _lower_priority()
    pipe = wire.adopt(int(sys.argv[1]))
    spec = _told(pipe)
    if spec is None:
        return 0
    _log_to(spec.folder / "log.txt")
    _limit_memory(spec.memory_gigabytes)
    mailbox, screen = Mailbox(), Screen(_sender(pipe), spec.live, partial(wire.roomy, pipe))
    signal.signal(signal.SIGTERM, _stopper(mailbox))
    threading.Thread(target=_listen, args=(pipe, mailbox, screen, spec.grace), name="control", daemon=True).start()
    places = settings.Places.of(spec.profile)
    registry = discover(places, settings.salvage(places)[0], spec.safe_mode, spec.tool)
    (stay if spec.live else execute)(spec, registry, screen, mailbox)
    screen.close()
    return 0


def _told(pipe: Connection[Any, Any]) -> Spec | None:
    """The job to run; a spare worker imports what it is told to and waits. None when it is not needed any more."""
    try:
        message = wire.receive(pipe)
        if message.get("do") == "warm":
            for name in message["modules"]:
                importlib.import_module(name)
            message = wire.receive(pipe)
    except EOFError:
        return None
    return Spec.model_validate(message)


def _log_to(path: Path) -> None:
    """From here on everything that is printed goes to the run's log, whatever prints it."""
    with path.open("ab") as log:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(log.fileno(), stream.fileno())


def _lower_priority() -> None:
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        psutil.Process().nice(NICENESS)


def _limit_memory(gigabytes: float) -> None:
    """Beyond it an allocation fails, and the job with a sentence, before the system begins to kill. Linux only."""
    if gigabytes and sys.platform == "linux":
        most = int(gigabytes * 2**30)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _sender(pipe: Connection[Any, Any]) -> Any:
    gone = False

    def deliver(events: Sequence[Event]) -> None:
        nonlocal gone
        if gone:
            return
        try:
            pipe.send_bytes(wire.joined(event.message for event in events))
        except OSError:
            gone = True  # the control thread sees the same and lets the job save and end

    return deliver


def _stopper(mailbox: Mailbox) -> Any:
    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        threading.Thread(target=mailbox.put, args=({"do": "stop"},)).start()

    return stop


def _listen(pipe: Connection[Any, Any], mailbox: Mailbox, screen: Screen, grace: float) -> None:
    """Takes control messages until the pipe closes."""
    while True:
        try:
            message = wire.receive(pipe)
        except (EOFError, OSError):
            break
        if message["do"] == "watch":
            screen.rates = message["rates"]
        else:
            mailbox.put(message)
    mailbox.put({"do": "stop"})
    threading.Event().wait(grace)
    logging.getLogger(__name__).error("nobody watches and the job does not come to an end: given up")
    os._exit(ABANDONED)


def _leave(status: int) -> NoReturn:
    """Ends as Python does, but takes nothing apart: once torch is there, that takes half a second."""
    threading._shutdown()  # type: ignore[attr-defined] # waits for threads, has pools end theirs
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


if __name__ == "__main__":
    _leave(main())
