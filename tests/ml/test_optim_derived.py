"""The derived optimizer as a citizen of torch: every base, state, schedulers, scalers, closures, groups, copies."""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_post_hook

from workbench.errors import UserError
from workbench.ml import state
from workbench.ml.optim import bases
from workbench.ml.optim.build import base_of, build
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
    refusal,
)

CHAIN: tuple[Stage, ...] = (
    Accumulate(batches=3), Clip(limit=5.0), Decay(rate=0.1), Adaptation(), Piecewise(knots=((3, 1.0), (6, 0.5))),
    Rates(factors=(Factor(pattern="bias", factor=0.5),)), Lookahead(every=2), Average(decay=0.9),
)  # fmt: skip
ALONE: dict[str, Stage] = {
    "accumulate": Accumulate(batches=2),
    "clip": Clip(limit=0.1),
    "decay": Decay(rate=0.1, exclude=()),
    "adaptation": Adaptation(exclude=()),
    "update": Lazy(mode="update", include=()),
    "state": Lazy(mode="state", include=()),
    "piecewise": Piecewise(knots=((2, 1.0), (4, 0.5))),
    "rates": Rates(factors=(Factor(pattern="table", factor=0.5),)),
    "lookahead": Lookahead(every=2),
    "average": Average(decay=0.5),
}


class Small(nn.Module):
    """A table and two matrices: all that any base can take, Muon's matrices too."""

    def __init__(self, sparse: bool = False, bias: bool = False) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.table = nn.Embedding(5, 4, sparse=sparse, dtype=torch.float64)
        self.first = nn.Linear(4, 3, bias=bias, dtype=torch.float64)
        self.last = nn.Linear(3, 2, bias=bias, dtype=torch.float64)

    def forward(self, words: Tensor) -> Tensor:
        result: Tensor = self.last(torch.tanh(self.first(self.table(words))))
        return result

    def named(self, tables_only: bool) -> list[tuple[str, Tensor]]:
        return [(name, each) for name, each in self.named_parameters() if not tables_only or "table" in name]


def loss_of(model: nn.Module, words: Tensor) -> Tensor:
    result: Tensor = (model(words) - 1).square().mean()
    return result


def words(n: int, seed: int = 0) -> Iterator[Tensor]:
    drawn = torch.Generator().manual_seed(seed)
    return (torch.randint(0, 4, (6,), generator=drawn) for _ in range(n))


def train(model: nn.Module, optimizer: Any, data: Iterator[Tensor]) -> None:
    for batch in data:

        def closure(batch: Tensor = batch) -> Tensor:
            optimizer.zero_grad()
            loss = loss_of(model, batch)
            torch.autograd.backward(loss)
            return loss

        optimizer.step(closure)


def made(base: bases.Base, *stages: Stage, bias: bool = False) -> tuple[Small, Derived]:
    model = Small(sparse=base.sparse, bias=bias)
    return model, build(Optimizer(base=base, stages=stages), model.named(base.sparse))


def weights(model: nn.Module) -> list[Tensor]:
    return [each.detach().clone() for each in model.parameters()]


def same(one: nn.Module, other: nn.Module) -> bool:
    return all(map(torch.equal, weights(one), weights(other)))


TORCH = sorted(
    name
    for name, each in vars(torch.optim).items()
    if inspect.isclass(each) and issubclass(each, torch.optim.Optimizer) and each is not torch.optim.Optimizer
)


# ----------------------------------------------------------------------------------- every base


@pytest.mark.parametrize("name", TORCH)
def test_without_stages_it_is_the_base_itself(name: str) -> None:
    base = bases.BASES[name]()
    plain = Small(sparse=base.sparse)
    train(plain, base_of(base, plain.named(base.sparse)), words(8))
    model, optimizer = made(base)
    train(model, optimizer, words(8))
    assert same(plain, model)


REFUSED = {
    ("LBFGS", "accumulate"), ("LBFGS", "clip"), ("LBFGS", "decay"), ("LBFGS", "adaptation"), ("LBFGS", "update"),
    ("LBFGS", "state"), ("LBFGS", "rates"), ("LBFGS", "lookahead"), ("SparseAdam", "update"), ("SparseAdam", "state"),
    ("Muon", "state"), ("Adafactor", "state"),
}  # fmt: skip


@pytest.mark.parametrize("name", TORCH)
@pytest.mark.parametrize("stage", ALONE)
def test_every_stage_upon_every_base_moves_or_is_refused_with_a_reason(name: str, stage: str) -> None:
    base = bases.BASES[name]()
    why = refusal(base, (ALONE[stage],))
    assert (why is not None) is ((name, stage) in REFUSED)
    model = Small(sparse=base.sparse)
    if why is not None:
        with pytest.raises(UserError, match=str(why)[:20].replace("(", ".")):
            Derived(base_of(base, model.named(base.sparse)), [ALONE[stage]])
        return
    model, optimizer = made(base, ALONE[stage])
    before = weights(model)
    train(model, optimizer, words(6))
    assert all(each.isfinite().all() for each in weights(model))
    assert any(not torch.equal(a, b) for a, b in zip(before, weights(model), strict=True))


FIT = {name: tuple(each for key, each in ALONE.items() if (name, key) not in REFUSED) for name in TORCH}


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(TORCH), cut=st.integers(0, 12))
def test_any_chain_upon_any_base_goes_on_where_it_was_saved(data: Any, name: str, cut: int) -> None:
    """Mid-window, mid-cycle, swapped or not: bit for bit as if nothing had happened."""
    chain = data.draw(st.lists(st.sampled_from(FIT[name]), unique_by=lambda each: each.kind, max_size=6))
    base = bases.BASES[name]()
    whole, optimizer = made(base, *chain)
    train(whole, optimizer, words(13))
    batches = list(words(13))
    first, saved = made(base, *chain)
    train(first, saved, iter(batches[:cut]))
    kept = copy.deepcopy((first.state_dict(), saved.state_dict()))
    second, resumed = made(base, *chain)
    second.load_state_dict(kept[0])
    resumed.load_state_dict(kept[1])
    train(second, resumed, iter(batches[cut:]))
    assert same(whole, second)
    assert resumed.updates == optimizer.updates


NEUTRAL = Rates(factors=(Factor(pattern="", factor=1 + 2**-52),))  # enough that the step is put aside


@pytest.mark.parametrize("name", [each for each in TORCH if each != "LBFGS"])
@pytest.mark.parametrize("penalty", [0.0, 0.1])
def test_a_step_put_aside_is_the_one_that_the_base_would_make(name: str, penalty: float) -> None:
    """With the base's own decay or without: it sees weights and gradients as if it moved the weights itself."""
    kind = bases.BASES[name]
    given = {"weight_decay": penalty, "t0": 3.0}  # ASGD begins to average
    base = kind(**{key: value for key, value in given.items() if key in kind.model_fields})
    plain = Small(sparse=base.sparse)
    theirs = base_of(base, plain.named(base.sparse))
    train(plain, theirs, words(8))
    model, optimizer = made(base, NEUTRAL)
    assert optimizer.aside
    train(model, optimizer, words(8))
    for a, b in zip(plain.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-12)
        for key, value in theirs.state[a].items():
            torch.testing.assert_close(
                torch.as_tensor(value), torch.as_tensor(optimizer.state[b][key]), rtol=1e-8, atol=1e-12
            )


@pytest.mark.parametrize("start", [0.0, 0.1])
def test_the_bases_own_decay_may_change_while_training(start: float) -> None:
    """A penalty that comes or goes: the base sees the weights before the stage decay shrinks them, as it does."""
    model, optimizer = made(bases.SGD(lr=0.1, weight_decay=start), Decay(rate=0.5, exclude=()))
    train(model, optimizer, words(3))
    optimizer.param_groups[0]["weight_decay"] = 0.1 - start
    before = weights(model)
    for each in model.parameters():
        each.grad = torch.zeros_like(each)
    optimizer.step()
    for old, new in zip(before, weights(model), strict=True):
        torch.testing.assert_close(new, old * (1 - 0.1 * (0.5 + 0.1 - start)), rtol=1e-12, atol=1e-15)


# ---------------------------------------------------------------------------------------- state


@pytest.mark.parametrize("cut", range(0, 13, 2))
def test_a_checkpoint_in_the_middle_of_everything_is_exact(cut: int, tmp_path: Path) -> None:
    """Through the workbench's own files: accumulation every 3, lookahead every 2 updates, cut anywhere."""
    batches = list(words(20))
    whole, optimizer = made(bases.Adam(lr=0.01), *CHAIN, bias=True)
    train(whole, optimizer, iter(batches))
    first, saved = made(bases.Adam(lr=0.01), *CHAIN, bias=True)
    train(first, saved, iter(batches[:cut]))
    state.save(tmp_path / "c", {"model": first, "opt": saved}, {})
    second, resumed = made(bases.Adam(lr=0.01), *CHAIN, bias=True)
    state.load(tmp_path / "c", {"model": second, "opt": resumed})
    train(second, resumed, iter(batches[cut:]))
    assert same(whole, second)
    with optimizer.averaged(), resumed.averaged():
        assert same(whole, second)


def test_a_state_saved_while_the_average_is_in_gives_the_weights_back() -> None:
    model, optimizer = made(bases.Adam(lr=0.01), *CHAIN)
    train(model, optimizer, words(9))
    own = weights(model)
    optimizer.swap_in()
    kept = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    other, resumed = made(bases.Adam(lr=0.01), *CHAIN)
    other.load_state_dict(kept[0])
    resumed.load_state_dict(kept[1])
    assert not all(map(torch.equal, own, weights(other)))
    resumed.swap_out()
    assert all(map(torch.equal, own, weights(other)))


def test_a_loaded_state_does_not_share_memory_with_its_source() -> None:
    model, optimizer = made(bases.Adam(lr=0.01), *CHAIN)
    train(model, optimizer, words(7))
    other, resumed = made(bases.Adam(lr=0.01), *CHAIN)
    resumed.load_state_dict(optimizer.state_dict())
    other.load_state_dict(model.state_dict())
    before = weights(other)
    train(model, optimizer, words(7))
    with resumed.averaged():
        averaged = weights(other)
    train(model, optimizer, words(7))
    with resumed.averaged():
        assert all(map(torch.equal, averaged, weights(other)))
    assert all(map(torch.equal, before, weights(other)))


def test_a_state_of_other_stages_is_refused() -> None:
    _, one = made(bases.Adam(), *CHAIN)
    _, other = made(bases.Adam(), *CHAIN[:-1])
    with pytest.raises(UserError, match="average"):
        other.load_state_dict(one.state_dict())


def test_without_stages_the_state_of_the_base_alone_is_taken_up() -> None:
    plain = Small()
    theirs = base_of(bases.Adam(lr=0.01), plain.named(False))
    train(plain, theirs, words(5))
    model, optimizer = made(bases.Adam(lr=0.01))
    model.load_state_dict(copy.deepcopy(plain.state_dict()))
    optimizer.load_state_dict(copy.deepcopy(theirs.state_dict()))
    for each, its in ((plain, theirs), (model, optimizer)):
        train(each, its, words(5, seed=1))
    assert same(plain, model)
    _, staged = made(bases.Adam(lr=0.01), Decay())
    with pytest.raises(UserError, match="decay"):
        staged.load_state_dict(theirs.state_dict())


def test_a_copy_is_an_optimizer_of_its_own() -> None:
    model, optimizer = made(bases.Adam(lr=0.01), *CHAIN)
    train(model, optimizer, words(7))
    twin_model, twin = copy.deepcopy((model, optimizer))
    train(model, optimizer, words(8, seed=1))
    assert not same(model, twin_model)
    train(twin_model, twin, words(8, seed=1))
    assert same(model, twin_model)


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
