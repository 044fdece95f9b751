"""How long a job still takes, from how fast it has gone lately."""

from __future__ import annotations

from collections import deque

from workbench.texts import T, Text

_WINDOW = 20.0
"""Seconds that count: a job may slow down or be paused."""


class Pace:
    """Told how far the job is, it says how much time is left."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def at(self, wall: float, done: float) -> None:
        """The job had done so much at this time. Going back begins anew."""
        if self._seen and (done < self._seen[-1][1] or wall < self._seen[-1][0]):
            self._seen.clear()
        self._seen.append((wall, done))
        while len(self._seen) > 2 and wall - self._seen[0][0] > _WINDOW:
            self._seen.popleft()

    def left(self, total: float) -> float | None:
        """Seconds until `total` is done; None where that cannot be told yet."""
        if len(self._seen) < 2:
            return None
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        if last - first < 0.5 or now <= before:
            return None
        return max(0.0, total - now) * (last - first) / (now - before)


def duration(seconds: float) -> Text:
    """`0:42`, `12:05`, `3 h 07 min`."""
    whole = round(seconds)
    if whole < 3600:
        return Text(f"{whole // 60}:{whole % 60:02d}")
    return T("{hours} h {minutes} min", hours=whole // 3600, minutes=f"{whole % 3600 // 60:02d}")
