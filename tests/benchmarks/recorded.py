"""What recording and listening cost a training loop: pairs of it and the bare loop, without a window."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.benchmarks.pairs import FRAME_RATE, Figures, Pair, drive, rounded, summary
from workbench import fields
from workbench.events import Event
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job


class Listeners:
    """What a window would be told: counted, and the values looked at. times: when each frame came."""

    def __init__(self, job: Job) -> None:
        self.times: list[float] = []
        self.values = 0
        job.listen("samples", self._frame)
        job.listen("scalars", self._scalars)
        job.watch({"*": FRAME_RATE})

    def _frame(self, event: Event) -> None:  # noqa: ARG002 - that it came
        self.times.append(time.perf_counter())

    def _scalars(self, event: Event) -> None:
        self.values += sum(len(points) for points in event.arrays.values())


def compare(desk: Desk, pair: Pair, alike: bool) -> Figures:
    """One pair. Raises RuntimeError where the run fails, AssertionError where not all that it reported was heard."""
    job = Job(new_run(desk, "duel", fields.validate(desk.tool("duel").tool.params, pair.values)), desk.registry)
    listeners = Listeners(job)
    thread = threading.Thread(target=job.supervise)
    thread.start()
    try:
        found = drive(pair.contest(job, listeners.times, alike=alike), time.sleep)
    finally:
        job.stop()
        thread.join()
    if job.state != "stopped":
        raise RuntimeError(f"the run ended {job.state}: {job.error}")
    if listeners.values != 4 * pair.ours.done:
        raise AssertionError(f"{4 * pair.ours.done} scalars were reported, {listeners.values} heard")
    return found


def measure(desk: Desk, game: str, pairs: int, seconds: float, alike: bool = False) -> Figures:
    """The medians of so many pairs. ratio: steps a second, recorded over bare; cpu_ratio: processor time, the same."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(pairs):
            rows.append(compare(desk, Pair(Path(folder), game, seconds, number), alike))
            sys.stderr.write(f"{game} {number + 1}/{pairs}: {json.dumps(rounded(rows[-1]))}\n")
    return summary(rows)
