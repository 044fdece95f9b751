"""The laboratory's own ways to move points do what the optimizer does that trainers use."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_optimizers.flight import point, real
from workbench_optimizers.flight.bases import MOVERS
from workbench_optimizers.flight.many import Swarm, grid
from workbench_optimizers.flight.slope import Slope
from workbench_optimizers.lab.params import Noise
from workbench_optimizers.surface.places import Beale, Formula, Quadratic, Rosenbrock, Surface

from workbench.ml.optim.bases import BASES
from workbench.ml.optim.params import Optimizer

START = (-1.2, 1.5)
ROUGH = Noise(sd=0.3, both=0.7)
RATES = {"sgd": 1e-3, "adadelta": 1.0, "asgd": 1e-3, "muon": 0.01, "lbfgs": 0.1}
LOOSE = {"asgd": 1e-7, "nadam": 1e-6}  # torch keeps their rates in float32
STAGES: dict[str, list[dict[str, Any]]] = {
    "none": [],
    "accumulate, clip": [{"kind": "accumulate", "batches": 3}, {"kind": "clip", "limit": 2.0}],
    "clip, accumulate": [{"kind": "clip", "limit": 2.0}, {"kind": "accumulate", "batches": 3}],
    "decay": [{"kind": "decay", "rate": 0.5}],
    "decay, adaptation": [{"kind": "decay", "rate": 0.5}, {"kind": "adaptation"}],
    "adaptation, decay": [{"kind": "adaptation"}, {"kind": "decay", "rate": 0.5}],
    "lazy": [{"kind": "lazy", "mode": "update"}, {"kind": "decay", "rate": 0.5}],
    "lazy with state": [{"kind": "decay", "rate": 0.5}, {"kind": "lazy", "mode": "state"}],
    "rates": [{"kind": "piecewise", "knots": [[10, 1], [30, 0.2]]},
              {"kind": "rates", "factors": [{"pattern": "weight", "factor": 0.5}]}],
    "weights": [{"kind": "lookahead"}, {"kind": "average", "decay": 0.9, "start": "zero"}],
    "warm": [{"kind": "average", "decay": 0.95, "start": "warm"}],
    "all": [{"kind": "accumulate", "batches": 2}, {"kind": "decay", "rate": 0.1}, {"kind": "adaptation"},
            {"kind": "piecewise", "knots": [[5, 1], [40, 0.1]]}, {"kind": "average"}, {"kind": "lookahead"}],
}  # fmt: skip


def chain(base: str, stages: list[dict[str, Any]], **settings: Any) -> Optimizer:
    rate = RATES.get(base, 0.02)
    return Optimizer.model_validate({"base": {"kind": base, "lr": rate, **settings}, "stages": stages})


def apart(ours: Any, theirs: Any) -> float:
    """The largest difference, where numbers are large relative to them."""
    assert len(ours) == len(theirs)
    a, b = np.array(ours), np.array(theirs)
    return float((np.abs(a - b) / (1 + np.abs(b))).max()) if len(ours) else 0.0


@pytest.mark.parametrize("stages", STAGES)
@pytest.mark.parametrize("base", MOVERS)
def test_a_flight_in_plain_numbers_is_that_of_the_real_optimizer(base: str, stages: str) -> None:
    """To rounding, for sums are taken in another order; looser where torch keeps a rate in float32."""
    optimizer, slope = chain(base, STAGES[stages]), Slope(Rosenbrock(), ROUGH, 60, seed=1)
    ours, theirs = (each.fly(optimizer, slope, START, 60) for each in (point, real))
    near = LOOSE.get(base, 1e-9)
    assert len(ours.places) == 61
    assert apart(ours.places, theirs.places) < near
    assert apart(ours.slow, theirs.slow) < near
    assert apart(ours.average, theirs.average) < near
    assert ours.updates == theirs.updates
    told = [(a, b) for a, b in zip(ours.ratios, theirs.ratios, strict=True) if np.isfinite(a) and a and b != 1]
    assert all(a == pytest.approx(b, rel=1e-5) for a, b in told)


@pytest.mark.parametrize(
    ("base", "settings"),
    [
        ("adam", {"amsgrad": True, "weight_decay": 0.3}),
        ("adamw", {"weight_decay": 0.3}),
        ("sgd", {"momentum": 0.9, "dampening": 0.2, "weight_decay": 0.1}),
        ("sgd", {"momentum": 0.9, "nesterov": True}),
        ("rmsprop", {"momentum": 0.8, "centered": True, "weight_decay": 0.1}),
        ("adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.5, "weight_decay": 0.1}),
        ("asgd", {"weight_decay": 0.1, "lambd": 0.01}),
        ("nadam", {"weight_decay": 0.1}),
        ("radam", {"betas": (0.8, 0.95), "weight_decay": 0.1}),
        ("adamax", {"weight_decay": 0.1}),
        ("adadelta", {"weight_decay": 0.1}),
        ("rprop", {"etas": (0.4, 1.3), "step_sizes": (1e-3, 0.1)}),
    ],
)
def test_every_setting_of_a_base_has_its_effect(base: str, settings: dict[str, Any]) -> None:
    optimizer, slope = chain(base, STAGES["decay, adaptation"], **settings), Slope(Quadratic(), ROUGH, 50, seed=2)
    near = LOOSE.get(base, 1e-9)
    ours, theirs = (each.fly(optimizer, slope, START, 50) for each in (point, real))
    assert apart(ours.places, theirs.places) < near


@pytest.mark.parametrize("base", ["adafactor", "muon", "sparseadam", "lbfgs"])
def test_other_bases_fly_with_the_real_optimizer(base: str) -> None:
    slope = Slope(Quadratic(condition=5.0), Noise(), 40, seed=0)
    track = real.fly(chain(base, []), slope, START, 40, at=3)
    heights = [slope.height(*place) for place in track.places]
    assert heights[-1] < heights[0]
    (name, move), (before, after) = track.parts[0], list(pairwise(track.places))[2]
    assert name == "whole"
    assert np.allclose(np.add(before, move), after)


@pytest.mark.parametrize(("base", "fly"), [("adam", point.fly), ("adam", real.fly), ("lbfgs", real.fly)])
def test_evaluations_are_the_looks_at_the_gradient(base: str, fly: Any) -> None:
    slope, looks = Slope(Rosenbrock(), Noise(), 12, seed=0), []
    stages = [] if base == "lbfgs" else [{"kind": "accumulate", "batches": 3}]

    def counted(k: int, x: float, y: float) -> Any:
        looks.append(k)
        return slope(k, x, y)

    counted.height = slope.height  # type: ignore[attr-defined]
    track = fly(chain(base, stages), counted, START, 12)
    assert (len(looks) > 12) is (base == "lbfgs")
    assert track.evaluations == len(looks)
    assert len(track.places) == 13


@settings(deadline=None, max_examples=25)
@given(at=st.integers(1, 40), names=st.sampled_from(["all", "rates", "lazy with state", "adaptation, decay"]))
def test_the_parts_of_a_step_make_the_step(at: int, names: str) -> None:
    optimizer, slope = chain("adam", STAGES[names]), Slope(Beale(), ROUGH, 40, seed=at)
    track = point.fly(optimizer, slope, START, 40, at)
    whole = np.subtract(track.places[at], track.places[at - 1])
    assert np.allclose(np.sum([move for _, move in track.parts], 0) if track.parts else 0, whole, atol=1e-12)


@pytest.mark.parametrize("stages", STAGES)
@pytest.mark.parametrize("base", MOVERS)
def test_each_of_many_points_flies_as_one_alone(base: str, stages: str) -> None:
    """In float32, over 25 evaluations: what grows from rounding is still small."""
    surface: Surface = Quadratic(condition=8.0)
    optimizer, slope = chain(base, STAGES[stages]), Slope(surface, ROUGH, 25, seed=3)
    starts = grid((-2, 2, -1, 3), 4)
    swarm = Swarm(optimizer, surface.expression(), starts)
    for noise, rows in zip(slope.noise, slope.rows, strict=True):
        swarm.advance(noise, rows)
    alone = [point.fly(optimizer, slope, (x, y), 25).places[-1] for x, y in starts.tolist()]
    torch.testing.assert_close(swarm.place[..., 0], torch.tensor(alone), rtol=2e-4, atol=2e-4)


def test_every_elementwise_base_is_known_in_plain_numbers() -> None:
    dense = {each.model_fields["kind"].default for each in BASES.values() if each.elementwise and not each.sparse}
    assert set(MOVERS) == dense


def test_a_flight_ends_where_the_surface_does() -> None:
    slope = Slope(Formula(formula="sqrt(x) + y^2"), Noise(), 100, seed=0)
    track = point.fly(chain("sgd", []), slope, (0.05, 1.0), 100)
    assert 1 < len(track.places) < 100
    assert np.isfinite(track.places).all()


def test_noise_is_the_seeds_alone() -> None:
    a, b, c = (Slope(Rosenbrock(), ROUGH, 30, seed) for seed in (4, 4, 5))
    assert (a.noise, a.rows) == (b.noise, b.rows)
    assert a.noise != c.noise
    assert {(1.0, 1.0), (1.0, 0.0), (0.0, 1.0)} == set(Slope(Rosenbrock(), Noise(both=0.5), 99, 0).rows)
