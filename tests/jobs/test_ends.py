"""A worker ends as Python does: what was left to do is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import fields
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.testing.home import desk_here


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("lasts")
    return desk_here()


def test_threads_are_waited_for_and_what_was_registered_is_called(desk: Desk, finish: Callable[..., Job]) -> None:
    spec = new_run(desk, "lasts", fields.validate(desk.tool("lasts").tool.params, {}))
    assert finish(spec).state == "done"
    assert (spec.folder / "in a thread").read_text("utf-8") == "done"
    assert (spec.folder / "at the end").read_text("utf-8") == "done"
    assert (spec.folder / "log.txt").read_text("utf-8").endswith("not flushed")


def test_a_thread_without_end_does_not_keep_the_job(desk: Desk, finish: Callable[..., Job]) -> None:
    spec = new_run(desk, "lasts", fields.validate(desk.tool("lasts").tool.params, {"seconds": 1000}))
    assert finish(spec.model_copy(update={"grace": 0.5})).state == "done"
    assert not (spec.folder / "in a thread").exists()
