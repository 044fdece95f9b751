"""The picture of the bump."""

from __future__ import annotations

import random

import numpy as np

from workbench.api import Context

from . import Settings

CALLS: list[int] = []
"""Module state: a resident worker keeps it from one evaluation to the next."""


def run(params: Settings, context: Context) -> None:
    """(size, size) values over the square from -1 to 1."""
    CALLS.append(len(CALLS))
    side = np.linspace(-1, 1, params.size, dtype=np.float32)
    x, y = np.meshgrid(side, side)
    for _ in range(params.work):
        context.sync()
        distance = (x - params.centre[0]) ** 2 + (y - params.centre[1]) ** 2
        values = np.exp(-distance / params.width**2)
    context.scalars(calls=len(CALLS), noise=random.random(), peak=float(values.max()))
    context.field("bump", values, (-1, 1), (-1, 1), centre=list(params.centre))
