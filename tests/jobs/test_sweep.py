"""Sweeps, stacks, comparisons and experiments on real runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest

from workbench import fields
from workbench.errors import UserError
from workbench.evidence import Arm, Experiment
from workbench.experiments import find, halted, plan_arms, plan_verdict
from workbench.jobs.again import fork_run, resume_run
from workbench.jobs.runners import ProcessRunner
from workbench.jobs.slots import Slots
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, stacked_run
from workbench.jobs.supervisor import Job
from workbench.jobs.sweep import parse_vary, plan, supervise_all, varied
from workbench.params import Group, OneOf, P, Params
from workbench.runs.compare import bands, compare
from workbench.runs.index import Index
from workbench.runs.reader import Reader
from workbench.testing.home import desk_here
from workbench.texts import T, Text

Finish = Callable[..., Job]


def supervise(desk: Desk, specs: list[Spec]) -> list[Job]:
    return supervise_all(desk, specs, lambda job: None, threading.Event())  # noqa: ARG005


def rows(desk: Desk, group: str) -> list[Any]:
    index = Index(desk.workspace)
    index.refresh()
    found = index.list_runs(group=group)
    index.close()
    return found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("seed=0:3", ["0", "1", "2"]),
        ("head.stages=1,3", ["1", "3"]),
        ("lr=1e-3,2e-4", ["1e-3", "2e-4"]),
        ("betas=[[0,0.9],[0,0.99]]", ["[0, 0.9]", "[0, 0.99]"]),
    ],
)
def test_what_varies_is_written_as_a_list_or_a_range(text: str, values: list[str]) -> None:
    assert parse_vary(text) == (text.partition("=")[0], values)


def test_more_runs_than_can_be_made_are_refused_before_they_are_listed() -> None:
    with pytest.raises(UserError, match="This would make 1000000000 runs"):
        parse_vary("seed=0:1000000000")
    with pytest.raises(UserError, match="lr="):
        parse_vary("lr=" + "[" * 100_000)
    assert len(parse_vary("seed=-5000:5000")[1]) == 10_000
    assert parse_vary("seed=--1:²") == ("seed", ["--1:²"])


class Ring(Group):
    kind: Literal["ring"] = "ring"
    sigma: float = P(0.02)


class Grid(Group):
    kind: Literal["grid"] = "grid"


class Learner(Params):
    data: Annotated[Ring | Grid, OneOf()] = P(Grid())


def test_a_member_is_chosen_before_its_fields_are_set() -> None:
    given = {"data": {"kind": "grid"}}
    made = varied(Learner, given, {"data.sigma": "0.1", "data": "ring"})
    assert fields.validate(Learner, made).data == Ring(sigma=0.1)
    assert given == {"data": {"kind": "grid"}}


def test_the_member_that_the_values_hold_keeps_its_fields() -> None:
    held = {"data": {"kind": "ring", "sigma": 0.05}}
    made = [fields.validate(Learner, varied(Learner, held, {"data": name})).data for name in ("ring", "grid", "ring")]
    assert made == [Ring(sigma=0.05), Grid(), Ring(sigma=0.05)]
    assert varied(Learner, held, {"data": '{"kind": "ring"}'}) == {"data": {"kind": "ring"}}


def test_six_runs_two_of_each_stacked(desk: Desk) -> None:
    vary = {"lr": ["0.01", "0.02", "0.05"], "seed": ["0", "1"]}
    specs = plan(desk, "walk", {"steps": 30}, vary, group="six")
    assert [len(each.members) for each in specs] == [1, 1, 1]
    jobs = supervise(desk, specs)
    assert {job.state for job in jobs} == {"done"}
    found = rows(desk, "six")
    assert sorted((row.params["lr"], row.params["seed"]) for row in found) == [
        (lr, seed) for lr in (0.01, 0.02, 0.05) for seed in (0, 1)
    ]
    for row in found:
        reader = Reader(row.folder)
        assert len(reader.scalars("spread")) == 30
        assert reader.frames("here") == list(range(1, 31))
    arms = compare(found)
    assert [(arm.params, len(arm.runs)) for arm in arms] == [({"lr": lr}, 2) for lr in (0.01, 0.02, 0.05)]
    means = [arm.metrics["spread"].mean for arm in arms]
    assert means[1] / means[0] == pytest.approx(2, rel=1e-3)
    band = bands([Reader(row.folder) for row in found[:2]], "spread")
    assert band.shape[1] == 4
    assert (band[:, 2] <= band[:, 1]).all()
    assert (band[:, 1] <= band[:, 3]).all()


def test_a_stack_stops_and_resumes_as_one(desk: Desk, finish: Finish) -> None:
    model = desk.tool("walk").tool.params
    variants = [fields.validate(model, {"steps": 40, "seed": seed}) for seed in (3, 4)]
    whole, parted = (
        stacked_run(desk, "walk", variants),
        stacked_run(desk, "walk", [each.model_copy(update={"steps": 15}) for each in variants]),
    )
    finish(whole)
    finish(parted)
    resumed = resume_run(desk, parted.members[0].folder.name, {"steps": "40"})
    assert resumed.folder == parted.folder
    assert finish(resumed).state == "done"
    for a, b in zip(whole.folders, parted.folders, strict=True):
        assert np.array_equal(Reader(a).scalars("spread")["value"], Reader(b).scalars("spread")["value"])


def stack_of(desk: Desk, n: int) -> Spec:
    model = desk.tool("walk").tool.params
    return stacked_run(desk, "walk", [fields.validate(model, {"steps": 3, "seed": seed}) for seed in range(n)])


def test_a_stack_that_is_withdrawn_while_it_waits_is_cancelled_as_one(desk: Desk) -> None:
    stack, slots = stack_of(desk, 3), Slots(1, 1)
    job = Job(stack, desk.registry, slots=slots)
    job.stop()
    assert job.supervise() == "cancelled"
    assert [Reader(each).state for each in stack.folders] == ["cancelled"] * 3


def test_each_run_of_a_stack_says_that_the_worker_died(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProcessRunner, "run", lambda *_: T("The job was killed."))
    stack = stack_of(desk, 2)
    assert Job(stack, desk.registry).supervise() == "failed"
    for each in map(Reader, stack.folders):
        assert each.state == "failed"
        assert Text.from_json((each.error or {})["text"]) == "The job was killed."


def test_a_run_of_a_stack_is_not_forked_alone_and_one_without_checkpoints_not_at_all(
    desk: Desk, finish: Finish
) -> None:
    stack = stack_of(desk, 2)
    with pytest.raises(UserError, match="has no checkpoint\\."):
        fork_run(desk, stack.folder.name, {})
    finish(stack, "thread")
    for each in stack.folders:
        with pytest.raises(UserError, match="cannot be forked alone"):
            fork_run(desk, each.name, {})
    assert set(desk.workspace.folders()) == set(stack.folders)


def test_nothing_is_made_of_a_sweep_with_a_wrong_value(desk: Desk) -> None:
    with pytest.raises(UserError, match="must be greater than 0"):
        plan(desk, "walk", {}, {"lr": ["0.1", "-1"]})
    assert desk.workspace.folders() == []


@pytest.mark.parametrize("quick", [True, False])
def test_an_experiment_is_run_and_judged(desk: Desk, finish: Finish, quick: bool) -> None:
    experiment = find(desk, "faster-spreads").declaration
    arms = plan_arms(desk, experiment, quick)
    supervise(desk, [spec for arm in arms.values() for spec in arm.specs])
    verdict = plan_verdict(desk, experiment, arms, quick)
    assert finish(verdict).state == "done"
    reader = Reader(verdict.folder)
    assert reader.facts["verdict"]["outcome"] == "held"
    assert reader.last()["gain/n"] == (2 if quick else 3)
    assert reader.last()["gain/low"] > 0
    frame = reader.frame("curves")
    assert frame is not None
    assert frame.arrays["y"].shape == (2, 20 if quick else 100)
    assert len(rows(desk, reader.header.group)) == (5 if quick else 7)


def test_an_arm_may_vary_what_no_word_says(plant: Callable[[str], Path]) -> None:
    plant("lens")
    places = ((0.0, 1.5), (2.0, 0.0))
    desk = desk_here()
    told = Experiment("e", "It bends.", "Optics", (Arm("one", "lens", {}, {"centre": places}),), "lens.look:run")
    (arm,) = plan_arms(desk, told, quick=False).values()
    assert [Reader(desk.workspace.find(run)).params["centre"] for run in arm.runs] == [list(each) for each in places]


def test_an_experiment_that_is_not_there_is_said(desk: Desk) -> None:
    with pytest.raises(UserError, match="faster-spreads"):
        find(desk, "nothing")


@pytest.mark.parametrize("how", ["stopped", "cancelled", "never begun"])
def test_an_experiment_that_was_ended_halfway_goes_on(desk: Desk, finish: Finish, how: str) -> None:
    experiment = find(desk, "faster-spreads").declaration
    assert halted(desk, experiment) is None
    with pytest.raises(UserError, match="No runs of faster-spreads"):
        plan_arms(desk, experiment, quick=True, again=True)
    arms = plan_arms(desk, experiment, quick=True)
    done, left = [spec for arm in arms.values() for spec in arm.specs]
    assert finish(done).state == "done"
    if how != "never begun":
        job = Job(left, desk.registry)
        job.stop(save=how == "stopped")
        assert job.supervise() == how
    assert halted(desk, experiment) is True
    again = plan_arms(desk, experiment, quick=True, again=True)
    ids = [run for arm in again.values() for run in arm.runs]
    assert ids[:2] == [each.name for each in done.folders]
    (spec,) = [spec for arm in again.values() for spec in arm.specs]
    assert ids[2:] == [each.name for each in spec.folders]
    supervise(desk, [spec])
    assert {Reader(desk.workspace.find(each)).header.group for each in ids} == {Reader(done.folder).header.group}
    verdict = plan_verdict(desk, experiment, again, quick=True)
    assert finish(verdict).state == "done"
    assert Reader(verdict.folder).facts["verdict"]["outcome"] == "held"
    assert halted(desk, experiment) is None
