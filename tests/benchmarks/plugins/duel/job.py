"""The training loop as a tool: every loss reported, samples when they are wanted."""

from __future__ import annotations

import time

from workbench.api import Context

from . import Settings
from .games import GAMES
from .pace import Pace

STREAM = "samples"
EVERY = {"mlp": 20, "conv": 2}
"""Steps between two stored samples at least: about twenty a second."""


def run(params: Settings, context: Context) -> None:
    """Trains until the time is over; the row "pace" tells the steps, their seconds, and at which samples were made."""
    game = GAMES[params.game]()
    context.track(**game.state)
    show = context.points if params.game == "mlp" else context.images
    sampled = []
    pace = Pace(params.warm)
    deadline = float("inf")
    for step in context.steps():
        context.scalars(game.step())
        if context.wants(STREAM, EVERY[params.game]):
            sampled.append(step)
            with context.aside(game.generator):
                show(STREAM, game.sample())
        pace.tick(step)
        if step == params.warm:
            deadline = time.perf_counter() + params.seconds
        if time.perf_counter() > deadline:
            break
    context.rows("pace", [{**pace.figures(), "sampled": sampled}])
