"""The stages on one point, in plain numbers: what `workbench.ml.optim.rules` does to tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
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


class Slow:
    """Lookahead's slow weights. place: where they are."""

    def __init__(self, spec: params.Lookahead, start: Pair) -> None:
        self.kind, self.place = spec.kind, start
        self._every, self._pull = spec.every, spec.pull

    def follow(self, place: Pair, done: int) -> Pair:
        """Follows the weights after update number `done`; where these are then."""
        if done % self._every:
            return place
        self.place = between(self.place, place, self._pull)
        return self.place


class Mean:
    """The average of the weights."""

    def __init__(self, spec: params.Average, start: Pair) -> None:
        self.kind, self._spec, self._start = spec.kind, spec, start
        from_zero = spec.start == "zero"
        self._kept: Pair = (0.0, 0.0) if from_zero else start
        self._bias = 1.0 if from_zero else 0.0

    def follow(self, place: Pair, done: int) -> Pair:
        """Follows the weights after update number `done`; these stay."""
        self._kept = between(self._kept, place, 1 - self._spec.decay_at(done))
        self._bias *= self._spec.decay
        return place

    @property
    def place(self) -> Pair:
        """Where it is, its bias divided out; before the first update where the weights are."""
        share = 1 - self._bias
        return (self._kept[0] / share, self._kept[1] / share) if share else self._start


def second_of(stage: params.Lookahead | params.Average, start: Pair) -> Slow | Mean:
    """The second set of weights that a stage keeps."""
    return Slow(stage, start) if isinstance(stage, params.Lookahead) else Mean(stage, start)


def factor_of(stage: params.Piecewise | params.Rates) -> Callable[[int], float]:
    """What a stage multiplies the rate by after so many updates."""
    if isinstance(stage, params.Piecewise):
        return partial(piecewise, knots=stage.knots)
    factor = stage.factor(NAME)
    return lambda _: factor


def between(a: Pair, b: Pair, share: float) -> Pair:
    """a + share · (b − a)."""
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
