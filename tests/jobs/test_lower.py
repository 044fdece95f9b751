"""A job that diverges goes on with ever lower rates, where none of its parameters may change while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import fields
from workbench.jobs.again import repeat_run
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader
from workbench.testing.home import desk_here

Finish = Callable[..., Job]


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("parabola")
    return desk_here()


def test_rates_get_lower_until_it_converges_and_a_repeat_goes_the_same_way(desk: Desk, finish: Finish) -> None:
    params = fields.validate(desk.tool("parabola").tool.params, {"lr": 3.0, "steps": 100})
    spec = new_run(desk, "parabola", params).model_copy(update={"guard": "lower"})
    assert finish(spec, "thread").state == "done"
    reader = Reader(spec.folder)
    loss = reader.scalars("loss")
    assert list(loss["step"]) == list(range(1, 101))
    assert loss["value"][-1] < loss["value"][0]
    assert sum("scale_rate" in each for each in reader.changes()) >= 2  # 3 and 1.5 diverge
    repeated = repeat_run(desk, spec.folder.name)
    assert finish(repeated, "thread").state == "done"
    assert list(Reader(repeated.folder).scalars("loss")["value"]) == list(loss["value"])
