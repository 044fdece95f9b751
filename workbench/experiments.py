"""Running an experiment: its arms as one group of runs, then its verdict as a job of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.errors import UserError
from workbench.evidence import Evidence, Experiment, Verdict, VerdictParams
from workbench.jobs.base import BaseContext
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.sweep import new_group, plan
from workbench.registry import Found, load_object
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


def plan_arms(desk: Desk, experiment: Experiment, quick: bool, command: str = "") -> dict[str, list[Spec]]:
    """The jobs of every arm, in one group."""
    group = new_group(experiment.id)
    planned = {}
    for arm in experiment.arms:
        values = _merged(arm.params, experiment.quick if quick else {})
        vary = {**arm.vary, **(experiment.quick_vary if quick else {})}
        texts = {path: [str(each) for each in choices] for path, choices in vary.items()}
        planned[arm.name] = plan(desk, arm.tool, values, texts, group=group, command=command)
    return planned


def plan_verdict(desk: Desk, experiment: Experiment, arms: Mapping[str, Sequence[Spec]], quick: bool) -> Spec:
    """The job that judges the runs of the arms, once they have ended."""
    runs = {name: tuple(run for spec in specs for run in _runs(spec)) for name, specs in arms.items()}
    group = Reader(next(iter(arms.values()))[0].folder).header.group
    params = VerdictParams(experiment=experiment.id, arms=runs, quick=quick)
    return new_run(desk, "verdict", params, group=group)


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
