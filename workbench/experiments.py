"""Running an experiment: its arms as one group of runs, then its verdict as a job of its own."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from workbench.errors import UserError
from workbench.evidence import VERDICT, Evidence, Experiment, Verdict, VerdictParams
from workbench.jobs.again import resume_run
from workbench.jobs.base import BaseContext
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run, recorded, stacked_run
from workbench.jobs.sweep import as_text, new_group, variants
from workbench.params import Params
from workbench.registry import Found, load_object
from workbench.runs.arrays import Arrays
from workbench.runs.index import Index, Row
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace
from workbench.statistics import Interval
from workbench.texts import T


def find(desk: Desk, name: str) -> Found[Experiment]:
    """The experiment of this id. Raises UserError, naming those there are."""
    known = desk.registry.experiments
    if name not in known:
        names = ", ".join(sorted(known)) or "-"
        raise UserError(T("There is no experiment {name}; there are: {known}.", name=name, known=names))
    return known[name]


@dataclass(frozen=True)
class Arm:
    """What is run for an arm. runs: the ids of all of them, in order; specs: the jobs that are still to be done."""

    runs: Sequence[str]
    specs: Sequence[Spec]


def plan_arms(
    desk: Desk, experiment: Experiment, quick: bool, command: str = "", again: bool = False
) -> dict[str, Arm]:
    """The jobs of every arm, in one group.

    again: in the newest group that has no verdict: runs that are done count as they are, those that were stopped are
    resumed, the others made anew. Raises UserError where there is no such group, or a run of it goes on elsewhere.
    """
    wanted = _wanted(desk, experiment, quick)
    halted = next((each for each in _halted(desk, experiment) if each.has_of(wanted)), None) if again else None
    if again and halted is None:
        raise UserError(T("No runs of {name} without a verdict are there to be continued.", name=experiment.id))
    group = halted.name if halted else new_group(experiment.id)
    planned = {}
    for name, (tool, jobs) in wanted.items():
        made = [_job(desk, tool, together, halted, group, command) for together in jobs]
        specs = [spec for _, spec in made if spec is not None]
        planned[name] = Arm([run for runs, _ in made for run in runs], specs)
    return planned


def halted(desk: Desk, experiment: Experiment) -> bool | None:
    """Whether the newest runs that wait for a verdict are the quick ones; None where none do."""
    wanted = {quick: _wanted(desk, experiment, quick) for quick in (True, False)}
    found = (quick for each in _halted(desk, experiment) for quick in wanted if each.has_of(wanted[quick]))
    return next(found, None)


def plan_verdict(desk: Desk, experiment: Experiment, arms: Mapping[str, Arm], quick: bool) -> Spec:
    """The job that judges the runs of the arms, once they have ended."""
    runs = {name: tuple(arm.runs) for name, arm in arms.items()}
    params = VerdictParams(experiment=experiment.id, arms=runs, quick=quick)
    return new_run(desk, VERDICT.id, params, group=group_of(desk, arms))


def group_of(desk: Desk, arms: Mapping[str, Arm]) -> str:
    """The group in which the runs of the arms lie."""
    with closing(Reader(desk.workspace.find(next(iter(arms.values())).runs[0]))) as reader:
        return reader.header.group


Wanted = Mapping[str, tuple[str, list[list[Params]]]]
"""Of every arm the tool, and the parameters of the runs of each job."""


def _wanted(desk: Desk, experiment: Experiment, quick: bool) -> Wanted:
    found = {}
    for arm in experiment.arms:
        values = _merged(arm.params, experiment.quick if quick else {})
        vary = {**arm.vary, **(experiment.quick_vary if quick else {})}
        texts = {path: [as_text(each) for each in choices] for path, choices in vary.items()}
        found[arm.name] = arm.tool, variants(desk, arm.tool, values, texts)
    return found


class _Group:
    """Runs that wait for a verdict; each is taken once."""

    def __init__(self, desk: Desk, name: str, rows: Sequence[Row]) -> None:
        self.name, self._desk = name, desk
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=lambda each: each.state != "done"):
            self._rows[_key(row.tool, row.params)].append(row)

    def has_of(self, wanted: Wanted) -> bool:
        """Whether runs of these are among them."""
        keys = (self._recorded(tool, params) for tool, jobs in wanted.values() for job in jobs for params in job)
        return any(each in self._rows for each in keys)

    def take(self, tool: str, params: Params) -> Row | None:
        """The run with these parameters, a finished one first."""
        rows = self._rows.get(self._recorded(tool, params))
        return rows.pop(0) if rows else None

    def _recorded(self, tool: str, params: Params) -> str:
        return _key(tool, recorded(self._desk, params, Arrays()))


def _halted(desk: Desk, experiment: Experiment) -> list[_Group]:
    """The experiment's groups without a verdict, newest first."""
    index, named = Index(desk.workspace), re.compile(rf"[\d-]+-{re.escape(experiment.id)}-\w+")
    try:
        index.refresh()
        rows = [each for each in index.list_runs() if named.fullmatch(each.group)]
    finally:
        index.close()
    judged = {each.group for each in rows if each.tool == VERDICT.id and each.state == "done"}
    names = sorted({each.group for each in rows} - judged, reverse=True)
    return [_Group(desk, name, [each for each in rows if each.group == name]) for name in names]


def _key(tool: str, params: Mapping[str, Any]) -> str:
    return json.dumps([tool, params], sort_keys=True, default=str)


def _job(
    desk: Desk, tool: str, together: Sequence[Params], halted: _Group | None, group: str, command: str
) -> tuple[Sequence[str], Spec | None]:
    """The runs of a job, and what is to be done for them, None where they are done."""
    rows = [row for each in together if halted and (row := halted.take(tool, each)) is not None]
    runs = [each.id for each in rows]
    if len(rows) == len(together):
        if all(each.state == "done" for each in rows):
            return runs, None
        try:
            spec = resume_run(desk, runs[0], {})
        except UserError:
            if any(each.state == "running" for each in rows):
                raise  # elsewhere; all others are made anew
        else:
            if _runs(spec) == runs:  # not where a stack was never begun
                return runs, spec
    spec = stacked_run(desk, tool, together, group=group, command=command)
    return _runs(spec), spec


def _runs(spec: Spec) -> list[str]:
    return [spec.folder.name, *(each.folder.name for each in spec.members)]


def _merged(values: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(values)
    for name, value in over.items():
        inner = merged.get(name)
        merged[name] = _merged(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return merged


# --------------------------------------------------------------------------------- in the worker


def judge(params: VerdictParams, context: BaseContext) -> None:
    """The job of the tool `verdict`: the experiment's own function over its runs; its numbers become scalars."""
    found = context.registry.experiments[params.experiment]
    evidence = Runs(Workspace(context.spec.workspace), params.arms)
    verdict: Verdict = load_object(found.package, found.declaration.verdict)(evidence, context)
    for name, number in verdict.numbers.items():
        context.scalars(_scalars(name, number))
    context.text("verdict", verdict.text, outcome=verdict.outcome)
    context.recorder.set_facts(verdict={"outcome": verdict.outcome, "text": verdict.text})


def _scalars(name: str, number: Interval | float) -> dict[str, float]:
    if not isinstance(number, Interval):
        return {name: number}
    return {name: number.mean, f"{name}/low": number.low, f"{name}/high": number.high, f"{name}/n": number.n}


class Runs(Evidence):
    """The evidence that lies in a workspace."""

    def __init__(self, workspace: Workspace, arms: Mapping[str, Sequence[str]]) -> None:
        self._workspace, self._arms = workspace, arms

    def trials(self, arm: str) -> list[Run]:
        """See `Evidence.trials`."""
        if arm not in self._arms:
            raise UserError(T("The experiment has no arm {arm}.", arm=arm))
        runs = [Run(Reader(self._workspace.find(name))) for name in self._arms[arm]]
        return [run for run in runs if run.done]

    def metric(self, arm: str, name: str) -> list[float]:
        """See `Evidence.metric`."""
        trials = self.trials(arm)
        if len(trials) < len(self._arms[arm]):
            raise UserError(T("Not every run of {arm} was finished.", arm=arm))
        for run in trials:
            if name not in run.metrics:
                raise UserError(T("Run {run} has no metric {name}.", run=run.id, name=name))
        return [run.metrics[name] for run in trials]


class Run:
    """A finished run as evidence."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.id = reader.id
        self.params: Mapping[str, Any] = reader.params
        self.metrics: Mapping[str, float] = reader.last()

    @property
    def done(self) -> bool:
        """Whether it came to its end."""
        return self._reader.state == "done"

    def scalars(self, name: str) -> Any:
        """See `Trial.scalars`."""
        return self._reader.scalars(name)
