"""How long a live tool takes to answer: from `Job.set` to the listener, a 400×400 picture from a resident worker."""

from __future__ import annotations

import random
import statistics
import threading
import time

from workbench import fields
from workbench.events import Event
from workbench.jobs.start import Desk, live
from workbench.jobs.supervisor import Job

WARM = 20
PAUSE = 0.025
"""Seconds between two movements of a slider, on average."""


class Slider:
    """A live job, and the moment at which each of its answers came."""

    def __init__(self, desk: Desk) -> None:
        params = fields.validate(desk.tool("lens").tool.params, {})
        self.job = Job(live(desk, "lens", params), desk.registry)
        self._answered = threading.Condition()
        self._came: dict[int, float] = {}
        self.job.listen("bump", self._take)
        self.job.watch({"*": 1000.0})
        self._thread = threading.Thread(target=self.job.supervise)
        self._thread.start()
        self._wait(0)

    def _take(self, event: Event) -> None:
        with self._answered:
            self._came[event.generation] = time.perf_counter()
            self._answered.notify_all()

    def _wait(self, generation: int) -> float:
        with self._answered:
            if not self._answered.wait_for(lambda: generation in self._came, 30):
                raise TimeoutError(f"no answer: {self.job.error}")
            return self._came[generation]

    def move(self, generation: int) -> float:
        """Seconds from the change of a parameter to the picture that answers it."""
        begun = time.perf_counter()
        self.job.set(centre=[random.uniform(-1, 1), 0.0])
        return self._wait(generation) - begun

    def close(self) -> None:
        """Ends the worker."""
        self.job.stop()
        self._thread.join()


def measure(desk: Desk, moves: int) -> dict[str, float]:
    """Milliseconds: median and 95th percentile of so many moves."""
    slider = Slider(desk)
    taken = []
    try:
        for number in range(WARM + moves):
            time.sleep(random.uniform(0, 2 * PAUSE))
            taken.append(1e3 * slider.move(number + 1))
    finally:
        slider.close()
    cuts = statistics.quantiles(taken[WARM:], n=20)
    return {"live_p50_ms": round(cuts[9], 3), "live_p95_ms": round(cuts[18], 3)}
