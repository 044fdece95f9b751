"""What stages keep of weights and rows, upon real optimizers of torch: lookahead, the average, lazy rows."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from workbench.errors import UserError
from workbench.ml.optim import bases
from workbench.ml.optim.build import build
from workbench.ml.optim.params import (
    Adaptation,
    Average,
    Decay,
    Factor,
    Lazy,
    Lookahead,
    Optimizer,
    Rates,
    Stage,
)

from .optim_made import ALL, apart, push, single

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


@pytest.mark.parametrize("now", [Average(decay=0.999, start="zero"), Average(decay=0.9), Average(start="warm")])
@pytest.mark.parametrize("then", ["zero", "weights"])
def test_a_fork_may_average_otherwise(then: Any, now: Average) -> None:
    """What is left of the zero at the start is divided out as it came to be."""
    x, optimizer = single(2.0, bases.SGD(lr=LR), Average(decay=0.9, start=then))
    for _ in range(20):
        push(x, optimizer, 0.0)
    forked, other = single(2.0, bases.SGD(lr=LR), now)
    other.load_state_dict(optimizer.state_dict())
    for _ in range(3):
        with other.averaged():
            assert forked.item() == pytest.approx(2.0, rel=1e-12)
        push(forked, other, 0.0)


@pytest.mark.parametrize("start", ["zero", "weights"])
def test_an_average_of_which_no_bias_is_known_goes_on(start: Any) -> None:
    """As states said nothing of it when it was worked out from the number of updates."""
    x, optimizer = single(2.0, bases.SGD(lr=LR), Average(decay=0.9, start=start))
    for _ in range(20):
        push(x, optimizer, 0.0)
    state = optimizer.state_dict()
    del state["stages"]["weights"][0]["bias"]
    resumed, other = single(2.0, bases.SGD(lr=LR), Average(decay=0.9, start=start))
    other.load_state_dict(state)
    with other.averaged():
        assert resumed.item() == pytest.approx(2.0, rel=1e-12)


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
