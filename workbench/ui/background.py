"""Work off the GUI thread: lanes, each a thread that does one thing after the other; answers come back to the window.

Rule 4 of the house: the GUI thread opens no file, no database and no process, and waits for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

R = TypeVar("R")
Call = Callable[[], object]
Answer = tuple[str, Call]


class Lane(QThread):
    """A thread that does what is put to it, in order; what that leads to is called in the window's thread."""

    answered = Signal(object)
    """Its name, and what is to be called: an `Answer`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._works: SimpleQueue[Callable[[], Call] | None] = SimpleQueue()

    def put(self, work: Callable[[], Call] | None) -> None:
        """work: gives what is to be called afterwards in the window's thread; None ends the lane."""
        self._works.put(work)

    def run(self) -> None:
        """The thread."""
        while (work := self._works.get()) is not None:
            self.answered.emit((self.objectName(), work()))


class Background(QObject):
    """`do(work, done)`: `work()` in a lane, then `done(its result)` in the window. Lanes begin when first named."""

    def __init__(self, complain: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._complain = complain
        self._lanes: dict[str, Lane] = {}
        self._closed = False
        self._asked: Counter[str] = Counter()

    @property
    def busy(self) -> frozenset[str]:
        """The lanes that have not answered everything."""
        return frozenset(+self._asked)

    def do(
        self,
        work: Callable[[], R],
        done: Callable[[R], object] = lambda _: None,
        failed: Callable[[Exception], object] | None = None,
        *,
        lane: str = "files",
    ) -> None:
        """failed: what to do with an exception of the work's; without it the window says it."""
        self._asked[lane] += 1
        self._lane(lane).put(partial(_outcome, work, done, failed or self._complain))

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
            lane = self._lanes[name] = Lane(name)
            lane.answered.connect(self._call, Qt.ConnectionType.QueuedConnection)
            lane.start()
        return self._lanes[name]

    @Slot(object)
    def _call(self, answer: Answer) -> None:
        lane, call = answer
        self._asked[lane] -= 1
        if not self._closed:
            call()


def _outcome(work: Callable[[], R], done: Callable[[R], object], failed: Callable[[Exception], object]) -> Call:
    try:
        return partial(done, work())
    except Exception as error:  # noqa: BLE001 - whatever it is, the window says it
        return partial(failed, error)
