"""One point under an elementwise base and its stages, in plain numbers: 500 steps in about two milliseconds."""

from __future__ import annotations

from math import hypot, isfinite

from workbench.ml.optim import params
from workbench.ml.optim.params import Optimizer

from . import NAME
from .bases import MOVERS, Mover
from .slope import Pair, Slope
from .stages import Gathering, Second, factor_of
from .track import Part, Track


class Point:
    """Weights (x, y) with their optimizer; the base must be in `MOVERS`. All that acts on a step is worked out at the
    base's own rate; ρ(t) multiplies the whole at last, which comes to the same.
    """

    def __init__(self, optimizer: Optimizer, start: Pair) -> None:
        stages = optimizer.acting
        self.place, self.lr, self.updates = start, optimizer.base.lr, 0
        self.gathering = Gathering([each for each in stages if each.phase == "gradient"])
        self.movers: list[Mover] = [MOVERS[optimizer.base.kind](optimizer.base) for _ in start]
        directions = [each for each in stages if isinstance(each, params.Named) and each.selects(NAME)]
        self.directions = directions
        self.resting = any(isinstance(each, params.Lazy) and each.mode == "state" for each in directions)
        self.rates = [each for each in stages if isinstance(each, params.Piecewise | params.Rates)]
        kept = [each for each in stages if isinstance(each, params.Lookahead | params.Average)]
        self.seconds = [Second(each, start) for each in kept]
        self.parts: list[Part] = []
        self.ratio = self.rate = float("nan")

    def take(self, gradient: Pair) -> None:
        """One evaluation: its gradient goes in, and the point moves if an update is due."""
        self.parts = []
        due = self.gathering(*gradient)
        if due is None:
            return
        self.updates += 1
        touched = (due[0] != 0, due[1] != 0)
        step = self._scaled(self._turned(self._base(due, touched), touched))
        self.place = (self.place[0] + step[0], self.place[1] + step[1])
        for each in self.seconds:
            before, self.place = self.place, each(self.place, self.updates)
            if self.place is not before:
                self._note(each.spec.kind, before, self.place)

    def _base(self, gradient: Pair, touched: tuple[bool, bool]) -> Pair:
        (move_x, move_y), (wx, wy), (gx, gy), t = self.movers, self.place, gradient, self.updates
        x = move_x(wx, gx, t) if touched[0] or not self.resting else 0.0
        y = move_y(wy, gy, t) if touched[1] or not self.resting else 0.0
        self.parts.append(("base", (x, y)))
        self.rate, self.ratio = self.lr, float("nan")
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
        for stage in self.rates:
            before, factor = step, factor_of(stage, self.updates - 1)
            step = (step[0] * factor, step[1] * factor)
            self.rate *= factor
            self._note(stage.kind, before, step)
        return step

    def _note(self, name: str, before: Pair, after: Pair) -> None:
        self.parts.append((name, (after[0] - before[0], after[1] - before[1])))


def fly(optimizer: Optimizer, slope: Slope, start: Pair, steps: int, at: int = 0) -> Track:
    """The track of so many evaluations; at: the one, from 1, of which the parts are kept."""
    point, track = Point(optimizer, start), Track([start])
    slow = next((each for each in point.seconds if isinstance(each.spec, params.Lookahead)), None)
    average = next((each for each in point.seconds if isinstance(each.spec, params.Average)), None)
    for k in range(steps):
        try:
            point.take(slope(k, *point.place))
        except (ArithmeticError, ValueError):
            break
        if not (isfinite(point.place[0]) and isfinite(point.place[1])):
            break
        track.places.append(point.place)
        track.ratios.append(point.ratio)
        track.rates.append(point.rate)
        if slow is not None:
            track.slow.append(slow.place)
        if average is not None:
            track.average.append(average.place)
        if k + 1 == at:
            track.parts = point.parts
    track.updates = point.updates
    return track
