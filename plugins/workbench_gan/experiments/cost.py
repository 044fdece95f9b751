"""Times training steps of two heads in turn, in one process, so that a machine's moods meet both alike."""

from __future__ import annotations

import time

from workbench.api import Context

from ..game import Game
from . import Cost


def run(params: Cost, context: Context) -> None:
    """Reports, round by round, processor milliseconds of a step with either head, and their ratio."""
    data = context.chosen(params.data)
    plain = params.model_copy(update={"head": params.head.model_copy(update={"stages": 1, "weights": ()})})
    games = {"plain": Game(plain, data, context.device), "cascade": Game(params, data, context.device)}
    for game in games.values():
        block(game, params)  # warms caches and allocators
    for turn in context.steps(params.rounds):
        order = ("plain", "cascade") if turn % 2 else ("cascade", "plain")
        spent = {name: block(games[name], params) for name in order}
        context.scalars({f"time/{name}_ms": 1e3 * seconds for name, seconds in spent.items()})
        context.scalars({"time/ratio": spent["cascade"] / spent["plain"]})


def block(game: Game, params: Cost) -> float:
    """Processor seconds of one step, over a block of them."""
    game.set_rates(1)
    begun = time.process_time()
    for step in range(1, params.block + 1):
        game.play(step)
    return (time.process_time() - begun) / params.block
