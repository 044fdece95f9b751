"""The training loop as a tool: every loss reported, samples when they are wanted."""

from __future__ import annotations

import time
from pathlib import Path

from workbench.api import Context

from . import Settings
from .games import GAMES
from .ticks import Ticks

STREAM = "samples"
EVERY = {"mlp": 20, "conv": 2}
"""Steps between two stored samples at least: about twenty a second."""


def run(params: Settings, context: Context) -> None:
    """Trains until it is ended."""
    game, ticks = GAMES[params.game](), Ticks(Path(params.ticks))
    context.track(**game.state)
    show = context.points if params.game == "mlp" else context.images
    for step in context.steps():
        context.scalars(game.step())
        if context.wants(STREAM, EVERY[params.game]):
            ticks.sampled[step] = 1
            with context.aside(game.generator):
                show(STREAM, game.sample())
        ticks.ends[step] = time.perf_counter()
