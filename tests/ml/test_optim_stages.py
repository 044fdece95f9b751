"""Each stage upon real optimizers of torch: against torch's own, closed forms, and values that optax once gave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from workbench.ml.optim import bases
from workbench.ml.optim.build import build
from workbench.ml.optim.params import (
    Accumulate,
    Adaptation,
    Average,
    Clip,
    Decay,
    Factor,
    Lazy,
    Lookahead,
    Optimizer,
    Piecewise,
    Rates,
    Stage,
)

from .optim_made import ALL, apart, derived, net, push, single, train

GOLDEN = json.loads(Path(__file__).with_name("optim_golden.json").read_text("utf-8"))


# ---------------------------------------------------------------------------------------- decay


@pytest.mark.parametrize(("dtype", "bound"), [(torch.float64, 1e-12), (torch.float32, 2e-6)])
@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("more", [(), (Rates(factors=(Factor(pattern="weight", factor=1.0 + 1e-15),)),)])
def test_decay_makes_adamw_of_adam(dtype: torch.dtype, bound: float, zero: bool, more: tuple[Stage, ...]) -> None:
    """Acting before the base or on its step: the last case has a factor that forces the second way."""
    theirs, ours = net(dtype, zero), net(dtype, zero)
    train(theirs, torch.optim.AdamW(theirs.parameters(), 1e-2, weight_decay=0.1))
    train(ours, derived(ours, bases.Adam(lr=1e-2), Decay(rate=0.1, **ALL), *more))
    assert apart(theirs, ours) < bound


def test_decay_is_an_l2_penalty_under_sgd_and_not_under_adam() -> None:
    for base, same in ((bases.SGD, True), (bases.Adam, False)):
        penalty, ours = net(), net()
        train(penalty, derived(penalty, base(lr=1e-2, weight_decay=0.1)))
        train(ours, derived(ours, base(lr=1e-2), Decay(rate=0.1, **ALL)))
        assert apart(penalty, ours) < 1e-14 if same else apart(penalty, ours) > 1e-3


LOOKING = [bases.SGD(lr=0.1), bases.Adam(lr=0.1, weight_decay=0.01), bases.ASGD(), bases.Adafactor()]


@pytest.mark.parametrize("base", LOOKING)
def test_decay_takes_the_share_that_it_says_from_every_base(base: bases.Base) -> None:
    """Bases that look at the weights must see them as they were."""
    plain, ours = net(), net()
    optimizer = derived(ours, base, Decay(rate=0.5, **ALL))
    before = [each.detach().clone() for each in ours.parameters()]
    train(plain, derived(plain, base), 1)
    train(ours, optimizer, 1)
    for a, b, old in zip(plain.parameters(), ours.parameters(), before, strict=True):
        torch.testing.assert_close(b, a - base.lr * 0.5 * old, rtol=1e-12, atol=1e-14)


# ----------------------------------------------------------------------------------- adaptation


def golden_start() -> tuple[dict[str, Tensor], Tensor]:
    count = torch.arange(17, dtype=torch.float64)
    flat = count.cos()
    weights = {"matrix": flat[:12].reshape(3, 4).clone(), "vector": flat[12:].clone()}
    return {name: each.requires_grad_() for name, each in weights.items()}, count


def golden_run(base: bases.Base, *stages: Stage) -> dict[str, Tensor]:
    weights, count = golden_start()
    optimizer = build(Optimizer(base=base, stages=stages), weights.items())
    for t in range(50):
        for name, wave in (("matrix", count[:12].reshape(3, 4)), ("vector", count[12:])):
            weights[name].grad = weights[name].detach() / 2 + (wave + t).sin()
        optimizer.step()
    return weights


@pytest.mark.parametrize(
    ("name", "base", "stages"),
    [
        ("lamb", bases.Adam(lr=0.01, eps=1e-6), (Decay(rate=0.1, **ALL), Adaptation(**ALL))),
        ("lookahead", bases.SGD(lr=0.1), (Lookahead(every=5, pull=0.5),)),
    ],
)
def test_optax_gives_the_same(name: str, base: bases.Base, stages: tuple[Stage, ...]) -> None:
    for key, weight in golden_run(base, *stages).items():
        golden = torch.tensor(GOLDEN[name][key], dtype=torch.float64)
        torch.testing.assert_close(weight.detach().ravel(), golden, rtol=0, atol=1e-12)


@pytest.mark.parametrize("stages", [(Adaptation(**ALL), Decay(rate=0.1, **ALL)), (Adaptation(**ALL),)])
def test_decay_outside_of_adaptation_is_not_lamb(stages: tuple[Stage, ...]) -> None:
    ours = golden_run(bases.Adam(lr=0.01, eps=1e-6), *stages)["matrix"].detach().ravel()
    assert (ours - torch.tensor(GOLDEN["lamb"]["matrix"], dtype=torch.float64)).abs().max() > 1e-3


def test_a_tensor_moves_by_the_rate_times_its_norm() -> None:
    model = net()
    before = {name: each.detach().clone() for name, each in model.named_parameters()}
    optimizer = derived(model, bases.Adam(lr=0.01), Adaptation())
    train(model, optimizer, 1)
    for name, after in model.named_parameters():
        moved, size = float((after.detach() - before[name]).norm()), float(before[name].norm())
        assert (moved == pytest.approx(0.01 * size)) is ("bias" not in name)
    assert set(optimizer.ratios) == {0, 2}


def test_the_ratio_is_one_where_a_norm_is_zero() -> None:
    zero, plain = net(zero=True), net(zero=True)
    train(zero, derived(zero, bases.SGD(lr=0.1), Adaptation(include=("2.weight",))), 1)
    train(plain, derived(plain, bases.SGD(lr=0.1)), 1)
    assert apart(zero, plain) == 0


# ----------------------------------------------------------------------------------------- rate


def test_the_first_update_stands_still_and_the_schedule_counts_updates() -> None:
    x, optimizer = single(1.0, bases.SGD(lr=1.0), Accumulate(batches=2), Piecewise(knots=((10, 1.0), (30, 0.1))))
    steps = []
    for _ in range(41):
        before = x.item()
        push(x, optimizer, 1.0)
        assert x.item() == before
        push(x, optimizer, 1.0)
        steps.append(before - x.item())
    assert [steps[t] for t in (0, 5, 10, 20, 30, 40)] == pytest.approx([0, 0.5, 1, 0.55, 0.1, 0.1])
    assert optimizer.param_groups[0]["lr"] == 1.0


@pytest.mark.parametrize("base", [bases.Adam(lr=0.1), bases.Rprop(lr=0.1), bases.ASGD(lr=0.1), bases.Adafactor(lr=0.1)])
@pytest.mark.parametrize("stages", [(), (Adaptation(**ALL),), (Decay(rate=0.1, **ALL), Adaptation(**ALL))])
def test_twice_the_factor_is_twice_the_step(base: bases.Base, stages: tuple[Stage, ...]) -> None:
    moved = []
    for rho in (1.0, 2.0):
        x = torch.tensor([[1.0, 2.0], [3.0, -1.0]], dtype=torch.float64, requires_grad=True)
        before = x.detach().clone()
        optimizer = build(Optimizer(base=base, stages=(*stages, Piecewise(knots=((0, rho),)))), [("x", x)])
        push(x, optimizer, torch.tensor([[1.0, -1.0], [0.5, 2.0]], dtype=torch.float64))
        moved.append(x.detach() - before)
    torch.testing.assert_close(moved[1], 2 * moved[0], rtol=1e-10, atol=1e-13)
    assert moved[0].norm() > 0


def test_rates_by_name_multiply() -> None:
    plain, ours = net(), net()
    before = {name: each.detach().clone() for name, each in ours.named_parameters()}
    train(plain, derived(plain, bases.Adam(lr=0.01)), 1)
    factors = (Factor(pattern="weight", factor=3.0), Factor(pattern=r"^0\.", factor=0.5))
    train(ours, derived(ours, bases.Adam(lr=0.01), Rates(factors=factors)), 1)
    for (name, b), a in zip(ours.named_parameters(), plain.parameters(), strict=True):
        factor = {"0.weight": 1.5, "0.bias": 0.5, "2.weight": 3.0, "2.bias": 1.0}[name]
        torch.testing.assert_close(b - before[name], factor * (a - before[name]), rtol=1e-9, atol=1e-13)


# ------------------------------------------------------------------------------------ stillness

STAGES: list[Stage] = [
    Clip(), Accumulate(batches=1), Adaptation(**ALL), Lazy(mode="update", include=()), Lazy(mode="state", include=()),
    Piecewise(), Rates(factors=(Factor(factor=2.0),)), Lookahead(every=2), Average(),
]  # fmt: skip


@pytest.mark.parametrize("stage", STAGES, ids=lambda each: each.kind)
def test_without_gradient_nothing_moves_but_by_decay(stage: Stage) -> None:
    model = net()
    optimizer = derived(model, bases.Adam(lr=0.1), stage)
    for _ in range(5):
        for each in model.parameters():
            each.grad = torch.zeros_like(each)
        optimizer.step()
    assert apart(model, net()) == 0


@pytest.mark.parametrize("make", [lambda: Decay(rate=0.5, **ALL), lambda: Adaptation(**ALL)])
def test_a_tensor_without_any_gradient_is_left_alone(make: Callable[[], Stage]) -> None:
    model = net()
    model[0].requires_grad_(False)
    train(model, derived(model, bases.Adam(lr=0.1), make(), Lookahead(), Average()), 6)
    assert apart(model[0], net()[0]) == 0
    assert apart(model[2], net()[2]) > 0
