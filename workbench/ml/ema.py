"""An exponential moving average of a model's weights.

Samples are drawn from the average, not from the last iterate: a GAN's generator circles its goal, and the
average sits closer to the centre of that circle (Yazici et al. 2019, arXiv 1806.04498).
"""

from __future__ import annotations

import copy
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)


class EMA(Generic[M]):
    """Holds `model`, a frozen copy of `source` whose weights trail behind it.

    After update t (from 0) the average moves by 1 - min(decay, (1 + t) / (10 + t)) towards the source, so that
    it forgets its random start quickly. Buffers are copied, not averaged.
    """

    def __init__(self, source: M, decay: float = 0.998) -> None:
        if not 0.0 <= decay < 1.0:
            raise ValueError(f"decay must lie in [0, 1), not {decay}")
        self.decay = decay
        self.updates = 0
        self.model: M = copy.deepcopy(source).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, source: M) -> None:
        """Move the average one step towards `source`, a module of the same shape."""
        weight = 1.0 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        ours: list[Tensor] = list(self.model.parameters())
        theirs = [p.detach() for p in source.parameters()]
        torch._foreach_lerp_(ours, theirs, weight)
        for mine, its in zip(self.model.buffers(), source.buffers(), strict=True):
            mine.copy_(its)
        self.updates += 1

    def state_dict(self) -> dict[str, Any]:
        """The average and how often it was updated: all that a checkpoint needs."""
        return {"model": self.model.state_dict(), "updates": self.updates}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up where `state_dict()` was taken."""
        self.model.load_state_dict(state["model"])
        self.updates = int(state["updates"])
