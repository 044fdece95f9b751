"""Interleaved pairs: a training loop recorded and listened to, then the same loop bare, in the same minute."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench import fields
from workbench.events import Event
from workbench.jobs import pages
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader

PLUGINS = Path(__file__).parent / "plugins"
FRAME_RATE = 30.0
WARM = {"mlp": 100, "conv": 20}
"""Steps before the clock starts."""
Figures = dict[str, Any]


class Listeners:
    """What a window would be told: counted, and the values looked at. marks: (frames, wall) at every frame."""

    def __init__(self, job: Job) -> None:
        self.walls: list[float] = []
        self.values = 0
        job.listen("samples", self._frame)
        job.listen("scalars", self._scalars)
        job.watch({"*": FRAME_RATE})

    def _frame(self, event: Event) -> None:
        self.walls.append(event.wall)

    def _scalars(self, event: Event) -> None:
        self.values += sum(len(points) for points in event.arrays.values())

    @property
    def rate(self) -> float:
        """Frames a second that arrived."""
        return (len(self.walls) - 1) / (self.walls[-1] - self.walls[0])


def recorded(desk: Desk, game: str, seconds: float, seed: int) -> Figures:
    """One run in a worker: steps, rate, cpu_ms a step, sampled, and the frames a second that were heard."""
    values = {"game": game, "seconds": seconds, "warm": WARM[game], "seed": seed}
    spec = new_run(desk, "duel", fields.validate(desk.tool("duel").tool.params, values))
    job = Job(spec, desk.registry)
    listeners = Listeners(job)
    if job.supervise() != "done":
        raise RuntimeError(f"the run ended {job.state}: {job.error}")
    reader = Reader(spec.folder)
    try:
        (found,) = reader.rows("pace")
    finally:
        reader.close()
    if listeners.values != 4 * found["steps"]:
        raise AssertionError(f"{4 * found['steps']} scalars were reported, {listeners.values} heard")
    return {**found, "frames": listeners.rate}


def bare(game: str, seed: int, like: Mapping[str, Any], alike: bool = False) -> Figures:
    """The same steps, and samples at the same of them, in a process of its own at the worker's priority.

    alike: with its memory in huge pages, as a worker's is; else as that of any script.
    """
    task = {"game": game, "seed": seed, "warm": WARM[game], "steps": like["steps"], "sampled": like["sampled"]}
    task["alike"] = alike
    given = pages.environment(os.environ) if alike else os.environ
    place = {**given, "PYTHONPATH": str(PLUGINS)}
    command = [sys.executable, "-m", "duel.bare"]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=True, env=place)
    found: Figures = json.loads(done.stdout)
    return found


def measure(desk: Desk, game: str, pairs: int, seconds: float, alike: bool = False) -> Figures:
    """The medians of so many pairs. ratio: steps a second, recorded over bare; cpu_ratio: processor time, the same."""
    rows = []
    ours: Figures = {}
    for number in range(pairs):
        ours, theirs = _pair(desk, game, seconds, number, ours, alike)
        rows.append(
            {
                "ratio": ours["rate"] / theirs["rate"], "cpu_ratio": theirs["cpu_ms"] / ours["cpu_ms"],
                "steps_per_second": ours["rate"], "bare_steps_per_second": theirs["rate"],
                "cpu_ms": ours["cpu_ms"], "bare_cpu_ms": theirs["cpu_ms"],
                "thread_ms": ours["thread_ms"], "bare_thread_ms": theirs["thread_ms"],
                "frames_per_second": ours["frames"], "sampled_share": len(ours["sampled"]) / ours["steps"],
            }
        )  # fmt: skip
        sys.stderr.write(f"{game} {number + 1}/{pairs}: " + json.dumps(_rounded(rows[-1])) + "\n")
    return _rounded({name: statistics.median(row[name] for row in rows) for name in rows[0]}) | {
        "ratio_low": _rounded({"": min(row["ratio"] for row in rows)})[""],
        "ratio_high": _rounded({"": max(row["ratio"] for row in rows)})[""],
        "ratio_quartiles": _quartiles([row["ratio"] for row in rows]),
    }


def _pair(desk: Desk, game: str, seconds: float, number: int, before: Figures, alike: bool) -> tuple[Figures, Figures]:
    """Both loops, every other time the bare one first: then it does the steps that were recorded before it."""
    if number % 2 == 0:
        ours = recorded(desk, game, seconds, number)
        return ours, bare(game, number, ours, alike)
    theirs = bare(game, number, before, alike)
    return recorded(desk, game, seconds, number), theirs


def _quartiles(values: Sequence[float]) -> list[float]:
    if len(values) < 2:
        return [round(each, 4) for each in values]
    first, _, third = statistics.quantiles(values, n=4)
    return [round(first, 4), round(third, 4)]


def _rounded(row: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.4g}") for name, value in row.items()}
