"""The derived optimizer as a citizen of torch: every base, state, schedulers, scalers, closures, groups, copies."""

from __future__ import annotations

import copy
import inspect
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import UserError
from workbench.ml import checkpoint
from workbench.ml.optim import bases
from workbench.ml.optim.build import base_of
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
    Piecewise,
    Rates,
    Stage,
    refusal,
)

from .optim_small import CHAIN, Small, made, same, train, weights, words

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


@pytest.mark.parametrize("more", [{}, {"nesterov": True}, {"dampening": 0.5}])
@pytest.mark.parametrize("again", [False, True])
def test_a_tensor_may_get_its_first_gradient_after_others(more: dict[str, Any], again: bool) -> None:
    """torch's fused SGD fails there. again: also where the state is of an optimizer that had not seen it yet."""
    base = bases.SGD(lr=0.1, momentum=0.9, weight_decay=0.1, **more)

    def play(optimizer: Any, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        for step in range(4):
            x.grad, y.grad = x.detach().sin(), y.detach().cos() if step > 1 else None
            optimizer.step()
            if again and step == 0:
                optimizer.load_state_dict(lacking(optimizer.state_dict()))
        return torch.cat([x, y]).detach()

    def lacking(state: dict[str, Any]) -> dict[str, Any]:
        return {**state, "state": {0: copy.deepcopy(state["state"][0])}}

    (x, y), (u, v) = ([torch.tensor([value], requires_grad=True) for value in (1.0, 2.0)] for _ in range(2))
    named = [("x", x), ("y", y)]
    plain = torch.optim.SGD([u, v], **base.model_dump(exclude={"kind"}))
    assert torch.allclose(play(Derived(base_of(base, named), []), x, y), play(plain, u, v), rtol=1e-6)


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
    checkpoint.save(tmp_path / "c", {"model": first, "opt": saved}, {})
    second, resumed = made(bases.Adam(lr=0.01), *CHAIN, bias=True)
    checkpoint.load(tmp_path / "c", {"model": second, "opt": resumed})
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


def test_what_a_fork_sets_otherwise_holds_and_what_has_changed_since_is_kept(tmp_path: Path) -> None:
    """As if that had been changed in the run itself; the rate that was lowered there stays lower."""
    batches = list(words(12))
    first, saved = made(bases.SGD(lr=0.1, momentum=0.9, weight_decay=0.1), *CHAIN)
    train(first, saved, iter(batches[:7]))
    saved.param_groups[0]["lr"] = 0.03
    checkpoint.save(tmp_path / "c", {"model": first, "opt": saved}, {})
    second, forked = made(bases.SGD(lr=0.1, momentum=0.5, weight_decay=0.1), *CHAIN)
    checkpoint.load(tmp_path / "c", {"model": second, "opt": forked})
    group = forked.param_groups[0]
    assert (group["lr"], group["momentum"], group["weight_decay"]) == (0.03, 0.5, 0.1)
    saved.param_groups[0]["momentum"] = 0.5
    train(first, saved, iter(batches[7:]))
    train(second, forked, iter(batches[7:]))
    assert same(first, second)
    _, resumed = made(bases.SGD(lr=0.1, momentum=0.5, weight_decay=0.1), *CHAIN)
    resumed.load_state_dict(forked.state_dict())
    assert resumed.param_groups[0]["momentum"] == 0.5


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (bases.Adam(lr=0.01, betas=(0.9, 0.5)), {"amsgrad": True}),
        (bases.SGD(lr=0.01), {"momentum": 0.9}),
        (bases.SGD(lr=0.01), {"momentum": 0.9, "dampening": 0.5}),
        (bases.RMSprop(), {"momentum": 0.9}),
        (bases.RMSprop(), {"centered": True}),
    ],
)
def test_what_only_a_fork_remembers_starts_at_zero(then: bases.Base, now: dict[str, Any]) -> None:
    """So in its first update it hardly matters."""
    batches = list(words(24))
    first, saved = made(then, *CHAIN)
    train(first, saved, iter(batches[:8]))
    second, forked = made(then.model_copy(update=now), *CHAIN)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    forked.load_state_dict(copy.deepcopy(saved.state_dict()))
    for each, its in ((first, saved), (second, forked)):
        train(each, its, iter(batches[8:10]))
    assert all(torch.allclose(*each, rtol=1e-3) for each in zip(weights(second), weights(first), strict=True))
    for each, its in ((first, saved), (second, forked)):
        train(each, its, iter(batches[10:]))
    assert not same(first, second)


def test_a_state_of_another_base_is_refused() -> None:
    _, one = made(bases.SGD(momentum=0.9), *CHAIN)
    _, other = made(bases.Adam(), *CHAIN)
    with pytest.raises(UserError, match=r"SGD \+ .*, not to Adam \+"):
        other.load_state_dict(one.state_dict())


@pytest.mark.parametrize(("then", "now"), [(bases.Adam(), bases.RMSprop()), (bases.SGD(momentum=0.9), bases.Adam())])
def test_a_state_that_does_not_name_its_base_is_refused_by_what_it_lacks(then: bases.Base, now: bases.Base) -> None:
    model, one = made(then)
    train(model, one, words(3))
    _, other = made(now)
    with pytest.raises(UserError, match=f"another optimizer than {type(now).__name__}: it has no (alpha|betas)"):
        other.load_state_dict(one.base.state_dict())
    assert not other.base.state


@pytest.mark.parametrize(("then", "now"), [(bases.Adam(), bases.AdamW(lr=0.01)), (bases.AdamW(), bases.Adam())])
def test_a_fork_may_decay_in_the_other_way(then: bases.Base, now: bases.Base) -> None:
    """Adam and AdamW remember the same."""
    batches = list(words(20))
    first, saved = made(then, *CHAIN)
    train(first, saved, iter(batches[:7]))
    second, forked = made(now, *CHAIN)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    forked.load_state_dict(copy.deepcopy(saved.state_dict()))
    settings = now.model_dump(exclude={"kind"})
    saved.param_groups[0].update(settings, decoupled_weight_decay=isinstance(now, bases.AdamW))
    for each, its in ((first, saved), (second, forked)):
        train(each, its, iter(batches[7:]))
    assert same(first, second)


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
