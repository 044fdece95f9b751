"""The gradient that an optimizer is told at each evaluation: the surface's own, noisy, or of one row alone."""

from __future__ import annotations

import random
from functools import lru_cache

from ..lab.params import Noise
from ..surface.arithmetic import PLAIN
from ..surface.places import Surface
from ..surface.tape import Tape, gradient

Pair = tuple[float, float]


class Slope:
    """The gradients of a sequence of evaluations; the same seed gives the same ones to every optimizer."""

    def __init__(self, surface: Surface, noise: Noise, steps: int, seed: int) -> None:
        expression = surface.expression()
        self._gradient, self._height = Tape(gradient(expression), PLAIN).function, Tape([expression], PLAIN)
        draw = random.Random(seed)
        self.noise: list[Pair] = [(draw.gauss(0, noise.sd), draw.gauss(0, noise.sd)) for _ in range(steps)]
        rows = [(1.0, 1.0) if draw.random() < noise.both else _one(draw) for _ in range(steps)]
        self.rows: list[Pair] = rows

    def __call__(self, k: int, x: float, y: float) -> Pair:
        """Of evaluation k, from 0. Raises ArithmeticError or ValueError where the surface has none."""
        gx, gy = self._gradient(x, y)
        (a, b), (p, q) = self.noise[k], self.rows[k]
        return (gx + a) * p, (gy + b) * q

    def height(self, x: float, y: float) -> float:
        """The surface's height; not a number where it has none."""
        try:
            return float(self._height(x, y)[0])
        except (ArithmeticError, ValueError):
            return float("nan")


@lru_cache(maxsize=4)
def slope_of(surface: Surface, noise: Noise, steps: int, seed: int) -> Slope:
    """The same, kept: while a start is dragged nothing of it changes."""
    return Slope(surface, noise, steps, seed)


def _one(draw: random.Random) -> Pair:
    return (1.0, 0.0) if draw.random() < 0.5 else (0.0, 1.0)
