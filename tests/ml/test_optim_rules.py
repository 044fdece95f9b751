"""The arithmetic of the stages, alone: closed values, trajectories side by side, what commutes and what does not."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from workbench.ml.optim import rules
from workbench.ml.optim.params import CLASHES


def drawn(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# ------------------------------------------------------------------------------------ schedule


@pytest.mark.parametrize(("t", "factor"), [(0, 0), (5, 0.5), (10, 1), (20, 0.55), (30, 0.1), (40, 0.1)])
def test_the_schedule_is_linear_between_its_knots(t: float, factor: float) -> None:
    assert rules.piecewise(t, ((10, 1.0), (30, 0.1))) == pytest.approx(factor, abs=1e-15)


@pytest.mark.parametrize("t", [0, 1, 1000])
def test_a_knot_at_zero_is_where_the_schedule_starts(t: float) -> None:
    assert rules.piecewise(t, ((0, 1.0),)) == 1.0


# -------------------------------------------------------------------------- one against many


def clipped(x: Tensor, _other: Tensor, lead: int) -> Tensor:
    rules.clip([x], 1.0, lead)
    return x


def adapted(x: Tensor, other: Tensor, lead: int) -> Tensor:
    (scale,) = rules.adaptation([x], [other], 0.1, [1.0], lead)
    rules.move([other], [x], [scale])
    return other


def rested(x: Tensor, other: Tensor, _lead: int) -> Tensor:
    other[..., 1, :] = 0
    rules.lazy([x], [rules.touched(other)])
    return x


def decayed(x: Tensor, other: Tensor, _lead: int) -> Tensor:
    rules.decay([x], [other], 0.1)
    return x


def looked(x: Tensor, other: Tensor, _lead: int) -> Tensor:
    rules.lookahead([x], [other], 0.3)
    return x


def averaged(x: Tensor, other: Tensor, _lead: int) -> Tensor:
    rules.average([other], [x], 0.9)
    return other


@pytest.mark.parametrize("rule", [clipped, adapted, rested, decayed, looked, averaged])
def test_trajectories_side_by_side_move_as_each_alone(rule: Callable[[Tensor, Tensor, int], Tensor]) -> None:
    many, others = drawn(0, 6, 4, 5), drawn(1, 6, 4, 5)
    together = rule(many.clone(), others.clone(), 1)
    for k in range(6):
        torch.testing.assert_close(together[k], rule(many[k].clone(), others[k].clone(), 0), rtol=1e-13, atol=1e-13)
    assert not torch.equal(together, many)


def test_two_tensors_of_a_trajectory_are_clipped_by_their_common_norm() -> None:
    a, b = drawn(1, 3, 2), drawn(2, 3, 4, 2)
    before = (a.square().sum(1) + b.square().sum((1, 2))).sqrt()
    found = rules.clip([a, b], 0.5, lead=1)
    torch.testing.assert_close(found, before)
    after = (a.square().sum(1) + b.square().sum((1, 2))).sqrt()
    torch.testing.assert_close(after, before * (0.5 / (before + 1e-6)).clamp(max=1))


@pytest.mark.parametrize("size", [3, rules.LARGE])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_norms_are_torchs_whatever_way_they_are_taken(size: int, dtype: torch.dtype) -> None:
    x = drawn(0, size).to(dtype)
    assert rules.norms([x])[0] == pytest.approx(float(x.double().norm()), rel=1e-5)


def test_norms_do_not_overflow_in_half_precision() -> None:
    assert rules.norms([torch.full((100,), 3e4, dtype=torch.float16)])[0] == pytest.approx(3e5, rel=1e-2)


def test_a_norm_that_is_not_a_number_is_passed_on() -> None:
    gradient = torch.tensor([1.0, math.nan])
    assert math.isnan(float(rules.clip([gradient], 1.0)))
    assert gradient.isnan().all()


# ----------------------------------------------------------------------------------- commuting


def act(kind: str, step: Tensor, weight: Tensor, rows: Tensor) -> Tensor:
    """A direction stage on a step; the scale is applied at once, so that stages can follow each other."""
    if kind == "decay":
        rules.decay([step], [weight], 0.02)
    elif kind == "adaptation":
        step.mul_(rules.adaptation([step], [weight], 0.1, [1.0])[0])
    else:
        rules.lazy([step], [rows])
    return step


PAIRS = list(itertools.combinations(["decay", "adaptation", "lazy"], 2))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), pair=st.sampled_from(PAIRS))
def test_direction_stages_commute_only_where_nothing_is_said(seed: int, pair: tuple[str, str]) -> None:
    weight, step, gradient = drawn(seed, 4, 3), 0.1 * drawn(seed + 1, 4, 3), drawn(seed + 2, 4, 3)
    gradient[seed % 4] = 0
    rows = rules.touched(gradient)
    one, other = step.clone(), step.clone()
    for kind in pair:
        act(kind, one, weight, rows)
    for kind in reversed(pair):
        act(kind, other, weight, rows)
    assert torch.allclose(one, other, rtol=1e-12) is (frozenset(pair) not in CLASHES)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), direction=st.sampled_from(["decay", "adaptation", "lazy"]), rho=st.floats(0.01, 10))
def test_a_rate_commutes_with_every_direction(seed: int, direction: str, rho: float) -> None:
    """Whether γ carries ρ, or the step is multiplied by it afterwards: adaptation never cancels the schedule."""
    weight, h, gradient = drawn(seed, 4, 3), drawn(seed + 1, 4, 3), drawn(seed + 2, 4, 3)
    rows = rules.touched(gradient)
    by_rate, by_step = -0.1 * rho * h, -0.1 * h
    for step, rate in ((by_rate, 0.1 * rho), (by_step, 0.1)):
        if direction == "decay":
            rules.decay([step], [weight], rate * 0.02)
        elif direction == "adaptation":
            step.mul_(rules.adaptation([step], [weight], rate, [1.0])[0])
        else:
            rules.lazy([step], [rows])
    torch.testing.assert_close(by_rate, rho * by_step, rtol=1e-12, atol=1e-14)
