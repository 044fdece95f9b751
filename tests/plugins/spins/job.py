"""Spins that turn over by chance (Metropolis), first the black fields of the board, then the white ones."""

import numpy as np

from workbench.api import Context

from . import Spins


def run(params: Spins, context: Context) -> None:
    shape = (params.side, params.side)
    black = np.indices(shape).sum(0) % 2 == 0
    spins = np.random.choice((-1.0, 1.0), shape) if params.start == "hot" else np.ones(shape)
    context.track(spins=spins)

    def turn() -> None:
        spins[: len(spins) // 2] *= -1

    context.on("turn", turn)
    for _ in context.steps(params.steps):
        for colour in (black, ~black):
            around = sum(np.roll(spins, by, axis) for by in (1, -1) for axis in (0, 1))
            turned = np.random.rand(*shape) < np.exp(-2 * spins * around / context.params.heat)
            spins[turned & colour] *= -1
        bonds = spins * (np.roll(spins, 1, 0) + np.roll(spins, 1, 1))
        context.scalars(energy=-bonds.mean(), magnetisation=spins.mean())
        if context.wants("spins"):
            context.images("spins", (spins[None] + 1) / 2)
