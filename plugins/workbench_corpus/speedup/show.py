"""What the experiment shows: seconds, speed-ups and efficiency as they stand after each round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple
from math import exp, log
from typing import Any

import numpy as np

from workbench.api import Context, Interval, interval

from .growth import Point, against_small, later, slowdown
from .ways import Spent

Round = dict[str, Spent]
"""What each way took in one round."""


class Show:
    """Rounds by tokenizer, and the numbers and streams that are made of them.

    Ways in one process are compared by processor seconds, which other programs hardly change; several processes by the
    seconds that pass, for that is what a person waits for. what: tells one measurement from another, whose rounds are
    not to be compared with these.
    """

    def __init__(self, names: Sequence[str], megabytes: float, what: str, context: Context) -> None:
        self._names, self._megabytes, self._what, self._context = names, megabytes, what, context
        self._rounds: dict[str, list[Round]] = {name: [] for name in names}
        self._growth: dict[str, list[list[Point]]] = defaultdict(list)

    def get_state(self) -> dict[str, Any]:
        """What was measured, as JSON."""
        rounds = {
            name: [{way: list(astuple(each[way])) for way in each} for each in of] for name, of in self._rounds.items()
        }
        growth = {
            name: [[list(astuple(point)) for point in curve] for curve in of] for name, of in self._growth.items()
        }
        return {"what": self._what, "rounds": rounds, "growth": growth}

    def set_state(self, state: dict[str, Any]) -> None:
        """The reverse of `get_state`; of another measurement nothing is taken over."""
        if state.get("what") != self._what:
            return
        for name, of in state["rounds"].items():
            self._rounds[name] = [{way: Spent(*each[way]) for way in each} for each in of]
        for name, of in state["growth"].items():
            self._growth[name] = [[Point(*point) for point in curve] for curve in of]

    def take(self, name: str, measured: Round, boots: dict[str, float]) -> None:
        """A round of the tokenizer `name`. boots: the seconds that starting processes took, by way."""
        self._rounds[name].append(measured)
        for way, spent in measured.items():
            self._context.scalars({f"time/{name}/{way}": spent.wall, f"time/{name}/{way}/cpu": spent.cpu})
        one = measured["naive"]
        self._context.scalars({f"time/{name}/naive/given": one.cpu / one.wall})  # it never waits: 1 on a free machine
        self._context.scalars({f"time/{name}/{way}/boot": seconds for way, seconds in boots.items()})
        self._context.scalars({f"time/{name}/{way}/speedup": value for way, value in speedups(measured).items()})
        self._context.scalars({f"time/{name}/{way}/efficiency": value for way, value in efficiencies(measured).items()})

    def grown(self, name: str, points: list[Point]) -> None:
        """A curve of what an update costs."""
        self._growth[name].append(points)
        values = {"later": later(points), "against_small": against_small(points), "slowdown": slowdown(points)}
        self._context.scalars({f"time/{name}/update/{what}": value for what, value in values.items()})
        if len(self._growth[name]) == 1:  # the same in every round
            self._context.scalars({f"types/{name}": points[-1].types})

    def __call__(self) -> None:
        """The picture of all rounds so far."""
        self._seconds()
        self._batching()
        self._processes()
        self._table()
        self._updates()

    def _updates(self) -> None:
        for k, name in enumerate(self._names, 1):
            if curves := self._growth.get(name):
                types, growing, small = np.mean([[(p.types, p.growing, p.small) for p in each] for each in curves], 0).T
                self._context.lines(f"growing_{k}", types, growing[None], labels=[name])
                self._context.lines(f"small_{k}", types, small[None], labels=[f"{name} ∅"])

    def _over(self, name: str, value: Callable[[Round], dict[str, float]]) -> dict[str, Interval]:
        """What `value(round)` says of each way, over all rounds."""
        every = [value(each) for each in self._rounds[name]]
        return {way: geometric([each[way] for each in every]) for way in every[0]}

    def _seconds(self) -> None:
        means = [self._over(name, seconds) for name in self._names]
        labels = [short(way) for way in means[0]]
        self._context.bars(
            "seconds", [[each.mean for each in of.values()] for of in means], labels=labels, names=list(self._names)
        )

    def _batching(self) -> None:
        found = [_only(self._over(name, speedups), "batch_") for name in self._names]
        sizes = list(found[0])
        if sizes:
            means, lows, highs = np.array([[_banded(each) for each in of.values()] for of in found]).transpose(2, 0, 1)
            self._context.lines("batching", sizes, means, lows, highs, labels=list(self._names))

    def _processes(self) -> None:
        for stream, value in (("speedup", speedups), ("efficiency", efficiencies)):
            found = [_only(self._over(name, value), "processes_") for name in self._names]
            if found[0]:
                heights = [[each.mean for each in of.values()] for of in found]
                self._context.bars(stream, heights, labels=[str(n) for n in found[0]], names=list(self._names))

    def _table(self) -> None:
        self._context.table("ways", [row for name in self._names for row in self._rows(name)])

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        took, cpu = self._over(name, seconds), self._over(name, processor_seconds)
        faster, share = self._over(name, speedups), self._over(name, efficiencies)
        for way in took:
            yield {
                "tokenizer": name,
                "way": short(way),
                "seconds": said(took[way]),
                "cpu seconds": said(cpu[way]),
                "MB/s": round(self._megabytes / took[way].mean, 3),
                "speed-up": said(faster[way]) if way in faster else "",
                "efficiency": said(share[way]) if way in share else "",
            }


def geometric(values: Sequence[float]) -> Interval:
    """The geometric mean of numbers > 0 with its 95 % interval, which is one of their logarithms."""
    logs = interval([log(each) for each in values])
    return Interval(exp(logs.mean), exp(logs.low), exp(logs.high), logs.n)


def said(value: Interval) -> str:
    """A mean with its interval, if it has one."""
    return f"{value.mean:.2f} ({value.low:.2f}–{value.high:.2f})" if value.n > 1 else f"{value.mean:.2f}"


def _banded(each: Interval) -> tuple[float, float, float]:
    """Mean, low and high; of a single round there is no band."""
    return (each.mean, each.low, each.high) if each.n > 1 else (each.mean, each.mean, each.mean)


def seconds(measured: Round) -> dict[str, float]:
    """Seconds that passed, by way."""
    return {way: spent.wall for way, spent in measured.items()}


def processor_seconds(measured: Round) -> dict[str, float]:
    """Processor seconds of all processes, by way."""
    return {way: spent.cpu for way, spent in measured.items()}


def speedups(measured: Round) -> dict[str, float]:
    """How many times as fast as one growing dict: batches by processor seconds, processes by seconds that pass."""
    one = measured["naive"]
    return {
        way: one.wall / spent.wall if way.startswith("processes_") else one.cpu / spent.cpu
        for way, spent in measured.items()
        if way != "naive"
    }


def efficiencies(measured: Round) -> dict[str, float]:
    """Speed-up against the same code with one process, by each process; none where one process was not measured."""
    if "processes_1" not in measured:
        return {}
    one = measured["processes_1"].wall
    return {way: one / spent.wall / number(way) for way, spent in measured.items() if way.startswith("processes_")}


def number(way: str) -> int:
    """How many documents a batch has, or how many processes there are."""
    return int(way.rpartition("_")[2])


def short(way: str) -> str:
    """A way's name on an axis: a batch's documents, N = so many processes."""
    return "naive" if way == "naive" else f"N = {number(way)}" if way.startswith("processes_") else f"{number(way)}"


def _only(found: dict[str, Interval], kind: str) -> dict[int, Interval]:
    return {number(way): each for way, each in found.items() if way.startswith(kind)}
