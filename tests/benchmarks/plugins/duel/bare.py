"""The same loop without the workbench: `python -m duel.bare`; it reads its task from standard input as JSON.

game, seed, warm, steps, sampled: the steps at which samples are made, as the recorded loop made them, and dropped.
alike: whether its memory lies in huge pages, as a worker's does.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import psutil
import torch

from workbench.jobs import pages
from workbench.worker import NICENESS

from .games import GAMES
from .pace import Pace


def run(task: dict[str, Any]) -> dict[str, float]:
    """Trains for so many steps; how fast it went."""
    torch.set_num_threads(1)
    torch.manual_seed(task["seed"])
    game = GAMES[task["game"]]()
    if task["alike"]:
        pages.join()
    sampled, pace = frozenset(task["sampled"]), Pace(task["warm"])
    for step in range(1, task["steps"] + 1):
        game.step()
        if step in sampled:
            game.sample()
        pace.tick(step)
    return pace.figures()


if __name__ == "__main__":
    if sys.platform != "win32":
        psutil.Process().nice(NICENESS)
    sys.stdout.write(json.dumps(run(json.load(sys.stdin))))
