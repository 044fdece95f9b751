"""Several walks at once."""

from __future__ import annotations

import torch

from workbench.api import Context

from . import Settings


def run(params: list[Settings], contexts: list[Context]) -> None:
    """Several walks as one batch (S, 200, 2), each with its own generator."""
    leader = contexts[0]
    generators = [torch.Generator().manual_seed(each.seed) for each in params]
    x = torch.zeros(len(params), 200, 2)
    leader.track(x=x, **{f"generator{n}": each for n, each in enumerate(generators)})
    rates = torch.tensor([each.lr for each in params])[:, None, None]
    for _ in leader.steps(params[0].steps):
        x += rates * torch.stack([torch.randn(200, 2, generator=each) for each in generators])
        for n, context in enumerate(contexts):
            context.scalars(spread=x[n].std())
            if context.wants("here"):
                context.points("here", x[n])
