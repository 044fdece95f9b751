"""Notices divergence: a scalar that is not finite, or far beyond its own running median for too long."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping
from math import isfinite
from statistics import median

from workbench.runs.packing import Report

FACTOR = 1e3
"""|x| above this multiple of the running median of |x| is suspicious."""
PATIENCE = 20
"""So many suspicious steps in a row are divergence; one value that is not finite is."""
_WINDOW = 200
_EVERY = 50
"""Values between two looks at the median, which the job itself pays for; until the first look anything may come."""
_UNLIMITED = sys.float_info.max


class Series:
    """The recent past of one scalar. |x| beyond `limit`, infinite or not a number is suspicious."""

    def __init__(self) -> None:
        self.limit = _UNLIMITED
        self.since = 0
        self.streak = 0
        self._recent: deque[float] = deque(maxlen=_WINDOW)
        self._seen = 0

    def accept(self, value: float) -> None:
        """Takes a value that is within the limit."""
        self.streak = 0
        self._recent.append(value)
        self._seen += 1
        if self._seen % _EVERY == 0:
            self.limit = FACTOR * median(map(abs, self._recent)) or _UNLIMITED

    def diverged(self, step: int, value: float) -> bool:
        """Takes a suspicious value of a step; whether that is divergence, which began at `since`."""
        self.since = self.since if self.streak else step
        self.streak += 1
        return not isfinite(value) or self.streak >= PATIENCE


class Guard:
    """Watches every scalar of a job but those under `time/`. reports: what is still to be looked at."""

    def __init__(self) -> None:
        self.reports: deque[Report] = deque()
        self.found: tuple[str, int] | None = None
        """The scalar that diverged, and the step since when."""
        self._series: dict[str, Series] = {}

    def look(self) -> None:
        """Takes the reports that wait."""
        while self.reports:
            step, _, values = self.reports.popleft()
            self._see(step, values)

    def _see(self, step: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            series = self._series.get(name) or self._series.setdefault(name, Series())
            if -series.limit <= value <= series.limit:
                series.accept(value)
            elif not name.startswith("time/") and series.diverged(step, value) and self.found is None:
                self.found = (name, series.since)

    def forget(self) -> None:
        """After a roll-back: what was seen does not count any more."""
        self._series.clear()
        self.reports.clear()
        self.found = None
