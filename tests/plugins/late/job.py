"""The job."""

from __future__ import annotations

import time

import numpy as np

from workbench.api import Context

from . import Settings


def run(params: Settings, context: Context) -> None:
    """Points at every step, pictures from a step on, a curve, and three results."""
    for step in context.steps(params.steps):
        time.sleep(params.pause)
        context.points("early", np.full((3, 2), float(step)))
        context.scalars({"loss": 1 / (step + 1)})
        if step >= context.params.late:
            context.images("picture", np.full((2, 4, 4), step, np.uint8))
    context.scalars({"sure": 0.75, "classes": 10, "loss/final": 0.5})
