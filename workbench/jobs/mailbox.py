"""Control messages on their way to the job: put from any thread, taken by the job between two steps."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any


class Mailbox:
    """A queue whose emptiness costs the job one attribute to read."""

    def __init__(self) -> None:
        self.waiting = False
        self._messages: deque[dict[str, Any]] = deque()
        self._changed = threading.Condition()

    def put(self, message: dict[str, Any]) -> None:
        """Hands over a control message; wakes a paused job."""
        with self._changed:
            self._messages.append(message)
            self.waiting = True
            self._changed.notify_all()

    def take(self) -> list[dict[str, Any]]:
        """All messages that wait, in order."""
        with self._changed:
            taken = list(self._messages)
            self._messages.clear()
            self.waiting = False
        return taken

    def wait(self, seconds: float | None = None) -> bool:
        """Waits for a message, at most so long; whether there is one."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._messages), seconds)

    def cancelled(self) -> bool:
        """Whether a cancel waits (looked at inside long work, without taking the message)."""
        with self._changed:
            return any(message["do"] == "cancel" for message in self._messages)
