"""Notices divergence: a scalar that is not finite, or far beyond its own running median for too long."""

from __future__ import annotations

import sys
from collections import defaultdict, deque
from collections.abc import Sequence
from math import isfinite
from statistics import median

from workbench.runs.bundles import Bundle, merged

FACTOR = 1e3
"""|x| above this multiple of the running median of |x| is suspicious."""
PATIENCE = 20
"""So many suspicious steps in a row are divergence; one value that is not finite is."""
WINDOW = 200
"""Values of which the median is taken; until it is taken first anything finite may come."""
FIRST = 50
"""Values before it is taken first; then whenever they have doubled, later for each `WINDOW` of them."""
_UNLIMITED = sys.float_info.max


class Series:
    """The recent past of one scalar. |x| beyond `limit`, infinite or not a number is suspicious."""

    def __init__(self) -> None:
        self.limit = _UNLIMITED
        self._since = 0
        self._streak = 0
        self._recent: deque[float] = deque(maxlen=WINDOW)
        self._seen, self._next = 0, FIRST

    def take(self, steps: Sequence[int], values: Sequence[float]) -> tuple[int, int] | None:
        """Takes values; (the step at which they diverged, the first step of that), None where they did not.

        Those between two looks at the median are taken together while none is suspicious: the job itself pays for it.
        """
        found, at = None, 0
        while at < len(values):
            part = values[at : at + self._next - self._seen]
            if self._usual(part):
                self._accept(part)
            else:
                found = found or self._one_by_one(steps[at:], part)
            at += len(part)
        return found

    def _usual(self, part: Sequence[float]) -> bool:
        return isfinite(sum(part)) and -self.limit <= min(part) and max(part) <= self.limit

    def _one_by_one(self, steps: Sequence[int], part: Sequence[float]) -> tuple[int, int] | None:
        found = None
        for step, value in zip(steps, part, strict=False):
            if -self.limit <= value <= self.limit:
                self._accept((value,))
            elif self._diverged(step, value):
                found = found or (step, self._since)
        return found

    def _accept(self, values: Sequence[float]) -> None:
        self._streak = 0
        self._recent.extend(values)
        self._seen += len(values)
        if self._seen == self._next:
            self._next += min(self._seen, WINDOW)
            self.limit = FACTOR * median(map(abs, self._recent)) or _UNLIMITED

    def _diverged(self, step: int, value: float) -> bool:
        self._since = self._since if self._streak else step
        self._streak += 1
        return not isfinite(value) or self._streak >= PATIENCE


class Guard:
    """Watches every scalar of a job but those under `time/`. bundles: what is still to be looked at."""

    def __init__(self) -> None:
        self.bundles: deque[Bundle] = deque()
        self.found: tuple[str, int] | None = None
        """The scalar that diverged first, and the step since when."""
        self._series: defaultdict[str, Series] = defaultdict(Series)

    def look(self) -> None:
        """Takes the bundles that wait."""
        diverged = []
        for bundle in merged([self.bundles.popleft() for _ in range(len(self.bundles))]):
            for name, steps, values in bundle.columns():
                found = None if name.startswith("time/") else self._series[name].take(steps, values)
                if found:
                    diverged.append((*found, name))
        if diverged and self.found is None:
            _, since, name = min(diverged)
            self.found = name, since

    def forget(self) -> None:
        """After a roll-back: what was seen does not count any more."""
        self._series.clear()
        self.bundles.clear()
        self.found = None
