"""Accumulation and clipping upon real optimizers of torch: many small batches are a large one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from workbench.ml.optim import bases
from workbench.ml.optim.params import Accumulate, Clip, Stage

from .optim_made import apart, backward, batches, derived, net, push, single, train

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
