"""The stages on one point, in plain numbers: what `workbench.ml.optim.rules` does to tensors."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from workbench.ml.optim import params
from workbench.ml.optim.params import Stage
from workbench.ml.optim.rules import TINY, piecewise

from . import NAME
from .slope import Pair


class Gathering:
    """Accumulation and clipping, in their order."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = stages
        self._x = self._y = 0.0
        self._count = 0

    def __call__(self, x: float, y: float) -> Pair | None:
        """The gradient that is due for an update; None while a window fills."""
        for stage in self.stages:
            if isinstance(stage, params.Clip):
                norm = hypot(x, y)
                if not norm + TINY <= stage.limit:
                    x, y = x * stage.limit / (norm + TINY), y * stage.limit / (norm + TINY)
            elif isinstance(stage, params.Accumulate):
                self._x, self._y, self._count = self._x + x, self._y + y, self._count + 1
                if self._count < stage.batches:
                    return None
                x, y = self._x / self._count, self._y / self._count
                self._x, self._y, self._count = 0.0, 0.0, 0
        return x, y


class Second:
    """A second set of weights: lookahead's slow ones, or the average."""

    def __init__(self, spec: params.Lookahead | params.Average, start: Pair) -> None:
        self.spec = spec
        from_zero = isinstance(spec, params.Average) and spec.start == "zero"
        self._start = start
        self._kept: Pair = (0.0, 0.0) if from_zero else start
        self._bias = 1.0 if from_zero else 0.0

    def __call__(self, place: Pair, done: int) -> Pair:
        """Follows the weights after update number `done`; where these are then."""
        if isinstance(self.spec, params.Average):
            self._kept = between(self._kept, place, 1 - self.spec.decay_at(done))
            self._bias *= self.spec.decay
        elif done % self.spec.every == 0:
            self._kept = between(self._kept, place, self.spec.pull)
            return self._kept
        return place

    @property
    def place(self) -> Pair:
        """Where it is, its bias divided out; before the first update where the weights are."""
        share = 1 - self._bias
        return (self._kept[0] / share, self._kept[1] / share) if share else self._start


def factor_of(stage: params.Piecewise | params.Rates, done: int) -> float:
    """What a stage multiplies the rate by after so many updates."""
    return piecewise(done, stage.knots) if isinstance(stage, params.Piecewise) else stage.factor(NAME)


def between(a: Pair, b: Pair, share: float) -> Pair:
    """a + share · (b − a)."""
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
