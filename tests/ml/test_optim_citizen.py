"""The derived optimizer beside torch's own tools: schedulers, scalers, closures, hooks, groups, precisions."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_post_hook

from workbench.errors import UserError
from workbench.ml.optim import bases
from workbench.ml.optim.build import build
from workbench.ml.optim.derived import Derived
from workbench.ml.optim.params import (
    Accumulate,
    Adaptation,
    Average,
    Decay,
    Factor,
    Lazy,
    Lookahead,
    Optimizer,
    Piecewise,
    Rates,
    Stage,
)

from .optim_small import CHAIN, Small, loss_of, made, same, train, weights, words

# ----------------------------------------------------------------------------- torch's own tools


def test_a_scheduler_and_the_schedule_multiply() -> None:
    model, optimizer = made(bases.SGD(lr=1.0), Piecewise(knots=((4, 1.0),)))
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    moved = []
    for _ in range(6):
        before = model.last.weight.detach().clone()
        for each in model.parameters():
            each.grad = torch.ones_like(each)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # torch warns where it does not see a step before the scheduler's
            optimizer.step()
            scheduler.step()
        moved.append(float((before - model.last.weight).detach()[0, 0]))
    assert moved == pytest.approx([min(t / 4, 1) * 0.5**t for t in range(6)])


def test_groups_keep_their_own_settings_and_more_may_come() -> None:
    model = Small()
    groups = [
        {"params": [("table", model.table.weight)], "lr": 1.0},
        {"params": [("first", model.first.weight)], "lr": 0.1},
    ]
    optimizer = Derived(torch.optim.SGD(groups, lr=9.0), [Adaptation(), Lookahead(every=3), Average()])
    train(model, optimizer, words(4))
    optimizer.add_param_group({"params": [("last", model.last.weight)], "lr": 0.01})
    train(model, optimizer, words(1))
    before = weights(model)
    train(model, optimizer, words(1, seed=3))
    for old, new, rate in zip(before[:0:-1], weights(model)[:0:-1], (0.01, 0.1), strict=True):
        if optimizer.updates % 3:
            assert float((new - old).norm()) == pytest.approx(rate * float(old.norm()))
    assert [each["lr"] for each in optimizer.param_groups] == [1.0, 0.1, 0.01]
    assert len(optimizer.average.kept) == 3


@pytest.mark.parametrize("stages", [(), CHAIN])
def test_a_gradient_scaler_changes_nothing(stages: tuple[Stage, ...]) -> None:
    plain, one = made(bases.AdamW(lr=0.01), *stages)
    scaled, other = made(bases.AdamW(lr=0.01), *stages)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**8, growth_interval=4)
    for batch in words(14):
        for model, optimizer in ((plain, one), (scaled, other)):
            optimizer.zero_grad()
            loss = loss_of(model, batch)
            torch.autograd.backward(scaler.scale(loss) if optimizer is other else loss)
        one.step()
        scaler.step(other)
        scaler.update()
    assert scaler.get_scale() > 2.0**8
    for a, b in zip(weights(plain), weights(scaled), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-13)


def test_an_overflown_micro_batch_is_left_out_of_its_window() -> None:
    model, optimizer = made(bases.SGD(lr=1.0), Accumulate(batches=2))
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
    before = model.last.weight.detach().clone()
    for gradient in (1.0, float("inf"), 3.0):
        scaler.scale(torch.zeros(()))
        for each in model.parameters():
            each.grad = torch.full_like(each, gradient * scaler.get_scale())
        scaler.step(optimizer)
        scaler.update()
    torch.testing.assert_close(model.last.weight.detach(), before - 2.0)


def test_a_closure_is_called_once_with_gradients_and_its_loss_comes_back() -> None:
    model, optimizer = made(bases.Adam(), *CHAIN)
    calls = []

    def closure() -> Tensor:
        calls.append(torch.is_grad_enabled())
        loss = loss_of(model, torch.arange(4))
        torch.autograd.backward(loss)
        return loss

    assert float(optimizer.step(closure).detach()) > 0
    assert calls == [True]


def test_hooks_see_each_step_once() -> None:
    model, optimizer = made(bases.Adam(), *CHAIN)
    seen: list[str] = []
    optimizer.register_step_pre_hook(lambda *_: seen.append("before"))
    optimizer.register_step_post_hook(lambda *_: seen.append("after"))
    train(model, optimizer, words(2))
    assert seen == ["before", "after"] * 2


def test_a_stage_that_is_off_stays_in_the_list_and_does_nothing() -> None:
    off = Decay(rate=0.5, on=False)
    (one, with_off), (other, without) = made(bases.Adam(), off, Lookahead()), made(bases.Adam(), Lookahead())
    for model, optimizer in ((one, with_off), (other, without)):
        train(model, optimizer, words(6))
    assert same(one, other)
    assert [each.kind for each in with_off.specs] == ["lookahead"]
    both = Optimizer(base=bases.Adam(), stages=(off, Adaptation()))
    assert not both.remarks()
    assert "Decay" not in both.as_python()
    Optimizer(base=bases.Adam(), stages=(Average(), Average(on=False)))


def test_hooks_of_all_optimizers_see_one_step_and_those_of_the_base_still_act() -> None:
    model, optimizer = made(bases.Adam(), Decay(), Adaptation())
    seen: list[str] = []
    optimizer.base.register_step_post_hook(lambda *_: seen.append("base"))
    hook = register_optimizer_step_post_hook(lambda each, *_: seen.append(type(each).__name__))
    try:
        train(model, optimizer, words(2))
        assert seen == ["base", "Adam", "Derived"] * 2
        bare_model, bare = made(bases.Adam(), Lookahead())
        seen.clear()
        train(bare_model, bare, words(2))
    finally:
        hook.remove()
    assert seen == ["Derived"] * 2


def test_the_base_ends_with_its_own_groups_and_no_state_of_stand_ins() -> None:
    model, optimizer = made(bases.Adam(), *CHAIN, Lazy(mode="state", include=("table",)))
    train(model, optimizer, words(7))
    assert set(optimizer.state) == set(model.parameters())
    assert optimizer.param_groups is optimizer.base.param_groups
    assert optimizer.param_groups[0]["params"] == list(model.parameters())


def test_a_step_that_fails_leaves_the_groups_as_they_were() -> None:
    model, optimizer = made(bases.SparseAdam(), Decay(exclude=()))
    model.table.weight.grad = torch.ones_like(model.table.weight)
    with pytest.raises(RuntimeError, match="dense"):
        optimizer.step()
    assert optimizer.param_groups[0]["params"] == [model.table.weight]


@pytest.mark.parametrize("sparse", [False, True])
def test_after_a_step_that_fails_the_next_one_is_right(sparse: bool) -> None:
    """The base moved some tensors, or none; what stood in for them is gone."""
    chain = (Decay(rate=0.1), Adaptation(), Lazy(mode="state", include=("table",)) if sparse else Lookahead())
    model, optimizer = made(bases.Adam(lr=0.01), *chain)
    fresh, other = made(bases.Adam(lr=0.01), *chain)
    for each in model.parameters():
        each.grad = torch.ones_like(each)
    model.last.weight.grad = torch.ones_like(model.last.weight).to_sparse()
    with pytest.raises(RuntimeError, match="sparse"):
        optimizer.step()
    assert set(optimizer.state) <= set(model.parameters())
    train(model, optimizer, words(3))
    train(fresh, other, words(3))
    assert same(model, fresh)


@pytest.mark.parametrize("stage", [Decay(), Adaptation(), Lazy(), Rates(factors=(Factor(),))])
def test_names_are_asked_for_where_they_matter(stage: Stage) -> None:
    with pytest.raises(UserError, match="names"):
        Derived(torch.optim.SGD(Small().parameters()), [stage])


def test_without_patterns_no_names_are_needed() -> None:
    model = Small()
    optimizer = Derived(torch.optim.SGD(model.parameters(), lr=0.1), [Decay(exclude=()), Adaptation(exclude=())])
    train(model, optimizer, words(2))


class Foreign(torch.optim.SGD):
    """Not torch's: nothing is known of it."""


def test_a_base_from_elsewhere_is_stepped_as_a_whole() -> None:
    ours, theirs = Small(), Small()
    stages = [Decay(rate=0.1, exclude=()), Adaptation(exclude=()), Lookahead(every=2)]
    train(ours, Derived(torch.optim.SGD(ours.parameters(), lr=0.1), stages), words(6))
    train(theirs, Derived(Foreign(theirs.parameters(), lr=0.1), stages), words(6))
    for a, b in zip(weights(ours), weights(theirs), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-13)
    with pytest.raises(UserError, match="mode update"):
        Derived(Foreign(ours.named_parameters()), [Lazy(mode="state")])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_lower_precision_trains_too(dtype: torch.dtype) -> None:
    model, _ = made(bases.Adam())
    model.to(dtype)
    optimizer = build(Optimizer(base=bases.Adam(lr=0.01), stages=CHAIN), model.named(False))
    before = loss_of(model, torch.arange(4)).item()
    train(model, optimizer, words(60))
    assert loss_of(model, torch.arange(4)).item() < before


@pytest.mark.parametrize(("piece", "bundle", "parts"), [(10, 100, 3), (100, 10, 1), (10, 10, 3), (33, 33, 2)])
def test_tensors_are_stepped_in_pieces_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch, piece: int, bundle: int, parts: int
) -> None:
    whole, one = made(bases.Adam(lr=0.01), *CHAIN)
    monkeypatch.setattr("workbench.ml.optim.parts.PIECE", piece)
    monkeypatch.setattr("workbench.ml.optim.parts.BUNDLE", bundle)
    split, other = made(bases.Adam(lr=0.01), *CHAIN)
    assert (len(one.parts), len(other.parts)) == (1, parts)
    train(whole, one, words(14))
    train(split, other, words(14))
    for a, b in zip(weights(whole), weights(split), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)


def test_weights_keep_their_order_in_memory() -> None:
    conv = nn.Conv2d(2, 3, 3)
    conv.weight.data = conv.weight.data.contiguous(memory_format=torch.channels_last)
    optimizer = build(Optimizer(base=bases.Adam(), stages=CHAIN[2:]), conv.named_parameters())
    torch.autograd.backward(conv(torch.randn(1, 2, 8, 8)).sum())
    optimizer.step()
    assert conv.weight.is_contiguous(memory_format=torch.channels_last)
    assert optimizer.state[conv.weight]["exp_avg"].is_contiguous(memory_format=torch.channels_last)
