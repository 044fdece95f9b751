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
