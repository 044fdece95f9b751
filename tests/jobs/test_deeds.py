"""Actions between two steps at which a checkpoint already lies: none is lost by stopping and going on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from workbench.jobs.again import fork_run, repeat_run, resume_run
from workbench.jobs.context import JobContext
from workbench.jobs.spec import Change, Spec
from workbench.jobs.start import Desk
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader

Walk = Callable[..., Spec]
Finish = Callable[..., Job]
SAVE, HOME, STOP = {"do": "checkpoint"}, {"do": "call", "action": "home", "values": {}}, {"do": "stop"}
BACK = {"do": "roll_back", "step": 7, "reason": "to see it again"}


def told(spec: Spec, step: int, *messages: dict[str, Any]) -> Spec:
    """The same job, told these between two steps."""
    return spec.model_copy(update={"replay": tuple(Change(step=step, message=each) for each in messages)})


def spread(folder: Path) -> list[float]:
    with closing(Reader(folder)) as reader:
        return [float(each) for each in reader.scalars("spread")["value"]]


def run(finish: Finish, specs: Iterable[Spec]) -> list[list[float]]:
    """How the points of each spread, all the way."""
    return [(finish(each, "thread"), spread(each.folder))[1] for each in specs]


def test_a_run_that_was_stopped_after_an_action_goes_the_same_way(desk: Desk, walk: Walk, finish: Finish) -> None:
    whole, parted = told(walk(steps=20), 7, HOME), told(walk(steps=20), 7, SAVE, HOME, STOP)
    (wanted, _) = run(finish, (whole, parted))
    (found,) = run(finish, [resume_run(desk, parted.folder.name, {})])
    (again,) = run(finish, [repeat_run(desk, parted.folder.name)])
    assert found == again == wanted


def test_a_fork_that_was_stopped_after_an_action_where_it_began_goes_the_same_way(
    desk: Desk, walk: Walk, finish: Finish
) -> None:
    parent = told(walk(steps=20), 7, SAVE)
    finish(parent, "thread")
    whole, parted = (fork_run(desk, parent.folder.name, {}, 7) for _ in range(2))
    (wanted, _) = run(finish, (told(whole, 7, HOME), told(parted, 7, HOME, STOP)))
    assert run(finish, [resume_run(desk, parted.folder.name, {})]) == [wanted]


def test_an_action_before_the_first_step_is_done_again(desk: Desk, walk: Walk, finish: Finish) -> None:
    parted = told(walk(steps=20), 0, HOME, STOP)
    assert finish(parted, "thread").state == "stopped"
    assert finish(resume_run(desk, parted.folder.name, {}), "thread").state == "done"
    with closing(Reader(parted.folder)) as reader:
        assert [(each["kind"], each["visible"]) for each in reader.changes()] == [("action", False), ("action", True)]


def test_who_goes_back_to_an_action_has_it_still(desk: Desk, walk: Walk, finish: Finish) -> None:
    spec = told(walk(steps=20), 7, SAVE, HOME, BACK)
    (found,) = run(finish, [spec])
    assert run(finish, [repeat_run(desk, spec.folder.name)]) == [found]


def test_a_checkpoint_that_is_written_anew_is_there_once_and_as_long_as_before(context: JobContext) -> None:
    state = np.zeros(1)
    context.track(state=state)
    context.on("up", lambda: state.__iadd__(1))
    for step in context.steps(9):
        if step in (3, 6):  # inside step 3 two have been done
            context.save(pinned=step == 3)
            context.call("up", {})
    with closing(Reader(context.spec.folder)) as reader:
        assert [(each.step, each.kept) for each in reader.checkpoints()] == [(0, ""), (2, "pinned"), (9, "")]
    assert len(list((context.spec.folder / "checkpoints").iterdir())) == 3
    context.back_to(2, "to see it again")
    assert state == 1


def test_who_goes_back_to_the_beginning_has_what_was_done_there(context: JobContext) -> None:
    """The record shows it, and who resumes there does it again: so does who goes on at once."""
    state = np.zeros(1)
    context.track(state=state)
    context.on("up", lambda: state.__iadd__(2))
    context.mailbox.put({"do": "call", "action": "up", "values": {}})
    for step in context.steps(3):
        state *= 3
        if step == 2:
            break
    context.back_to(0, "to see it again")
    assert state == 2
