"""What this machine found of each experiment. Without Qt: everything here is done in a lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from workbench.errors import UserError
from workbench.evidence import VERDICT, Experiment
from workbench.experiments import halted
from workbench.jobs.start import Desk
from workbench.runs.compare import flat
from workbench.runs.index import Index, Row
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace
from workbench.statistics import Interval
from workbench.texts import Text
from workbench.ui import stored

FAILED = "failed"
"""The outcome of a verdict that could not be reached; its text says why."""


@dataclass(frozen=True)
class Trial:
    """A run of an arm. varied: the parameters in which the arm's runs differ; state: "" where it was deleted."""

    arm: str
    run: str
    state: str
    varied: Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """A verdict that was reached here. outcome: held, did not hold, inconclusive, or failed."""

    row: Row
    outcome: str
    text: Text
    numbers: Mapping[str, Interval | float]
    trials: Sequence[Trial]

    @property
    def quick(self) -> bool:
        """Whether the runs were the short ones."""
        return bool(self.row.params.get("quick"))


def waiting(desk: Desk, experiment: Experiment) -> bool | None:
    """See `experiments.halted`; None too where the experiment cannot be run any more."""
    try:
        return halted(desk, experiment)
    except UserError:
        return None


def read(workspace: Workspace) -> dict[str, list[Judged]]:
    """Every verdict in the workspace that has come to its end, newest first, by experiment."""
    index = Index(workspace)
    try:
        index.refresh()
        rows = {each.id: each for each in index.list_runs()}
    finally:
        index.close()
    found: defaultdict[str, list[Judged]] = defaultdict(list)
    for row in rows.values():
        if row.tool == VERDICT.id and row.state in ("done", "failed"):
            found[str(row.params.get("experiment"))].append(_judged(row, rows))
    return dict(found)


def picture(judged: Judged) -> stored.Stored:
    """Reads what a verdict drew. Raises UserError for a run that was deleted."""
    return stored.read_folder(judged.row.folder)


def drawn(source: stored.Stored) -> dict[str, str]:
    """The streams of a verdict's run that are its picture: all but its text."""
    return {name: kind for name, kind in source.streams().items() if name != VERDICT.id}


def count(experiment: Experiment, *, quick: bool) -> int:
    """How many runs it takes."""
    more = experiment.quick_vary if quick else {}
    return sum(prod(len(values) for values in {**arm.vary, **more}.values()) for arm in experiment.arms)


def _judged(row: Row, rows: Mapping[str, Row]) -> Judged:
    outcome, text = FAILED, Text.from_json((row.error or {}).get("text", ""))
    if row.state == "done":
        reader = Reader(row.folder)
        try:
            verdict = reader.fact("verdict")
        finally:
            reader.close()
        outcome, text = verdict["outcome"], Text.from_json(verdict["text"])
    trials = [each for arm, names in row.params["arms"].items() for each in _trials(arm, names, rows)]
    return Judged(row, outcome, text, numbers(row.last), trials)


def numbers(last: Mapping[str, float]) -> dict[str, Interval | float]:
    """Intervals and single numbers out of the scalars as which a verdict recorded them."""
    means = [name for name in last if all(f"{name}/{end}" in last for end in ("low", "high", "n"))]
    parts = {f"{name}/{end}" for name in means for end in ("low", "high", "n")}
    return {name: _number(last, name, name in means) for name in last if name not in parts}


def _number(last: Mapping[str, float], name: str, whole: bool) -> Interval | float:
    if not whole:
        return last[name]
    return Interval(last[name], last[f"{name}/low"], last[f"{name}/high"], int(last[f"{name}/n"]))


def _trials(arm: str, names: Sequence[str], rows: Mapping[str, Row]) -> list[Trial]:
    params = {name: flat(rows[name].params) if name in rows else {} for name in names}
    differ = [path for path in next(iter(params.values()), {}) if _differs(path, params.values())]
    return [
        Trial(
            arm,
            name,
            rows[name].state if name in rows else "",
            {path: params[name].get(path) for path in differ},
        )
        for name in names
    ]


def _differs(path: str, params: Any) -> bool:
    return len({repr(each.get(path)) for each in params if each}) > 1
