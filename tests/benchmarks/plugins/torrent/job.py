"""The torrent: at every step twenty scalars, at every fifth a picture, at every thousandth a row."""

from __future__ import annotations

import math
import time

import numpy as np

from workbench.api import Context

from . import Settings

SERIES = tuple(f"{group}/{k}" for group in ("loss", "score", "norm", "rate") for k in range(5))
PICTURE, ROW = 5, 1000
"""Steps from one to the next."""


def run(params: Settings, context: Context) -> None:
    """Reports at a steady pace: where it was kept waiting it catches up."""
    tiles = np.random.default_rng(params.seed).integers(0, 255, (64, 16, 16), dtype=np.uint8)
    begun, pause = time.perf_counter(), 60 * params.minutes / params.steps
    for step in context.steps(params.steps):
        context.scalars({name: math.sin(step * (k + 1) * 1e-4) for k, name in enumerate(SERIES)})
        if step % PICTURE == 0:
            context.images("pictures", np.roll(tiles, step // PICTURE, 2))
        if step % ROW == 0:
            context.rows("rows", [{"step": step}])
        ahead = begun + step * pause - time.perf_counter()
        if ahead > 0.005:
            time.sleep(ahead)
