"""The same loop without the workbench: `python -m duel.bare`, its task in JSON as an argument; its input's end is its
own, so that it outlives nobody.

game, seed; ticks: the file in which it tells of its steps; like: that of the recorded loop, which is ahead: samples
are made at the same steps, and dropped. alike: whether its memory lies in huge pages, as a worker's does.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import torch

from workbench.jobs import pages
from workbench.worker import NICENESS

from .games import GAMES
from .ticks import Ticks


def run(task: dict[str, Any]) -> None:
    """Trains."""
    torch.set_num_threads(1)
    torch.manual_seed(task["seed"])
    game, ticks, like = GAMES[task["game"]](), Ticks(Path(task["ticks"])), Ticks(Path(task["like"]))
    if task["alike"]:
        pages.join()
    for step in itertools.count(1):
        game.step()
        if like.sampled[step]:
            game.sample()
        ticks.ends[step] = time.perf_counter()


def _follow() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    if sys.platform != "win32":
        psutil.Process().nice(NICENESS)
    threading.Thread(target=_follow, daemon=True).start()
    run(json.loads(sys.argv[1]))
