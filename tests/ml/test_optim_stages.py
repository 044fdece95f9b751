"""Each stage upon real optimizers of torch: against torch's own, closed forms, and values that optax once gave."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from workbench.errors import UserError
from workbench.ml.optim import bases
from workbench.ml.optim.build import build
from workbench.ml.optim.derived import Derived
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

GOLDEN = json.loads(Path(__file__).with_name("optim_golden.json").read_text("utf-8"))
ALL: dict[str, Any] = {"exclude": ()}


def net(dtype: torch.dtype = torch.float64, zero: bool = False) -> nn.Sequential:
    torch.manual_seed(0)
    first, last = nn.Linear(6, 8), nn.Linear(8, 3)
    if zero:
        nn.init.zeros_(last.weight)
    return nn.Sequential(first, nn.Tanh(), last).to(dtype)


def batches(n: int, dtype: torch.dtype = torch.float64, size: int = 8) -> Iterator[Tensor]:
    drawn = torch.Generator().manual_seed(1)
    return (torch.randn(size, 6, generator=drawn, dtype=torch.float64).to(dtype) for _ in range(n))


def train(model: nn.Module, optimizer: torch.optim.Optimizer, n: int = 50) -> nn.Module:
    for x in batches(n, next(model.parameters()).dtype):
        optimizer.zero_grad()
        backward(model, x)
        optimizer.step()
    return model


def backward(model: nn.Module, x: Tensor) -> None:
    torch.autograd.backward((model(x) - x[:, :3].cos()).square().mean())


def derived(model: nn.Module, base: bases.Base, *stages: Stage) -> Derived:
    return build(Optimizer(base=base, stages=stages), model.named_parameters())


def apart(one: nn.Module, other: nn.Module) -> float:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max(float((a - b).detach().abs().max()) for a, b in pairs)


def single(value: float, base: bases.Base, *stages: Stage) -> tuple[Tensor, Derived]:
    """One number, and its optimizer."""
    x = torch.tensor([value], dtype=torch.float64, requires_grad=True)
    return x, build(Optimizer(base=base, stages=stages), [("x", x)])


def push(x: Tensor, optimizer: torch.optim.Optimizer, gradient: float | Tensor) -> None:
    x.grad = torch.full_like(x, gradient) if isinstance(gradient, float) else gradient.clone()
    optimizer.step()


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


# --------------------------------------------------------------------------------- accumulation

BASES = [bases.SGD(lr=0.1, momentum=0.9), bases.Adam(lr=1e-2), bases.AdamW(lr=1e-2, weight_decay=0.1)]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("zeroing", [True, False])
def test_micro_batches_are_one_large_batch(base: bases.Base, zeroing: bool) -> None:
    """Whether or not the loop clears gradients in between."""
    large, small = net(), net()
    one, many = derived(large, base), derived(small, base, Accumulate(batches=8))
    for x in batches(20, size=128):
        one.zero_grad()
        backward(large, x)
        one.step()
        for part in x.chunk(8):
            if zeroing:
                many.zero_grad()
            backward(small, part)
            many.step()
    assert many.updates == 20
    assert apart(large, small) < 1e-12


def test_unequal_micro_batches_count_by_their_weight_and_the_last_window_may_be_short() -> None:
    large, small = net(), net()
    one, many = derived(large, bases.Adam(lr=1e-2)), derived(small, bases.Adam(lr=1e-2), Accumulate(batches=8))
    for x in batches(5, size=128):
        backward(large, x)
        one.step()
        one.zero_grad()
        for part in torch.split(x, [100, 20, 8]):
            backward(small, part)
            many.step(weight=len(part))
        assert many.flush()
        many.zero_grad()
    assert not many.flush()
    assert apart(large, small) < 1e-12


@pytest.mark.parametrize("k", [2, 10])
def test_the_base_corrects_its_bias_by_updates_not_by_micro_batches(k: int) -> None:
    """Under a constant gradient Adam moves by its rate in every update."""
    x, optimizer = single(0.0, bases.Adam(lr=0.1, eps=1e-12), Accumulate(batches=k))
    for update in range(1, 6):
        for _ in range(k):
            push(x, optimizer, 3.0)
        assert x.item() == pytest.approx(-0.1 * update, rel=1e-9)


def test_a_tensor_that_some_micro_batches_leave_out_counts_zero_there() -> None:
    x, optimizer = single(0.0, bases.SGD(lr=1.0), Accumulate(batches=2))
    push(x, optimizer, 3.0)
    x.grad = None
    optimizer.step()
    assert x.item() == -1.5


@pytest.mark.parametrize(("order", "expected"), [((Accumulate, Clip), -1.0), ((Clip, Accumulate), -0.75)])
def test_clipping_acts_on_the_mean_or_on_each(order: tuple[type[Stage], ...], expected: float) -> None:
    stages: dict[type[Stage], Stage] = {Accumulate: Accumulate(batches=2), Clip: Clip(limit=1.0)}
    x, optimizer = single(0.0, bases.SGD(lr=1.0), *(stages[each] for each in order))
    push(x, optimizer, 3.0)
    push(x, optimizer, 0.5)
    assert x.item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("order", [(Accumulate, Clip), (Clip, Accumulate)])
def test_a_short_window_is_clipped_as_a_full_one(order: tuple[type[Stage], ...]) -> None:
    stages: dict[type[Stage], Stage] = {Accumulate: Accumulate(batches=9), Clip: Clip(limit=1.0)}
    x, optimizer = single(0.0, bases.SGD(lr=1.0), *(stages[each] for each in order))
    push(x, optimizer, 3.0)
    optimizer.flush()
    assert x.item() == pytest.approx(-1.0, rel=1e-5)


def test_clipping_is_torchs() -> None:
    theirs, ours = net(), net()
    optimizer = torch.optim.SGD(theirs.parameters(), 0.1)
    for x in batches(10):
        optimizer.zero_grad()
        backward(theirs, x)
        nn.utils.clip_grad_norm_(theirs.parameters(), 0.1)
        optimizer.step()
    train(ours, derived(ours, bases.SGD(lr=0.1), Clip(limit=0.1)), 10)
    assert apart(theirs, ours) < 1e-12


# ------------------------------------------------------------------------- lookahead and average


def test_lookahead_begins_at_the_weights() -> None:
    x, optimizer = single(1.0, bases.SGD(lr=1.0), Lookahead(every=1, pull=0.5))
    push(x, optimizer, 0.0)
    assert x.item() == 1.0
    push(x, optimizer, 0.5)
    assert x.item() == 0.75


A, LR = 0.7, 0.1


def quadratic(x: Tensor, optimizer: torch.optim.Optimizer, n: int) -> list[float]:
    """n updates down a x²/2; where x was after each."""
    path = []
    for _ in range(n):
        push(x, optimizer, A * x.detach())
        path.append(x.item())
    return path


def test_decay_on_a_quadratic() -> None:
    x, optimizer = single(2.0, bases.SGD(lr=LR), Decay(rate=0.3, **ALL))
    path = quadratic(x, optimizer, 20)
    assert path == pytest.approx([2 * (1 - LR * (A + 0.3)) ** t for t in range(1, 21)], rel=1e-13)


def test_lookahead_on_a_quadratic() -> None:
    x, optimizer = single(2.0, bases.SGD(lr=LR), Lookahead(every=5, pull=0.5))
    path = quadratic(x, optimizer, 20)
    shrink = 0.5 + 0.5 * (1 - LR * A) ** 5
    assert path[4::5] == pytest.approx([2 * shrink**c for c in range(1, 5)], rel=1e-13)
    slow = optimizer.slow(0)
    assert slow is not None
    assert slow.item() == path[-1]


@pytest.mark.parametrize("start", ["weights", "zero"])
def test_the_average_on_a_quadratic(start: Any) -> None:
    mu, t = 0.9, 12
    x, optimizer = single(2.0, bases.SGD(lr=LR), Average(decay=mu, start=start))
    path = quadratic(x, optimizer, t)
    expected = (1 - mu) * sum(mu ** (t - 1 - s) * value for s, value in enumerate(path))
    expected = expected / (1 - mu**t) if start == "zero" else expected + mu**t * 2.0
    with optimizer.averaged():
        assert x.item() == pytest.approx(expected, rel=1e-13)
        with pytest.raises(RuntimeError):
            optimizer.swap_in()
        with pytest.raises(RuntimeError):
            optimizer.step()
    assert x.item() == path[-1]


def test_a_warm_average_forgets_a_random_start_quickly() -> None:
    """Update t, from 0, moves it by 1 - min(μ, (1 + t) / (10 + t)) towards the weights."""
    x, optimizer = single(2.0, bases.SGD(lr=LR), Average(decay=0.9, start="warm"))
    expected = 2.0
    for t, value in enumerate(quadratic(x, optimizer, 200)):
        mu = min(0.9, (1 + t) / (10 + t))
        expected = mu * expected + (1 - mu) * value
    with optimizer.averaged():
        assert x.item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("start", ["weights", "warm", "zero"])
def test_the_average_of_weights_that_stand_still_is_the_weights(start: Any) -> None:
    x, optimizer = single(2.0, bases.SGD(lr=LR), Average(decay=0.99, start=start))
    for _ in range(20):
        push(x, optimizer, 0.0)
    with optimizer.averaged():
        assert x.item() == pytest.approx(2.0, rel=1e-12)


def test_only_who_keeps_an_average_can_swap_it_in() -> None:
    x, optimizer = single(1.0, bases.SGD())
    with pytest.raises(UserError):
        optimizer.swap_in()
    with optimizer.averaged():
        assert x.item() == 1.0


# ----------------------------------------------------------------------------------------- lazy


def embedding(sparse: bool = False) -> nn.Embedding:
    torch.manual_seed(3)
    return nn.Embedding(6, 4, sparse=sparse, dtype=torch.float64)


def lookups(model: nn.Embedding, optimizer: torch.optim.Optimizer, n: int = 40) -> nn.Embedding:
    drawn = torch.Generator().manual_seed(5)
    for _ in range(n):
        rows = torch.randint(0, 5, (3,), generator=drawn)  # the last row is never asked for
        optimizer.zero_grad()
        torch.autograd.backward((model(rows) - 1).square().sum())
        optimizer.step()
    return model


def lazily(model: nn.Embedding, *stages: Stage, base: bases.Base | None = None) -> nn.Embedding:
    made = build(Optimizer(base=base or bases.Adam(lr=0.05), stages=stages), [("embed", model.weight)])
    return lookups(model, made)


@pytest.mark.parametrize("sparse", [False, True])
def test_rows_that_rest_with_their_state_are_sparse_adam(sparse: bool) -> None:
    theirs, ours = embedding(sparse=True), embedding(sparse)
    lookups(theirs, torch.optim.SparseAdam(theirs.parameters(), 0.05))
    lazily(ours, Lazy(mode="state"))
    assert apart(theirs, ours) < 1e-6


def test_resting_weights_alone_are_neither_sparse_adam_nor_adam() -> None:
    theirs, ours, plain = embedding(sparse=True), embedding(), embedding()
    lookups(theirs, torch.optim.SparseAdam(theirs.parameters(), 0.05))
    lazily(ours, Lazy(mode="update"))
    lazily(plain)
    assert apart(theirs, ours) > 1e-3
    assert apart(plain, ours) > 1e-3


CHAINS: list[tuple[Stage, ...]] = [
    (),
    (Decay(rate=0.1, **ALL),),
    (Decay(rate=0.1, **ALL), Adaptation(**ALL)),
    (Rates(factors=(Factor(pattern="embed", factor=0.5),)),),
]


@pytest.mark.parametrize("mode", ["update", "state"])
@pytest.mark.parametrize("before", CHAINS)
def test_a_row_that_nobody_asks_for_keeps_every_bit(mode: Any, before: tuple[Stage, ...]) -> None:
    model = embedding()
    row = model.weight[5].detach().clone()
    lazily(model, *before, Lazy(mode=mode))
    assert torch.equal(model.weight[5], row)
    assert not torch.equal(model.weight[:5], embedding().weight[:5])


ROWWISE: list[bases.Base] = [kind() for kind in bases.BASES.values() if kind.elementwise and not kind.sparse]


@pytest.mark.parametrize("base", [*ROWWISE, bases.Adam(weight_decay=0.1), bases.Adagrad(initial_accumulator_value=0.5)])
@pytest.mark.parametrize("chain", CHAINS)
def test_rows_that_rest_might_as_well_not_exist(base: bases.Base, chain: tuple[Stage, ...]) -> None:
    """Rows 0 to 2 of six, of which 3 to 5 are never asked for, learn as in a table of three; the memory is the same."""
    small, large = nn.Embedding(3, 4, dtype=torch.float64), embedding()
    small.weight.data = large.weight.data[:3].clone()
    chain = tuple(each for each in chain if not isinstance(each, Adaptation))  # it measures all rows
    made = [
        build(Optimizer(base=base, stages=(*chain, *more)), [("embed", model.weight)])
        for model, more in ((small, ()), (large, (Lazy(mode="state"),)))
    ]
    drawn = torch.Generator().manual_seed(5)
    for _ in range(20):
        gradient = torch.randn(3, 4, generator=drawn, dtype=torch.float64)
        push(small.weight, made[0], gradient)
        push(large.weight, made[1], torch.cat([gradient, torch.zeros_like(gradient)]))
    torch.testing.assert_close(small.weight.data, large.weight.data[:3], rtol=1e-12, atol=1e-13)
    theirs, ours = made[0].state[small.weight], made[1].state[large.weight]
    assert theirs.keys() == ours.keys()
    for key, value in theirs.items():
        same = ours[key][:3] if isinstance(value, Tensor) and value.shape == small.weight.shape else ours[key]
        torch.testing.assert_close(torch.as_tensor(value), torch.as_tensor(same), rtol=1e-12, atol=1e-13)


def test_no_row_at_all_may_be_asked_for() -> None:
    model = embedding()
    optimizer = build(Optimizer(base=bases.Adam(), stages=(Lazy(),)), [("embed", model.weight)])
    for _ in range(3):
        push(model.weight, optimizer, 0.0)
    assert torch.equal(model.weight, embedding().weight)
    lookups(model, optimizer, 3)
    assert torch.isfinite(model.weight).all()


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
