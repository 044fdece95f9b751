"""The dripping."""

from __future__ import annotations

import time

import numpy as np

from workbench.api import Context

from . import Settings


def run(params: Settings, context: Context) -> None:
    """At every step a scalar, and where it is wanted a picture and points."""
    drops = np.zeros(1)
    context.track(drops=Drops(drops))
    random = np.random.default_rng(params.seed)
    for step in context.steps(params.steps):
        time.sleep(context.params.pause)
        drops += 1
        context.scalars({"water/level": float(drops[0]), "water/pause": context.params.pause})
        if context.wants("tiles"):
            context.images("tiles", random.integers(0, 255, (4, 8, 8), dtype=np.uint8))
        if context.wants("drops"):
            context.points("drops", random.normal(size=(50, 2)))
        if context.wants("extra"):
            context.bars("extra", [step, 1, 2])
        if step == 5 and params.fault == "raise":
            raise RuntimeError("a leak")
        if step == 5 and params.fault == "notice":
            context.notice("Five drops.", remedy="Nothing to do.")


class Drops:
    """An array with a state."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def state_dict(self) -> dict[str, float]:
        """The state."""
        return {"count": float(self.array[0])}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """The reverse."""
        self.array[0] = state["count"]
