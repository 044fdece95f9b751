"""What a loop tells of its steps, in a file that the measuring program and the other loop read meanwhile."""

from __future__ import annotations

from pathlib import Path

import numpy as np

ROOM = 1 << 18
"""So many steps at most."""


class Ticks:
    """ends[n]: when step n ended, by `time.perf_counter`, which all processes share; 0 until then. sampled[n]: 1 where
    samples were made in it."""

    def __init__(self, path: Path) -> None:
        self._rows = np.memmap(path, np.float64, "r+", shape=(2, ROOM))
        self.ends, self.sampled = (memoryview(each).cast("B").cast("d") for each in self._rows)

    @classmethod
    def new(cls, path: Path) -> Ticks:
        """Of a loop that has not begun."""
        np.zeros((2, ROOM)).tofile(path)
        return cls(path)

    @property
    def done(self) -> int:
        """How many steps have ended."""
        return int(np.argmin(self._rows[0, 1:] > 0))
