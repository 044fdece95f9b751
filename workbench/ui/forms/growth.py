"""Rows are made a few at a time, between other events, so that a long form never holds the window up."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

SLICE = 0.006


class Growth(QObject):
    """done: all that was wanted is made."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._some)

    def want(self, task: Callable[[], None]) -> None:
        """Makes something soon."""
        self._wanted.append(task)
        if not self._timer.isActive():
            self._timer.start()

    def finish(self) -> None:
        """Makes all of it now."""
        if self._wanted:
            self._work(float("inf"))

    def _some(self) -> None:
        self._work(time.perf_counter() + SLICE)

    def _work(self, end: float) -> None:
        while self._wanted and time.perf_counter() < end:
            self._wanted.popleft()()
        if self._wanted:
            self._timer.start()
        else:
            self._timer.stop()
            self.done.emit()
