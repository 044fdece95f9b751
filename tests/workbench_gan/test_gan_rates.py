"""Rates of a game that is played in a worker: changed by a person while it runs, lowered by the guard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbench.jobs.spec import Change
from workbench.testing.home import desk_here
from workbench.testing.running import Runner, differences

QUICK = {"data": "ring8", "steps": 12, "device": "cpu", "network.width": 8, "batch": 16}


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner(desk_here())
    yield made
    made.close()


def test_a_rate_that_is_changed_while_it_runs_acts_from_there(runner: Runner) -> None:
    plain = runner("gan", QUICK)
    change = Change(step=6, message={"do": "set", "values": {"optimizer.base.lr": 0.5}})
    changed = runner.finish(runner.spec("gan", QUICK).model_copy(update={"replay": (change,)}))
    assert (plain.state, changed.state) == ("done", "done"), plain.said or changed.said
    before, after = (each.scalars()["loss/d"]["value"] for each in (plain, changed))
    assert list(before[:6]) == list(after[:6])
    assert (before[7:] != after[7:]).all()


def test_the_guard_lowers_the_rate_of_both_networks_at_once(runner: Runner) -> None:
    wild = {**QUICK, "optimizer.base.lr": 1e25}
    spec = runner.spec("gan", wild).model_copy(update={"guard": "lower", "guard_factor": 1e-28})
    ran = runner.finish(spec)
    assert ran.state == "done", ran.said
    lowered = [each["values"] for each in ran.reader.changes() if "values" in each and "roll_back" not in each]
    assert lowered == [{"optimizer.base.lr": pytest.approx(1e-3)}]
    assert len(ran.scalars()["loss/d"]) == 12


def test_a_roll_back_restores_weights_optimizers_average_and_random_states(runner: Runner) -> None:
    """The way that was left has changed all of them; what follows is as if it had never been gone."""
    plain = runner("gan", QUICK)
    asked = Change(step=4, message={"do": "checkpoint"})
    back = Change(step=9, message={"do": "roll_back", "step": 4, "reason": "Asked for."})
    ran = runner.finish(runner.spec("gan", QUICK).model_copy(update={"replay": (asked, back)}))
    assert ran.state == "done", ran.said
    assert [each.reason for each in ran.reader.segments()] == ["start", "roll-back"]
    assert sorted(each["kinds"] for each in ran.optimizers()) == [[], ["average"]]
    assert not differences(ran.tensors(), plain.tensors())
    assert not differences(ran.scalars(), plain.scalars())
