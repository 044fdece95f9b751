"""Scalars that lie on a GPU: fetched together, every one kept, and looked at before a checkpoint is trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from workbench import fields
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader
from workbench.testing.home import desk_here
from workbench.texts import Text

Finish = Callable[..., Job]


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("far")
    return desk_here()


def run(desk: Desk, finish: Finish, guard: str, **values: object) -> tuple[Job, Reader]:
    spec = new_run(desk, "far", fields.validate(desk.tool("far").tool.params, values))
    job = finish(spec.model_copy(update={"guard": guard, "device": "meta"}), "thread")  # not the CPU's
    return job, Reader(spec.folder)


def test_every_one_is_kept_at_its_step(desk: Desk, finish: Finish) -> None:
    job, reader = run(desk, finish, "stop")
    size = reader.scalars("size")
    assert job.state == "done"
    assert list(size["step"]) == list(range(1, 21))
    assert np.allclose(size["value"], 0.99 ** size["step"])


@pytest.mark.parametrize("bad", [12, 15, 19, 20])
@pytest.mark.parametrize("guard", ["stop", "lower"])
def test_one_that_is_no_number_is_noticed_before_the_next_checkpoint(
    desk: Desk, finish: Finish, guard: str, bad: int
) -> None:
    job, reader = run(desk, finish, guard, bad=bad)
    assert job.state == {"stop": "failed", "lower": "done"}[guard]
    good = (bad - 1) // 5 * 5
    (note,) = reader.notices()
    assert Text.from_json(note["text"]) == f"Back at step {good}: size diverged at step {bad}."
    assert np.isfinite(reader.scalars("size")["value"]).all()
