"""Work off the GUI thread: lanes, each a thread that does one thing after the other; answers come back to the window.

Rule 4 of the house: the GUI thread opens no file, no database and no process, and waits for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from queue import SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

R = TypeVar("R")


@dataclass(frozen=True)
class Work:
    """What is done in a lane, and what that leads to in the window."""

    lane: str
    do: Callable[[], Any]
    done: Callable[[Any], object]
    failed: Callable[[Exception], object]


class Lane(QThread):
    """A thread that does what is put to it, in order. works: by number; only the window's thread adds and removes any:
    a page that is known by nothing else must not go in a lane."""

    answered = Signal(object)
    """The work's number, its result, its error."""

    def __init__(self, name: str, works: Mapping[int, Work]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._works, self._numbers = works, SimpleQueue[int | None]()

    def put(self, number: int | None) -> None:
        """Does a work; None ends the lane."""
        self._numbers.put(number)

    def run(self) -> None:
        """The thread."""
        while (number := self._numbers.get()) is not None:
            self.answered.emit((number, *_outcome(self._works[number].do)))


class Background(QObject):
    """`do(work, done)`: `work()` in a lane, then `done(its result)` in the window. Lanes begin when first named."""

    def __init__(self, complain: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._complain = complain
        self._lanes: dict[str, Lane] = {}
        self._works: dict[int, Work] = {}
        self._numbers = count()
        self._closed = False

    @property
    def busy(self) -> frozenset[str]:
        """The lanes that have not answered everything."""
        return frozenset(each.lane for each in self._works.values())

    def do(
        self,
        work: Callable[[], R],
        done: Callable[[R], object] = lambda _: None,
        failed: Callable[[Exception], object] | None = None,
        *,
        lane: str = "files",
    ) -> None:
        """failed: what to do with an exception of the work's; without it the window says it."""
        number = next(self._numbers)
        self._works[number] = Work(lane, work, done, failed or self._complain)
        self._lane(lane).put(number)

    def close(self) -> None:
        """Ends the lanes and waits until what was asked is done; call it after the event loop has ended.

        Answers that are still on their way are dropped: there is no window any more that could take them.
        """
        self._closed = True
        for lane in self._lanes.values():
            lane.put(None)
        for lane in self._lanes.values():
            lane.wait()

    def _lane(self, name: str) -> Lane:
        if name not in self._lanes:
            lane = self._lanes[name] = Lane(name, self._works)
            lane.answered.connect(self._call, Qt.ConnectionType.QueuedConnection)
            lane.start()
        return self._lanes[name]

    @Slot(object)
    def _call(self, answer: tuple[int, Any, Exception | None]) -> None:
        number, result, error = answer
        work = self._works.pop(number)
        if self._closed:
            return
        if error is None:
            work.done(result)
        else:
            work.failed(error)


def _outcome(work: Callable[[], object]) -> tuple[object, Exception | None]:
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - whatever it is, the window says it
        return None, error
