"""Pairs of loops: a training loop recorded and listened to, and the same loop bare, that take short turns.

One is halted as a whole, with all its threads, while the other goes. So both have the same machine: how fast a shared
one is differs by tenths from one second to the next. Two bare loops come out alike within 2 %. What falls due while the
recorded loop is halted, a frame and a commit, is done in its next turn: more of both than without turns.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.benchmarks.plugins.duel.ticks import Ticks
from workbench.jobs import pages
from workbench.jobs.supervisor import Job

PLUGINS = Path(__file__).parent / "plugins"
FRAME_RATE = 30.0
WARM = {"mlp": 100, "conv": 20}
"""Steps that each loop does before it is measured."""
TURN = 0.2
"""Seconds that a loop goes before the other has its turn."""
AHEAD = 10
"""By so many times its first steps the recorded loop is ahead, for the bare one makes samples where it made them."""
Figures = dict[str, Any]
Waits = Generator[float, None, Figures]
"""Yields how many seconds to wait, and returns figures: whoever drives it waits in its own way."""


class Loop:
    """A loop in a process of its own. ticks: where it tells of its steps. around: entered in each of its turns."""

    def __init__(
        self, process: int, ticks: Ticks, around: Callable[[], AbstractContextManager[Any]] = nullcontext
    ) -> None:
        self.around = around
        self.turns: list[tuple[float, float]] = []
        self._process, self._ticks = psutil.Process(process), ticks
        self._spent = 0.0

    @property
    def done(self) -> int:
        """How many steps it has done."""
        return self._ticks.done

    def reach(self, step: int) -> Iterator[float]:
        """Waits until it has done so many. Raises RuntimeError where it ends before."""
        while self.done < step:
            if not self._process.is_running() or self._process.status() == psutil.STATUS_ZOMBIE:
                raise RuntimeError("the loop has ended")
            yield 0.05

    def halt(self) -> None:
        """Stops it as it stands."""
        self._process.suspend()

    def go(self) -> None:
        """Lets it go on."""
        self._process.resume()

    def keep_ahead(self, other: Loop, steps: int) -> Iterator[float]:
        """Goes on, which does not count as a turn, where it is not so many steps ahead of another that is halted."""
        if self.done < other.done + steps:
            self.go()
            yield from self.reach(other.done + 2 * steps)
            self.halt()

    def turn(self) -> Iterator[float]:
        """One turn."""
        spent, begun = self._cpu(), time.perf_counter()
        with self.around():
            self.go()
            yield TURN
            self.halt()
        self.turns.append((begun, time.perf_counter()))
        self._spent += self._cpu() - spent

    def figures(self) -> Figures:
        """Of its turns: rate, whole steps in a second of theirs; cpu_ms, processor time of the process for each."""
        ends = np.asarray(self._ticks.ends)
        whole = [ends[(ends > begun) & (ends <= end)] for begun, end in self.turns]
        count, seconds = sum(len(each) - 1 for each in whole), sum(each[-1] - each[0] for each in whole)
        return {"rate": count / seconds, "cpu_ms": 1e3 * self._spent / sum(map(len, whole))}

    def heard(self, times: Sequence[float]) -> float:
        """How many of these moments fall into a second of its turns."""
        inside = sum(begun < each <= end for each in times for begun, end in self.turns)
        return inside / sum(end - begun for begun, end in self.turns)

    def _cpu(self) -> float:
        spent = self._process.cpu_times()
        return spent.user + spent.system


class Pair:
    """What `contest` needs: which game, seed, seconds for each loop, and a folder for what they tell."""

    def __init__(self, folder: Path, game: str, seconds: float, seed: int) -> None:
        self.game, self.seconds, self.seed = game, seconds, seed
        self._paths = folder / f"ours-{seed}", folder / f"theirs-{seed}"
        self.ours, self.theirs = map(Ticks.new, self._paths)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the recorded run."""
        return {"game": self.game, "seed": self.seed, "ticks": str(self._paths[0])}

    @contextmanager
    def bare(self, alike: bool) -> Iterator[Loop]:
        """The bare loop. alike: with its memory in huge pages, as a worker's; else as that of any script."""
        like, ticks = map(str, self._paths)
        task = {"game": self.game, "seed": self.seed, "ticks": ticks, "like": like, "alike": alike}
        place = {**(pages.environment(os.environ) if alike else os.environ), "PYTHONPATH": str(PLUGINS)}
        command = [sys.executable, "-m", "duel.bare", json.dumps(task)]
        with subprocess.Popen(command, env=place, stdin=subprocess.PIPE) as process:
            try:
                yield Loop(process.pid, self.theirs)
            finally:
                process.kill()

    def contest(
        self, job: Job, times: Sequence[float], around: Callable[[], AbstractContextManager[Any]] = nullcontext,
        alike: bool = False,
    ) -> Waits:  # fmt: skip
        """Of a job that has begun: both loops' figures, and how often in a second of ours something came.

        times: of what comes; around: entered in each of our turns. The job goes on afterwards.
        """
        while not (pid := getattr(job._runner, "pid")):  # noqa: B009 - of the process runner alone
            yield 0.05
        ours = Loop(pid, self.ours, around)
        warm = WARM[self.game]
        yield from ours.reach((1 + AHEAD) * warm)
        ours.halt()
        try:
            with self.bare(alike) as theirs:
                yield from theirs.reach(warm)
                theirs.halt()
                for _ in range(max(1, round(self.seconds / TURN))):
                    yield from ours.keep_ahead(theirs, AHEAD * warm)
                    yield from ours.turn()
                    yield from theirs.turn()
                    if theirs.done > ours.done:
                        raise RuntimeError("the bare loop cannot know whether samples were made in its last steps")
        finally:
            ours.go()
        return row(ours, theirs) | {"frames_per_second": ours.heard(times)}


def row(ours: Loop, theirs: Loop) -> Figures:
    """The figures of a pair."""
    recorded, bare = ours.figures(), theirs.figures()
    return {
        "ratio": recorded["rate"] / bare["rate"], "cpu_ratio": bare["cpu_ms"] / recorded["cpu_ms"],
        "steps_per_second": recorded["rate"], "bare_steps_per_second": bare["rate"],
        "cpu_ms": recorded["cpu_ms"], "bare_cpu_ms": bare["cpu_ms"],
    }  # fmt: skip


def drive(waits: Waits, wait: Callable[[float], object]) -> Figures:
    """Waits as told; what is returned at the end."""
    while True:
        try:
            wait(next(waits))
        except StopIteration as end:
            found: Figures = end.value
            return found


def summary(rows: Sequence[Figures]) -> Figures:
    """The medians of many pairs, and how far the ratio was spread."""
    ratios = [each["ratio"] for each in rows]
    spread = {"ratio_low": min(ratios), "ratio_p10": float(np.percentile(ratios, 10)), "ratio_high": max(ratios)}
    return rounded({name: statistics.median(each[name] for each in rows) for name in rows[0]} | spread) | {
        "ratio_quartiles": [round(float(each), 4) for each in np.percentile(ratios, (25, 75))]
    }


def rounded(figures: Figures) -> Figures:
    """Four digits."""
    return {name: float(f"{value:.4g}") for name, value in figures.items()}
