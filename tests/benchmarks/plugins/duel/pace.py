"""How fast a loop goes: wall and processor time of its steps, without those at its beginning."""

from __future__ import annotations

import time


class Pace:
    """warm: so many steps go before the clock starts."""

    def __init__(self, warm: int) -> None:
        self._warm = warm
        self._begun = (0.0, 0.0, 0.0)
        self._steps = 0

    def tick(self, step: int) -> None:
        """The end of a step, counted from 1."""
        self._steps = step
        if step == self._warm:
            self._begun = _clocks()

    def figures(self) -> dict[str, float]:
        """steps: all of them. After the warm ones: rate, steps a second; cpu_ms of the process, thread_ms of the loop's
        thread, both a step."""
        seconds, cpu, thread = (now - then for now, then in zip(_clocks(), self._begun, strict=True))
        counted = self._steps - self._warm
        return {
            "steps": self._steps, "rate": counted / seconds, "cpu_ms": 1e3 * cpu / counted,
            "thread_ms": 1e3 * thread / counted,
        }  # fmt: skip


def _clocks() -> tuple[float, float, float]:
    return time.perf_counter(), time.process_time(), time.thread_time()
