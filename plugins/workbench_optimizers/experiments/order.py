"""Each pair of stages of a phase, in both orders, on the digits as words."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from workbench.api import Context
from workbench.ml.optim.bases import Adam
from workbench.ml.optim.build import build
from workbench.ml.optim.params import (
    CLASHES,
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
)

from ..curves import Words
from ..curves.tasks import network, task_of
from . import Order

BATCH, WINDOW = 16, 2
STAGES: tuple[Stage, ...] = (
    Accumulate(batches=WINDOW),
    Clip(limit=0.5),
    Decay(rate=1.0, exclude=()),
    Adaptation(exclude=()),
    Lazy(mode="update"),
    Piecewise(knots=((0, 0.5), (9, 1.0))),
    Rates(factors=(Factor(pattern="embed", factor=0.5),)),
    Lookahead(every=3),
    Average(decay=0.8),
)


def pairs() -> list[tuple[Stage, Stage]]:
    """Two stages of one phase, different ones, or one that may stand in the list twice."""
    found = combinations_with_replacement(STAGES, 2)
    return [(a, b) for a, b in found if a.phase == b.phase and (a is not b or not a.once)]


def name_of(a: Stage, b: Stage) -> str:
    """As a metric: whether the pair is marked, and its stages."""
    return f"{'marked' if frozenset({a.kind, b.kind}) in CLASHES else 'free'}/{a.kind} {b.kind}"


def run(params: Order, context: Context) -> None:
    """Reports how far apart the weights end, by how far they moved, for each pair."""
    for a, b in pairs():
        context.sync()
        c = other(b) if a is b else b
        start, one = trained(params, (a, c))
        _, two = trained(params, (c, a))
        context.scalars({name_of(a, b): (one - two).norm() / (one - start).norm()})


def other(stage: Stage) -> Stage:
    """The same with another setting, so that there are two orders."""
    changes: dict[str, dict[str, Any]] = {
        "clip": {"limit": 0.3}, "decay": {"rate": 0.3}, "adaptation": {"exclude": ("bias",)},
        "lazy": {"mode": "state"}, "piecewise": {"knots": ((0, 1.0), (5, 0.3))},
        "rates": {"factors": (Factor(pattern="head", factor=0.3),)}, "lookahead": {"every": 2},
    }  # fmt: skip
    return stage.model_copy(update=changes[stage.kind])


def trained(params: Order, stages: tuple[Stage, Stage]) -> tuple[Tensor, Tensor]:
    """All weights before and after, or their average where one is kept, in float64."""
    task, model = task_of(Words()), network(Words(), params.seed).double()
    optimizer = build(Optimizer(base=Adam(lr=0.02), stages=stages), model.named_parameters())
    draw = torch.Generator().manual_seed(params.seed)
    start = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    for _ in range(params.updates * WINDOW):
        batch = torch.randint(len(task.x), (BATCH,), generator=draw)
        model.zero_grad()
        torch.autograd.backward(cross_entropy(model(task.x[batch]), task.y[batch]))
        optimizer.step()
    if any(isinstance(each, Average) for each in stages):
        optimizer.swap_in()
    return start, torch.nn.utils.parameters_to_vector(model.parameters()).detach()
