"""Thousands of points at once: the base of torch itself on one tensor of all of them, for an elementwise base treats
each by itself, and the rules of the stages with a leading axis of trajectories.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from workbench.ml.optim import params, rules
from workbench.ml.optim.build import base_of
from workbench.ml.optim.params import Optimizer

from ..surface.arithmetic import Operations
from ..surface.expression import Expression
from ..surface.tape import Tape, gradient
from . import NAME
from .slope import Pair
from .stages import factor_of

TENSORS: Operations = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "neg": operator.neg,
    "^": operator.pow, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan, "exp": torch.exp, "log": torch.log,
    "sqrt": torch.sqrt, "tanh": torch.tanh, "abs": torch.abs, "sign": torch.sign,
}  # fmt: skip


class Swarm:
    """N points (N, 2, 1), float32, under one chain; restless (N): evaluations at which the slope was not yet flat;
    counted where `flat`, a slope, is given.

    In memory all x come before all y: so formulas read without gaps, and two rows are no more than one long one.
    """

    def __init__(self, optimizer: Optimizer, surface: Expression, starts: Tensor, flat: float | None = None) -> None:
        self._slope, self._flat = Tape(gradient(surface), TENSORS), flat
        self.place = starts.float().T.contiguous().T[..., None]
        self.gradient = torch.empty_like(self.place)
        self.restless = torch.zeros(len(starts))
        self.updates, self.lr = 0, optimizer.base.lr
        self._divide(optimizer)
        self.step = torch.zeros_like(self.place) if self._aside else self.place
        self.base = base_of(optimizer.base, [(NAME, self.step)])
        additive = optimizer.base.additive and not getattr(optimizer.base, "weight_decay", 0)
        self._from_zero = additive

    def _divide(self, optimizer: Optimizer) -> None:
        of = {phase: [each for each in optimizer.acting if each.phase == phase] for phase in params.PHASES}
        self._gradients = of["gradient"]
        self._sum, self._count = torch.zeros_like(self.place), 0
        self._directions = [each for each in of["direction"] if isinstance(each, params.Named) and each.selects(NAME)]
        self._rates = [factor_of(each) for each in of["rate"] if isinstance(each, params.Piecewise | params.Rates)]
        self._lookaheads = [each for each in of["weights"] if isinstance(each, params.Lookahead)]
        self._slow = [self.place.clone() for _ in self._lookaheads]
        self._aside = bool(self._directions or self._rates)
        self._masked = any(isinstance(each, params.Lazy) for each in self._directions)
        self._resting = any(isinstance(each, params.Lazy) and each.mode == "state" for each in self._directions)

    @torch.no_grad()
    def advance(self, noise: Pair, rows: Pair) -> None:
        """One evaluation."""
        x, y = self.place[:, 0, 0], self.place[:, 1, 0]
        gx, gy = self._slope(x, y)
        self.gradient[:, 0, 0], self.gradient[:, 1, 0] = gx, gy
        if self._flat is not None:
            self.restless += self.steepness() > self._flat
        if noise != (0.0, 0.0):
            self.gradient += torch.tensor(noise)[:, None]
        if rows != (1.0, 1.0):
            self.gradient *= torch.tensor(rows)[:, None]
        if self._due():
            self._update()

    def steepness(self) -> Tensor:
        """The length of each gradient of the last evaluation, (N)."""
        x, y = self.gradient[:, 0, 0], self.gradient[:, 1, 0]
        return torch.addcmul(x * x, y, y).sqrt_()

    def _due(self) -> bool:
        """Accumulation and clipping, in their order; whether an update is due."""
        for stage in self._gradients:
            if isinstance(stage, params.Clip):
                rules.clip([self.gradient], stage.limit, lead=1)
            elif isinstance(stage, params.Accumulate):
                rules.accumulate([self._sum], [self.gradient], 1.0)
                self._count += 1
                if self._count < stage.batches:
                    return False
                self.gradient.copy_(self._sum)
                rules.mean([self.gradient], self._count)
                self._sum.zero_()
                self._count = 0
        return True

    def _update(self) -> None:
        rows = rules.touched(self.gradient) if self._masked else None
        self._base(rows)
        if self._aside:
            scale = self._turn(rows)
            for factor in self._rates:
                scale = scale * factor(self.updates)
            rules.move([self.place], [self.step], [scale])
        self.updates += 1
        for each, slow in zip(self._lookaheads, self._slow, strict=True):
            if self.updates % each.every == 0:
                rules.lookahead([self.place], [slow], each.pull)

    def _base(self, rows: Tensor | None) -> None:
        """The base's step on all points. Rows that rest are left out, and what it remembers of them stays; at the
        first update that is what their gradient, zero, leaves there.
        """
        if self._aside:
            self.step.zero_() if self._from_zero else self.step.copy_(self.place)
        before = self._memory() if self._resting and self.updates else {}
        self.step.grad = self.gradient
        self.base.step()
        if self._aside and not self._from_zero:
            self.step.sub_(self.place)
        if self._resting and rows is not None:
            rules.lazy([self.step], [rows])
            for name, old in before.items():
                now = self.base.state[self.step][name]
                now.copy_(torch.where(rows, now, old))

    def _memory(self) -> dict[str, Tensor]:
        """What the base remembers of each number."""
        known: dict[str, Any] = self.base.state[self.step]
        shape = self.place.shape
        return {name: each.clone() for name, each in known.items() if isinstance(each, Tensor) and each.shape == shape}

    def _turn(self, rows: Tensor | None) -> Any:
        """Decay, layer adaptation, lazy; the scale of the step, one for all or one for each trajectory."""
        scale: Any = 1.0
        for stage in self._directions:
            if isinstance(stage, params.Decay):
                if isinstance(scale, Tensor):
                    rules.scaled([self.step], [scale])
                    scale = 1.0
                rules.decay([self.step], [self.place], self.lr * stage.rate)
            elif isinstance(stage, params.Adaptation):
                (scale,) = rules.adaptation([self.step], [self.place], self.lr, [scale], lead=1)
            elif rows is not None:
                rules.lazy([self.step], [rows])
        return scale


def grid(extent: Sequence[float], side: int) -> Tensor:
    """The middles of side × side cells, (side², 2), row by row from the lowest."""
    x0, x1, y0, y1 = extent
    middles = (torch.arange(side) + 0.5) / side
    y, x = torch.meshgrid(y0 + (y1 - y0) * middles, x0 + (x1 - x0) * middles, indexing="ij")
    return torch.stack([x, y], -1).reshape(-1, 2)
