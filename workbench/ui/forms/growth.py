"""What a form puts off to later turns: rows are made one after the other, so that a long form holds nothing up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from workbench.ui.turns import Turns


class Growth(QObject):
    """done: all that was wanted is made."""

    done = Signal()

    def __init__(self, turns: Turns, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns = turns
        self._wanted: deque[Callable[[], None]] = deque()

    def want(self, task: Callable[[], None]) -> None:
        """Makes something soon."""
        self._wanted.append(task)
        self._turns.put(self, self._one)

    @property
    def growing(self) -> bool:
        """Whether something is still to be made."""
        return bool(self._wanted)

    def finish(self) -> None:
        """Makes all of it now."""
        if not self._wanted:
            return
        while self._wanted:
            self._wanted.popleft()()
        self.done.emit()

    def _one(self) -> None:
        if not self._wanted:  # it was made meanwhile
            return
        try:
            self._wanted.popleft()()
        finally:
            if not self._wanted:
                self._turns.put(self, self._tell)

    def _tell(self) -> None:
        if not self._wanted:
            self.done.emit()
