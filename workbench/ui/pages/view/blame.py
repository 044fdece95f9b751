"""Which of the exceptions that nobody caught are a view's: those that went through its plugin's code."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtWidgets import QWidget

_MANY, _SECONDS = 10, 1.0
"""So many faults in so short a time are no accident: the view is not shown any more."""
_PAINT = ("paint", "draw")


class Blame:
    """`said(summary, log, hopeless)` for every fault; hopeless: painting failed, or it fails again and again."""

    def __init__(self, page: QWidget, package: str, said: Callable[[str, str, bool], object]) -> None:
        self._page, self._package, self._said = page, package, said
        self._times: deque[float] = deque(maxlen=_MANY)

    def __call__(self, where: TracebackType | None, summary: str, details: str) -> bool:
        """Whether an exception is this view's. Only the window's thread can be in a view."""
        if where is None or threading.current_thread() is not threading.main_thread():
            return False
        way = self._way_in(where)
        if not self._page.isVisible() or not way:
            return False
        self._times.append(time.monotonic())
        often = len(self._times) == _MANY and self._times[-1] - self._times[0] < _SECONDS
        self._said(summary, details, often or any(name.startswith(_PAINT) for name in way))
        return True

    def _way_in(self, where: TracebackType) -> list[str]:
        """The functions from what Qt called to the first one of the plugin's; none where none of those was called."""
        names = []
        for frame, _ in traceback.walk_tb(where):
            names.append(frame.f_code.co_name)
            module: Any = frame.f_globals.get("__name__", "")
            if module == self._package or str(module).startswith(f"{self._package}."):
                return names
        return []
