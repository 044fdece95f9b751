"""The experiments: what they declare, and what their verdicts make of numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from workbench_optimizers.curves import Curves
from workbench_optimizers.experiments import EXPERIMENTS, Order, verdicts
from workbench_optimizers.experiments import order as orders

from workbench.fields import assign
from workbench.ml.optim.params import CLASHES, Lookahead


class Silent:
    """A context that shows nothing."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_, **__: None


@dataclass
class Run:
    """A finished run."""

    metrics: Mapping[str, float]
    params: Mapping[str, Any]
    curve: Sequence[float] = ()
    id: str = "run"

    def scalars(self, _name: str) -> Any:
        return {"step": np.arange(len(self.curve)), "value": np.array(self.curve)}


class Found:
    """Evidence as it might have been found."""

    def __init__(self, **arms: list[Run]) -> None:
        self.arms = {name.replace("_", " "): runs for name, runs in arms.items()}

    def trials(self, arm: str) -> list[Run]:
        return self.arms[arm]

    def metric(self, arm: str, name: str) -> list[float]:
        return [each.metrics[name] for each in self.arms[arm]]


def losses(*values: float, **more: Any) -> list[Run]:
    return [
        Run({"loss/chain": each, "rare/chain": each, "norm/chain": each}, {"seed": k}, **more)
        for k, each in enumerate(values)
    ]


def judged(verdict: Any, found: Found) -> str:
    return str(verdict(found, Silent()).outcome)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda each: each.id)
def test_every_arm_can_be_run(experiment: Any) -> None:
    for arm in experiment.arms:
        model = Order if arm.tool == "optimizer-order" else Curves
        values = dict(arm.params)
        for path, choices in {**arm.vary, **experiment.quick_vary}.items():
            assign(model, values, path, str(choices[0]))
        model.model_validate({**values, **experiment.quick})
    assert "archives/7094" in experiment.source


@pytest.mark.parametrize(
    ("warm", "outcome"),
    [((0.1, 0.12, 0.11), "held"), ((0.9, 0.95, 0.97), "did not hold"), ((0.1, 0.9, 0.5), "inconclusive")],
)
def test_warm_up(warm: tuple[float, ...], outcome: str) -> None:
    found = Found(at_once=losses(0.5, 0.52, 0.49))
    found.arms["warm-up"] = losses(*warm)
    assert judged(verdicts.warm_up, found) == outcome


@pytest.mark.parametrize(("adam", "outcome"), [((2.0, 2.1), "held"), ((1.0, 1.0), "inconclusive")])
def test_decoupled_decay_differs_where_it_should(adam: tuple[float, ...], outcome: str) -> None:
    found = Found()
    found.arms = {
        "SGD, L2": losses(1.0, 1.1), "SGD, decay": losses(1.0, 1.1),
        "Adam, L2": losses(1.0, 1.0), "Adam, decay": losses(*adam),
    }  # fmt: skip
    assert judged(verdicts.decoupled, found) == outcome
    found.arms["SGD, decay"] = losses(1.5, 1.6)
    assert judged(verdicts.decoupled, found) == "did not hold"


def test_accumulation_allows_for_rounding_alone() -> None:
    found = Found()
    found.arms = {f"{base}, {way}": losses(1.0, 2.0) for base in ("SGD", "Adam") for way in ("4 × 32", "128")}
    assert judged(verdicts.accumulation, found) == "held"
    found.arms["Adam, 128"] = losses(1.1, 2.2)
    assert judged(verdicts.accumulation, found) == "did not hold"


def test_adaptation_is_compared_at_the_best_rate_of_either_side() -> None:
    def swept(good: float) -> list[Run]:
        return [
            Run({"loss/chain": good + abs(r - 0.1) + seed / 100}, {"seed": seed, "optimizer": {"base": {"lr": r}}})
            for r in (0.01, 0.1) for seed in range(3)
        ]  # fmt: skip

    found = Found()
    found.arms = {
        "plain, 1024": swept(0.5),
        "plain, 4096": swept(0.6),
        "adapted, 1024": swept(0.2),
        "adapted, 4096": swept(0.3),
    }
    verdict = verdicts.adaptation(found, Silent())
    assert verdict.outcome == "held"
    assert verdict.numbers["rate/plain 1024"] == 0.1
    gain = verdict.numbers["batch 1024"]
    assert not isinstance(gain, float)
    assert gain.mean == pytest.approx(0.3)


def test_lookahead_is_judged_by_the_jumps_of_the_second_half() -> None:
    wild, calm = [9.0, 9.0, 1.0, 2.0, 1.0, 2.0], [0.0, 9.0, 1.0, 1.1, 1.0, 1.1]
    found = Found(fast_alone=losses(1.0, 1.0, curve=wild), lookahead=losses(1.0, 1.0, curve=calm))
    verdict = verdicts.lookahead(found, Silent())
    calmer = verdict.numbers["calmer"]
    assert not isinstance(calmer, float)
    assert calmer.mean == pytest.approx(0.9)


def test_lookahead_is_not_tested_at_its_slow_weights_alone() -> None:
    """Tests every so many updates meet all places in a cycle where the two have no factor in common."""
    (experiment,) = [each for each in EXPERIMENTS if each.id == "lookahead-steadies"]
    arms = [Curves.model_validate(each.params) for each in experiment.arms]
    cycles = [stage.every for arm in arms for stage in arm.optimizer.stages if isinstance(stage, Lookahead)]
    assert cycles
    assert all(math.gcd(cycle, arm.every) == 1 for arm in arms for cycle in cycles)


def test_the_pairs_cover_every_mark_and_their_orders_part_just_there() -> None:
    names = [orders.name_of(a, b) for a, b in orders.pairs()]
    assert sum(name.startswith("marked/") for name in names) == len(CLASHES)
    params = Order(updates=6)
    found = {}
    for a, b in orders.pairs():
        c = orders.other(b) if a is b else b
        (start, one), (_, two) = orders.trained(params, (a, c)), orders.trained(params, (c, a))
        found[orders.name_of(a, b)] = float((one - two).norm() / (one - start).norm())
    run = Run(found, {})
    evidence = Found(pairs=[run, run])
    assert judged(verdicts.order, evidence) == "held", found


def test_the_verdict_on_orders_names_the_smallest_and_the_largest_mean() -> None:
    """Those of the widest intervals lie elsewhere."""
    runs = [
        Run({"marked/near": near, "marked/wild": wild, "free/low": low, "free/high": 3e-5}, {})
        for near, wild, low in ((0.0595, 0.05, 0.0), (0.0599, 0.27, 4e-5))
    ]
    text = verdicts.order(Found(pairs=runs), Silent()).text
    assert str(text) == "Marked pairs end at least 0.06 of the way apart, all others at most 3e-05."
