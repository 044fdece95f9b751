"""The job: train, report, keep."""

from __future__ import annotations

import time
from collections.abc import Iterator

from workbench.api import Context
from workbench.ml.data import Mixture

from . import artifacts
from .game import Game, classes_of
from .judging import EVERY, at_end, judge_modes
from .params import GAN
from .show import Show
from .source import Data
from .texts import T


def run(params: GAN, context: Context) -> None:
    """Train a generator against a discriminator on `params.data`; then keep both networks and judge it."""
    data = context.chosen(params.data)
    game = Game(params, data, context.device)
    for each in ignored(params, data):
        context.notice(each)
    context.track(**game.state)
    show, pace = Show(game, data, context), Pace(params.batch)
    show.real()
    for step in context.steps(params.steps):
        game.set_rates(step, context.params.optimizer)
        context.scalars(game.play(step) | pace.tick())
        show()
        if isinstance(data, Mixture) and step % EVERY == 0 and step < params.steps:
            judge_modes(game, data, context, n=2500)
    context.artifact("generator", "model/generator", lambda path: artifacts.save_generator(game, path))
    context.artifact("discriminator", "model/discriminator", lambda path: artifacts.save_discriminator(game, path))
    at_end(game, data, context)


def ignored(params: GAN, data: Data) -> Iterator[str]:
    """What was chosen and the data do not allow, in sentences: the record alone would say that it was done."""
    if params.network.kind == "conv" and isinstance(data, Mixture):
        yield T("Convolutions take images: of points in the plane, perceptrons are trained.")
    if params.conditional and not classes_of(params, data):
        yield T("There are no classes in this data: the networks are told of none.")


class Pace:
    """Real samples a second, told about every half second."""

    def __init__(self, batch: int) -> None:
        self.batch, self.steps, self.since = batch, 0, time.perf_counter()

    def tick(self) -> dict[str, float]:
        """Count a step; now and then, what to report."""
        self.steps += 1
        elapsed = time.perf_counter() - self.since
        if elapsed < 0.5:
            return {}
        rate = self.batch * self.steps / elapsed
        self.steps, self.since = 0, time.perf_counter()
        return {"time/images_per_second": rate}
