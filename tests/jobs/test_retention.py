"""What settings say of jobs reaches them: how many checkpoints are kept, how many jobs run at once."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.again import fork_run, repeat_run, resume_run
from workbench.jobs.context import JobContext
from workbench.jobs.slots import Slots, has_gpu
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.arrays import Arrays
from workbench.runs.reader import Reader
from workbench.settings import Settings
from workbench.testing.home import desk_here


@pytest.mark.parametrize(("kept", "steps"), [(1, [0, 20, 100]), (3, [0, 20, 60, 80, 100])])
def test_as_many_checkpoints_are_kept_as_the_settings_say(
    desk: Desk, finish: Callable[..., Job], kept: int, steps: list[int]
) -> None:
    desk = replace(desk, settings=Settings(checkpoints_kept=kept))
    spec = new_run(desk, "walk", fields.validate(desk.tool("walk").tool.params, {"steps": 100}))  # 20 is the best
    assert finish(spec).state == "done"
    assert [each.step for each in Reader(spec.folder).checkpoints()] == steps
    assert len(list((spec.folder / "checkpoints").iterdir())) == len(steps)


def test_the_best_checkpoint_stays_the_best_when_the_run_is_resumed(desk: Desk, finish: Callable[..., Job]) -> None:
    desk = replace(desk, settings=Settings(checkpoints_kept=1))
    spec = new_run(desk, "walk", fields.validate(desk.tool("walk").tool.params, {"steps": 60}))  # 20 is the best
    finish(spec, "thread")
    assert finish(resume_run(desk, spec.folder.name, {"steps": "120"}), "thread").state == "done"
    assert [each.step for each in Reader(spec.folder).checkpoints()] == [0, 20, 120]


def test_what_was_reported_on_a_way_that_was_left_scores_no_later_checkpoint(context: JobContext) -> None:
    reports = {10: 5.0, 11: 0.1, 13: 1.0, 20: 9.0}
    context.track(state=np.zeros(1))
    for step in context.steps(20):
        if step in reports:
            context.scalars(spread=reports[step])
        if step in (10, 12, 13, 20):
            context.checkpoint()
        if step == 11 and reports.pop(11, 0.0):
            context.roll_back("it is too good to be true")
    assert left(context) == [0, 13, 20]


def test_who_has_gone_back_goes_back_to_nothing_of_the_way_that_was_left(context: JobContext) -> None:
    to_the_first = {"do": "roll_back", "step": 0, "reason": "it went nowhere"}
    again, done = ["again"], list[int]()
    context.track(state=np.zeros(1))
    for step in context.steps(9):
        done.append(step)
        if step in (3, 6):
            context.checkpoint()
        if step == 8 and done.count(8) == 1:
            context.mailbox.put(to_the_first)
        if step == 2 and done.count(2) == 2 and again:
            context.roll_back(again.pop())
    assert done == [*range(1, 9), 1, 2, *range(1, 10)]


def test_a_checkpoint_that_is_there_already_can_be_pinned(context: JobContext) -> None:
    context.track(state=np.zeros(1))
    for step in context.steps(9):
        context.save()
        context.save(pinned=step == 4)
    assert left(context) == [0, 3, 9]  # inside step 4 three have been done


def test_a_fork_keeps_where_it_begins_whatever_becomes_of_the_run_that_it_came_from(
    desk: Desk, finish: Callable[..., Job]
) -> None:
    desk = replace(desk, settings=Settings(checkpoints_kept=1))
    spec = new_run(desk, "walk", fields.validate(desk.tool("walk").tool.params, {"steps": 60}))
    finish(spec, "thread")
    fork = fork_run(desk, spec.folder.name, {"steps": "130"})
    finish(resume_run(desk, spec.folder.name, {"steps": "120"}), "thread")
    assert 60 not in [each.step for each in Reader(spec.folder).checkpoints()]
    shutil.rmtree(spec.folder)
    assert finish(fork, "thread").state == "done"
    assert [each.step for each in Reader(fork.folder).checkpoints()] == [60, 80, 130]
    again = repeat_run(desk, fork.folder.name)
    assert finish(again, "thread").state == "done"
    twice = repeat_run(desk, again.folder.name)
    assert finish(twice, "thread").state == "done"
    expected = list(Reader(fork.folder).scalars("spread")["value"])
    for each in (again, twice):
        assert list(Reader(each.folder).scalars("spread")["value"]) == expected


def test_a_checkpoint_that_goes_while_it_is_taken_over_leaves_no_run(desk: Desk, walk: Callable[..., Spec]) -> None:
    spec = walk(steps=3)
    Job(spec, desk.registry, "thread").supervise()
    shutil.rmtree(spec.folder / "checkpoints" / "000-000000003")
    with pytest.raises(UserError, match="cannot be taken over"):
        fork_run(desk, spec.folder.name, {})
    assert desk.workspace.folders() == [spec.folder]


def test_a_run_that_is_done_and_keeps_no_state_is_not_begun_again_over_its_result(
    plant: Callable[[str], Path], finish: Callable[..., Job]
) -> None:
    plant("stencil")
    desk = desk_here()
    spec = new_run(desk, "stencil", fields.validate(desk.tool("stencil").tool.params, {"steps": 3}, Arrays()))
    finish(spec)
    with pytest.raises(UserError, match="is done"):
        resume_run(desk, spec.folder.name, {"steps": "5"})


def left(context: JobContext) -> list[int]:
    """The steps of the checkpoints that are left."""
    steps = [each.step for each in Reader(context.dir).checkpoints()]
    assert len(list((context.dir / "checkpoints").iterdir())) == len(steps)
    return steps


@pytest.mark.parametrize(
    ("there", "setting", "tool", "values", "slot"),
    [
        (True, "auto", "parabola", {}, "gpu"),
        (False, "auto", "parabola", {}, "cpu"),
        (True, "cpu", "parabola", {}, "cpu"),
        (True, "cpu", "parabola", {"device": "cuda"}, "gpu"),
        (True, "cuda:0", "parabola", {"device": "cpu"}, "cpu"),
        (True, "cuda:0", "parabola", {}, "gpu"),  # that of auto
        (True, "auto", "parabola", {"device": "cuda:1"}, "gpu:1"),
        (True, "auto", "stencil", {}, "cpu"),  # it does without torch
    ],
)
def test_a_job_waits_for_a_slot_of_what_it_will_compute_on(
    plant: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    there: bool,
    setting: str,
    tool: str,
    values: dict[str, str],
    slot: str,
) -> None:
    monkeypatch.setattr("workbench.jobs.slots.has_gpu", lambda: there)
    plant(tool)
    desk = replace(desk_here(), settings=Settings(device=setting))
    assert new_run(desk, tool, fields.validate(desk.tool(tool).tool.params, values, Arrays())).slot == slot


@pytest.mark.parametrize(("count", "visible", "found"), [(2, None, True), (0, None, False), (2, "", False)])
def test_a_gpu_is_there_as_the_driver_says_unless_it_is_hidden(
    monkeypatch: pytest.MonkeyPatch, count: int, visible: str | None, found: bool
) -> None:
    def tell(into: Any) -> int:
        into._obj.value = count
        return 0

    driver = SimpleNamespace(nvmlInit_v2=lambda: 0, nvmlShutdown=lambda: 0, nvmlDeviceGetCount_v2=tell)
    monkeypatch.setattr("workbench.jobs.slots.ctypes.CDLL", lambda _: driver)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert has_gpu.__wrapped__() is found


def test_more_slots_let_those_who_wait_begin(walk: Callable[..., Spec]) -> None:
    slots, begun, end = Slots(1, 1), threading.Semaphore(0), threading.Event()

    def take(spec: Spec) -> None:
        with slots.take(spec, threading.Event()):
            begun.release()
            end.wait(10)

    threads = [threading.Thread(target=take, args=(walk(steps=1),)) for _ in range(3)]
    for each in threads:
        each.start()
    assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.3)
    slots.resize(2, 1)
    assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.3)
    end.set()
    for each in threads:
        each.join(10)


def test_slots_are_counted_on_each_gpu(walk: Callable[..., Spec]) -> None:
    slots, end = Slots(cpu=1, gpu=1), threading.Event()
    begun: list[int] = []

    def take(place: int, slot: str) -> None:
        with slots.take(walk(steps=1).model_copy(update={"slot": slot}), threading.Event()):
            begun.append(place)
            end.wait(10)

    wishes = ("gpu", "gpu:1", "cpu", "gpu:1")
    threads = [threading.Thread(target=take, args=each) for each in enumerate(wishes)]
    for each in threads:
        each.start()
        each.join(0.5)
    assert begun == [0, 1, 2]
    end.set()
    for each in threads:
        each.join()
    assert begun == [0, 1, 2, 3]
