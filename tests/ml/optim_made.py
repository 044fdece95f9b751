"""Small models, optimizers upon them, and the loop that trains them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from workbench.ml.optim import bases
from workbench.ml.optim.build import build
from workbench.ml.optim.derived import Derived
from workbench.ml.optim.params import Optimizer, Stage

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
