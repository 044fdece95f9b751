"""Running what plugins have written: whatever it raises is kept from the host, and where it does not end, that is said.

What a plugin raises may be anything, `KeyboardInterrupt` too; only Ctrl-C that a person pressed ends the program.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer, current_thread, main_thread
from types import FrameType

PATIENCE = 10.0
"""Seconds after which it is said that a plugin is still being loaded."""


class Interrupted(KeyboardInterrupt):
    """A person pressed Ctrl-C: no plugin raises this."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, Ctrl-C raises Interrupted where it raises KeyboardInterrupt otherwise."""
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is _interrupt:  # a plugin may have set one of its own
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
    raise Interrupted


@contextmanager
def watched(say: Callable[[], object]) -> Iterator[None]:
    """Calls `say` once, from a thread, when what is done inside takes longer than `PATIENCE`."""
    timer = Timer(PATIENCE, say)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
