"""Notices divergence: a scalar that is not finite, or far beyond its own running median for too long."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from statistics import median

FACTOR = 1e3
"""|x| above this multiple of the running median of |x| is suspicious."""
PATIENCE = 20
"""So many suspicious steps in a row are divergence; one value that is not finite is."""
_WINDOW = 200
_SETTLED = 50
"""Values of a series before its median counts: the first losses of a run may be anything."""
_EVERY = 10


class Series:
    """The recent past of one scalar."""

    def __init__(self) -> None:
        self.limit = float("inf")
        self.since = 0
        self.streak = 0
        self._recent: deque[float] = deque(maxlen=_WINDOW)
        self._seen = 0

    def diverged(self, step: int, value: float) -> bool:
        """Takes the value of a step; whether that is divergence, which began at `since`."""
        size = abs(value)
        if size - size != 0:  # infinite or not a number
            self.since = self.since if self.streak else step
            return True
        if size > self.limit:
            self.since = self.since if self.streak else step
            self.streak += 1
            return self.streak >= PATIENCE
        self.streak = 0
        self._recent.append(size)
        self._seen += 1
        if self._seen >= _SETTLED and self._seen % _EVERY == 0:
            self.limit = FACTOR * median(self._recent) or float("inf")
        return False


class Guard:
    """Watches every scalar of a job but those under `time/`."""

    def __init__(self) -> None:
        self._series: dict[str, Series] = {}
        self.found: tuple[str, int] | None = None
        """The scalar that diverged, and the step since when."""

    def see(self, step: int, values: Mapping[str, float]) -> None:
        """Takes the scalars of a step."""
        for name, value in values.items():
            series = self._series.get(name)
            if series is None:
                if name.startswith("time/"):
                    continue
                series = self._series[name] = Series()
            if series.diverged(step, value) and self.found is None:
                self.found = (name, series.since)

    def forget(self) -> None:
        """After a roll-back: what was seen does not count any more."""
        self._series.clear()
        self.found = None
