"""A table and two matrices, which any base can train, with every stage or some of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

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
    Lookahead,
    Optimizer,
    Piecewise,
    Rates,
    Stage,
)

CHAIN: tuple[Stage, ...] = (
    Accumulate(batches=3), Clip(limit=5.0), Decay(rate=0.1), Adaptation(), Piecewise(knots=((3, 1.0), (6, 0.5))),
    Rates(factors=(Factor(pattern="bias", factor=0.5),)), Lookahead(every=2), Average(decay=0.9),
)  # fmt: skip


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
