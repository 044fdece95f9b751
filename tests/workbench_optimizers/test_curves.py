"""Learning curves: every variant starts alike and meets the same batches; what a network cannot take is said."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from workbench_optimizers.curves import CURVES, Curves
from workbench_optimizers.curves.tasks import SHADES, network, task_of
from workbench_optimizers.curves.train import Race

from workbench.errors import UserError
from workbench.testing.home import desk_here
from workbench.testing.running import Runner


class Listener:
    """What a race needs of `workbench.context.Context`."""

    def __init__(self, params: Curves) -> None:
        self.params = params
        self.last: dict[str, float] = {}
        self.tables: dict[str, Any] = {}

    def scalars(self, values: dict[str, float]) -> None:
        self.last |= values

    def table(self, stream: str, rows: Any) -> None:
        self.tables[stream] = rows


def raced(steps: int, **values: Any) -> Listener:
    params = Curves.model_validate({"steps": steps, "every": steps, **values})
    context = Listener(params)
    race = Race(params, context)  # type: ignore[arg-type]
    for step in range(1, steps + 1):
        race.take(step)
    race.told()
    return context


def chain(base: dict[str, Any], *stages: dict[str, Any]) -> dict[str, Any]:
    return {"base": base, "stages": list(stages)}


SGD, ADAM = {"kind": "sgd", "lr": 0.1}, {"kind": "adam", "lr": 3e-3}


def test_variants_differ_by_their_chain_alone() -> None:
    same = {"kind": "rates", "factors": []}
    found = raced(12, optimizer=chain(ADAM, same), others=[chain(ADAM)], batch=16).last
    assert found["loss/chain"] == found["loss/1 adam"] == found["loss/2 adam"]
    other = raced(12, optimizer=chain(ADAM, same), seed=1, batch=16).last
    assert other["loss/chain"] != found["loss/chain"]


def test_a_rate_that_is_changed_while_it_runs_acts_on_the_chain_and_on_what_shares_its_base() -> None:
    slow, fast = (
        Curves.model_validate({"optimizer": chain({**SGD, "lr": lr}, {"kind": "lookahead"}), "others": [chain(SGD)]})
        for lr in (1e-3, 0.3)
    )
    context, wanted = Listener(slow), Listener(fast)
    changed, other = (Race(each.params, each) for each in (context, wanted))  # type: ignore[arg-type]
    context.params = fast
    for race in (changed, other):
        race.take(1)
        race.take(2)
    assert context.last == wanted.last
    moved = [each.optimizer.param_groups[0]["lr"] for each in changed.learners]
    assert moved == [0.3, 0.3, SGD["lr"]]


@pytest.mark.parametrize("base", [SGD, ADAM])
def test_micro_batches_accumulated_are_one_large_batch(base: dict[str, Any]) -> None:
    quiet = {"compare": "nothing"}
    small = raced(40, optimizer=chain(base, {"kind": "accumulate", "batches": 4}), batch=32, **quiet).last
    large = raced(10, optimizer=chain(base), batch=128, **quiet).last
    assert small["loss/chain"] == pytest.approx(large["loss/chain"], rel=1e-5)
    assert small["norm/chain"] == pytest.approx(large["norm/chain"], rel=1e-6)


@pytest.mark.parametrize("task", ["images", "words"])
def test_a_short_training_learns(task: str) -> None:
    found = raced(150, task=task, optimizer=chain(ADAM, {"kind": "average", "decay": 0.9}), batch=32)
    assert found.last["accuracy/chain"] > 0.6
    assert ("rare/chain" in found.last) == (task == "words")
    assert [row["variant"] for row in found.tables["variants"]] == ["chain", "1 adam"]


def test_the_words_are_pixels_and_a_quarter_of_the_digits_is_full_of_rare_ones() -> None:
    task = task_of(Curves.model_validate({"task": "words"}).task)
    assert task.x.shape[1] == 64
    assert (task.x // SHADES == torch.arange(64)).all()
    assert task.rare is not None
    assert 0.24 < float(task.rare.double().mean()) < 0.27


def test_first_weights_are_the_seeds_alone_and_draw_nothing_elsewhere() -> None:
    before = torch.get_rng_state()
    one, two, other = (network(Curves().task, seed) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), before)
    pairs = zip(one.parameters(), two.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(next(iter(one.parameters())), next(iter(other.parameters())))


@pytest.mark.parametrize("base", ["sparseadam", "muon"])
def test_a_base_that_cannot_train_the_network_is_refused_at_its_field(base: str) -> None:
    with pytest.raises(UserError) as told:
        raced(1, optimizer={"base": base})
    assert told.value.field == "optimizer.base"
    with pytest.raises(UserError) as told:
        raced(1, others=[chain(ADAM), {"base": base}])
    assert told.value.field == "others.1.base"


def test_a_variant_that_diverges_ends_its_own_curves_and_not_the_run() -> None:
    """L-BFGS without a line search, on other samples in each step, comes to nothing within ten; so may the chain."""
    lbfgs, task = chain({"kind": "lbfgs"}), {"kind": "images", "depth": 3}
    values = {"optimizer": chain(ADAM), "compare": "nothing", "task": task, "steps": 40, "every": 20}
    ran = Runner(desk_here(), "thread")("optimizer-curves", {**values, "others": [lbfgs]})
    assert ran.state == "done", ran.said
    found = ran.scalars()
    assert len(found["batch/chain"]) == 40
    assert max(found["batch/1 lbfgs"]["value"]) <= 100
    assert 0 < len(found["batch/1 lbfgs"]) < 20
    assert "loss/chain" in found
    assert "loss/1 lbfgs" not in found
    said = [str(each["text"]) for each in ran.reader.notices()]
    assert said == ["1 lbfgs diverged: where its loss is beyond 100, its curves have a gap."]
    alone = Runner(desk_here(), "thread")("optimizer-curves", {**values, "optimizer": lbfgs})
    assert "batch/chain diverged" in alone.said


def test_a_base_with_a_closure_trains() -> None:
    found = raced(3, optimizer={"base": {"kind": "lbfgs", "max_iter": 3}}, batch=256).last
    assert found["accuracy/chain"] > 0.2


def test_presets_are_checked_and_say_what_to_look_for() -> None:
    for preset in CURVES.presets:
        Curves.model_validate(preset.values)
        assert preset.text
