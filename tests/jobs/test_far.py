"""Scalars that lie on a GPU: fetched together and later, every one kept."""

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

Finish = Callable[..., Job]


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("far")
    return desk_here()


def run(desk: Desk, finish: Finish, guard: str, **values: object) -> tuple[Job, Reader]:
    spec = new_run(desk, "far", fields.validate(desk.tool("far").tool.params, values))
    job = finish(spec.model_copy(update={"guard": guard}), "thread")
    return job, Reader(spec.folder)


def test_every_one_is_kept_at_its_step(desk: Desk, finish: Finish) -> None:
    job, reader = run(desk, finish, "stop")
    size = reader.scalars("size")
    assert job.state == "done"
    assert list(size["step"]) == list(range(1, 21))
    assert np.allclose(size["value"], 0.99 ** size["step"])
