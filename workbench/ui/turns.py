"""Work in pieces, a few in one turn of the event loop: between two turns the window paints and takes mouse and keys."""

from __future__ import annotations

import time
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

BUDGET = 0.002
"""Seconds of one turn after which the next piece waits for another: painting what was done takes its time too."""


class Turns(QObject):
    """Does what is put to it, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: deque[tuple[QObject, Callable[[], object]]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._turn)

    def put(self, owner: QObject, *pieces: Callable[[], object]) -> None:
        """pieces: each short; left out once their owner is destroyed."""
        self._pieces.extend((owner, piece) for piece in pieces)
        self._timer.start()

    def drop(self) -> None:
        """Leaves out all that is still to be done: the window is closed."""
        self._pieces.clear()

    @property
    def busy(self) -> bool:
        """Whether something is still to be done."""
        return bool(self._pieces)

    def _turn(self) -> None:
        end = time.perf_counter() + BUDGET
        try:
            while self._pieces and time.perf_counter() < end:
                owner, piece = self._pieces.popleft()
                if shiboken6.isValid(owner):
                    piece()
        finally:  # one that fails, and is reported, keeps no other from being done
            if self._pieces:
                self._timer.start()


class _Relay(QObject):
    """Tells one receiver, with as many arguments as it takes and only as long as it lives, which a signal knows."""

    told = Signal(object)


class Told:
    """A signal whose receivers are told in turns: those that can be seen first."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._relays: list[tuple[_Relay, weakref.ref[Any] | None]] = []

    def connect(self, receiver: Callable[..., object]) -> None:
        """receiver: called with what is told, if it takes an argument."""
        relay, owner = _Relay(), getattr(receiver, "__self__", None)
        relay.told.connect(receiver)
        self._relays.append((relay, None if owner is None else weakref.ref(owner)))

    def emit(self, news: object = None) -> None:
        """Tells everybody soon."""
        self._relays = [each for each in self._relays if each[1] is None or alive(each[1]())]
        for relay, _ in sorted(self._relays, key=lambda each: not seen(each[1] and each[1]())):
            self._turns.put(relay, lambda relay=relay: relay.told.emit(news))  # type: ignore[misc]


def alive(thing: object) -> bool:
    """Whether a thing is there, and its part in Qt too."""
    return thing is not None and (not isinstance(thing, QObject) or shiboken6.isValid(thing))


def seen(thing: object) -> bool:
    """Whether it is a widget that can be seen."""
    return isinstance(thing, QWidget) and shiboken6.isValid(thing) and thing.isVisible()
