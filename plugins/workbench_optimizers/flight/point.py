"""One point under an elementwise base and its stages, in plain numbers: 500 steps in about a millisecond."""

from __future__ import annotations

from math import hypot, isfinite, nan

from workbench.ml.optim import params
from workbench.ml.optim.params import Optimizer

from . import NAME
from .bases import MOVERS
from .slope import Pair, Slope
from .stages import Gathering, Mean, Slow, factor_of, second_of
from .track import Part, Track


class Point:
    """Weights (x, y) with their optimizer; the base must be in `MOVERS`. All that acts on a step is worked out at the
    base's own rate; ρ(t) multiplies the whole at last, which comes to the same.

    parts: what base and stages contributed, of an evaluation that is taken apart.
    """

    def __init__(self, optimizer: Optimizer, start: Pair) -> None:
        stages = optimizer.acting
        self.place, self.lr, self.updates = start, optimizer.base.lr, 0
        self.gathering = Gathering([each for each in stages if each.phase == "gradient"])
        self.move_x, self.move_y = (MOVERS[optimizer.base.kind](optimizer.base) for _ in start)
        directions = [each for each in stages if isinstance(each, params.Named) and each.selects(NAME)]
        self.directions = directions
        self.resting = any(isinstance(each, params.Lazy) and each.mode == "state" for each in directions)
        rates = [each for each in stages if isinstance(each, params.Piecewise | params.Rates)]
        self.rates = [(each.kind, factor_of(each)) for each in rates]
        self.seconds = [
            second_of(each, start) for each in stages if isinstance(each, params.Lookahead | params.Average)
        ]
        self.parts: list[Part] | None = None
        self.ratio = self.rate = nan

    def take(self, gradient: Pair, apart: bool = False) -> None:
        """One evaluation: its gradient goes in, and the point moves if an update is due."""
        self.parts = [] if apart else None
        due = self.gathering(*gradient) if self.gathering.stages else gradient
        if due is None:
            return
        self.updates += 1
        touched = (due[0] != 0, due[1] != 0)
        step = self._base(due, touched)
        if self.directions:
            step = self._turned(step, touched)
        if self.rates:
            step = self._scaled(step)
        self.place = (self.place[0] + step[0], self.place[1] + step[1])
        for each in self.seconds:
            before, self.place = self.place, each.follow(self.place, self.updates)
            if self.place is not before:
                self._note(each.kind, before, self.place)

    def _base(self, gradient: Pair, touched: tuple[bool, bool]) -> Pair:
        (wx, wy), (gx, gy), t = self.place, gradient, self.updates
        x = self.move_x(wx, gx, t) if touched[0] or not self.resting else 0.0
        y = self.move_y(wy, gy, t) if touched[1] or not self.resting else 0.0
        self.rate, self.ratio = self.lr, nan
        if self.parts is not None:
            self.parts.append(("base", (x, y)))
        return x, y

    def _turned(self, step: Pair, touched: tuple[bool, bool]) -> Pair:
        """Decay, layer adaptation, lazy."""
        for stage in self.directions:
            before = step
            if isinstance(stage, params.Decay):
                amount = self.lr * stage.rate
                step = (step[0] - amount * self.place[0], step[1] - amount * self.place[1])
            elif isinstance(stage, params.Adaptation):
                step = self._adapted(step)
            else:
                step = (step[0] if touched[0] else 0.0, step[1] if touched[1] else 0.0)
            self._note(stage.kind, before, step)
        return step

    def _adapted(self, step: Pair) -> Pair:
        wanted, found = self.lr * hypot(*self.place), hypot(*step)
        if not (wanted > 0 and found > 0):
            return step
        self.ratio = wanted / found
        self.rate *= self.ratio
        return step[0] * self.ratio, step[1] * self.ratio

    def _scaled(self, step: Pair) -> Pair:
        """Times ρ(t), t updates done, and the factors by name."""
        for kind, factor_at in self.rates:
            before, factor = step, factor_at(self.updates - 1)
            step = (step[0] * factor, step[1] * factor)
            self.rate *= factor
            self._note(kind, before, step)
        return step

    def _note(self, name: str, before: Pair, after: Pair) -> None:
        if self.parts is not None:
            self.parts.append((name, (after[0] - before[0], after[1] - before[1])))


def fly(optimizer: Optimizer, slope: Slope, start: Pair, steps: int, at: int = 0) -> Track:
    """The track of so many evaluations; at: the one, from 1, of which the parts are kept."""
    point, track = Point(optimizer, start), Track([start])
    slow = next((each for each in point.seconds if isinstance(each, Slow)), None)
    mean = next((each for each in point.seconds if isinstance(each, Mean)), None)
    for k in range(steps):
        try:
            point.take(slope(k, *point.place), k + 1 == at)
        except (ArithmeticError, ValueError):
            break
        x, y = point.place
        if not (isfinite(x) and isfinite(y)):
            break
        track.places.append(point.place)
        track.evaluations += 1
        track.ratios.append(point.ratio)
        track.rates.append(point.rate)
        if slow is not None:
            track.slow.append(slow.place)
        if mean is not None:
            track.average.append(mean.place)
        if point.parts is not None:
            track.parts = point.parts
    track.updates = point.updates
    return track
