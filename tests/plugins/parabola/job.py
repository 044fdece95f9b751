"""The descent."""

from __future__ import annotations

from typing import Any

import torch

from workbench.api import Context


def run(params: Any, context: Context) -> None:
    """With a rate beyond 1 it goes further away at each step."""
    w = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=params.lr)
    context.track(w=w, optimizer=optimizer)
    for step in context.steps(params.steps):
        context.scalars(loss=w.detach().square().sum())
        w.grad = 2 * w.detach()
        optimizer.step()
        if step % params.every == 0:
            context.checkpoint()
