"""The ball."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from workbench.api import Context, Params

RESTING = np.zeros(2)
"""Module state: where the live ball lies, from one evaluation to the next."""


def roll(params: Any, context: Context) -> None:
    """The speed changes by kicks alone."""
    ball = Ball()
    context.on("kick", ball.kick)
    context.on("rest", ball.rest)
    for _ in context.steps(params.steps):
        context.scalars(speed=float(ball.speed))
        if context.wants("ball"):
            context.points("ball", np.array([[ball.speed, 0.0]]))
        time.sleep(params.pause)


class Ball:
    """Rolls."""

    speed = 0.0

    def kick(self, strength: float, backwards: bool) -> None:
        """Faster, or the other way."""
        self.speed += -strength if backwards else strength

    def rest(self) -> None:
        """Stands still."""
        self.speed = 0.0


def lie(params: Params, context: Context) -> None:
    """Shows where the ball lies."""
    context.on("kick", _push)
    context.on("rest", lambda: RESTING.fill(0.0))
    context.points("ball", RESTING[None] + [[0.0, params.model_dump()["height"]]])


def _push(strength: float, backwards: bool) -> None:
    RESTING[0] += -strength if backwards else strength
