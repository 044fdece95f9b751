"""Arrays among the parameters of a job that runs, or of a live tool: they stay when another parameter changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from workbench import fields
from workbench.jobs.again import repeat_run, resume_run
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, live, new_run
from workbench.jobs.supervisor import Job
from workbench.params import Params
from workbench.runs.arrays import Arrays
from workbench.runs.reader import Reader
from workbench.testing.home import desk_here

MASK = [[True, True, True], [True, True, False]]


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("stencil")
    return desk_here()


def masked(desk: Desk, tool: str, **values: Any) -> Params:
    return fields.validate(desk.tool(tool).tool.params, {"mask": MASK, **values}, Arrays())


@contextmanager
def at_work(desk: Desk, spec: Spec, runner: str) -> Iterator[tuple[Job, Callable[[float], None]]]:
    """The job, and what waits until it has shown a number."""
    job = Job(spec, desk.registry, runner)
    shown: list[float] = []
    job.listen("scalars", lambda event: shown.extend(event.arrays["shown"]["value"]))
    job.watch({"*": 1000})
    thread = threading.Thread(target=job.supervise)
    thread.start()

    def until(number: float) -> None:
        deadline = time.monotonic() + 30
        while number not in shown:
            assert time.monotonic() < deadline, f"{shown[-3:]} {job.error}"
            time.sleep(0.01)

    try:
        yield job, until
    finally:
        job.stop()
        thread.join(30)


@pytest.mark.parametrize("runner", ["process", "thread"])
def test_a_live_tool_begins_with_an_array_and_keeps_it(desk: Desk, runner: str) -> None:
    with at_work(desk, live(desk, "held", masked(desk, "held")), runner) as (job, until):
        until(5.0)
        job.set(gain=2.0)
        until(10.0)
        job.set(mask=[[True, False]])
        until(2.0)
    assert job.state == "done"


def test_a_job_keeps_its_array_when_another_parameter_changes_and_takes_a_new_one(desk: Desk) -> None:
    spec = new_run(desk, "stencil", masked(desk, "stencil", steps=100_000))
    with at_work(desk, spec, "process") as (job, until):
        until(5.0)
        job.set(gain=2.0)
        until(10.0)
        job.set(mask=[[True, False]])
        until(2.0)
    assert job.state == "stopped"
    reader = Reader(spec.folder)
    last = fields.restore(desk.tool("stencil").tool.params, reader.now, Arrays(spec.folder))
    assert (last.model_dump()["gain"], last.model_dump()["mask"].tolist()) == (2.0, [[True, False]])
    assert [each["values"] for each in reader.changes()] == [{"gain": 2.0}, {"mask": [[True, False]]}]


def test_an_array_that_changes_when_a_run_is_resumed_changes_in_its_repeat_too(
    desk: Desk, finish: Callable[..., Job]
) -> None:
    spec = new_run(desk, "stencil", masked(desk, "stencil", steps=3))
    with at_work(desk, spec, "thread") as (job, _):
        job.stop()
    assert job.state == "stopped"
    resumed = resume_run(desk, spec.folder.name, {"mask": "[[true, false]]"})
    assert finish(resumed, "thread").state == "done"
    repeated = repeat_run(desk, spec.folder.name)
    assert finish(repeated, "thread").state == "done"
    for each in (spec, repeated):
        assert set(Reader(each.folder).scalars("shown")["value"]) == {1.0}
