"""Rings around some sources, added up."""

import numpy as np

from workbench.api import Context

from . import Pond


def run(params: Pond, context: Context) -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 200), np.linspace(-1, 1, 200))
    height = np.zeros_like(x)
    for across, up in params.sources:
        height += np.cos(2 * np.pi * np.hypot(x - across, y - up) / params.length)
        context.sync()
    context.field("height", height, (-1, 1), (-1, 1))
    context.scalars(highest=height.max())
