from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from workbench.ml.ema import EMA


def stepped(ema: EMA[nn.Linear], source: nn.Linear, times: int) -> None:
    for _ in range(times):
        with torch.no_grad():
            for p in source.parameters():
                p.add_(torch.randn_like(p))
        ema.update(source)


def test_follows_the_recursion() -> None:
    source = nn.Linear(3, 2)
    ema, expected = EMA(source, 0.9), source.weight.detach().clone()
    for t in range(200):
        stepped(ema, source, 1)
        decay = min(0.9, (1 + t) / (10 + t))
        expected = decay * expected + (1 - decay) * source.weight.detach()
    torch.testing.assert_close(ema.model.weight, expected)


def test_a_constant_source_is_kept() -> None:
    source = nn.Linear(3, 2)
    ema = EMA(source, 0.99)
    for _ in range(20):
        ema.update(source)
    torch.testing.assert_close(ema.model.weight, source.weight)


def test_copies_buffers_and_leaves_the_source_alone() -> None:
    source = nn.BatchNorm1d(4)
    ema = EMA(source)
    source.train()(torch.randn(8, 4))
    before = copy.deepcopy(source.state_dict())
    ema.update(source)
    assert torch.equal(ema.model.running_mean, source.running_mean)  # type: ignore[arg-type]
    assert all(torch.equal(before[k], v) for k, v in source.state_dict().items())
    assert not any(p.requires_grad for p in ema.model.parameters())


def test_goes_on_where_it_was_saved() -> None:
    source = nn.Linear(3, 2)
    ema = EMA(source, 0.95)
    stepped(ema, source, 5)
    other = EMA(nn.Linear(3, 2), 0.95)
    other.load_state_dict(copy.deepcopy(ema.state_dict()))
    stepped(ema, source, 1)
    other.update(source)
    assert torch.equal(ema.model.weight, other.model.weight)


@pytest.mark.parametrize("decay", [-0.1, 1.0])
def test_refuses_a_decay_that_is_none(decay: float) -> None:
    with pytest.raises(ValueError):
        EMA(nn.Linear(1, 1), decay)
