"""The figures of a run: where the truth is known, modes; of images, what a judge makes of them."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.api import Context, domain
from workbench.ml import judge
from workbench.ml.data import Images, Mixture
from workbench.ml.metrics import mode_metrics

from .game import Game
from .show import latents_apart

T = domain("workbench_gan")
POINTS, IMAGES = 10_000, 1_000  # samples judged at the end
EVERY = 250  # steps between figures of modes
OWN_SEED = 1 << 31  # from the run's seed: on the CPU, torch takes the low 32 bits of a seed alone


def latents_to_judge(game: Game, n: int) -> Tensor:
    """The same n latents whenever a run is judged, (n, z): none that are shown, nor what its training begins with."""
    return latents_apart(game, n, game.params.seed ^ OWN_SEED)


def judge_modes(game: Game, data: Mixture, context: Context, n: int = POINTS) -> None:
    """Report `modes`, `high_quality` and `mode_kl`, and each mode's share, of n points."""
    with context.aside(game.G):
        points = game.sample(latents_to_judge(game, n)).cpu()
    found = mode_metrics(points, data.centres, data.sigma, data.parts)
    context.scalars(modes=found.modes, high_quality=found.high_quality, mode_kl=found.kl)
    context.bars("shares", found.shares, labels=[str(k) for k in range(len(found.shares))])


def judge_images(game: Game, data: Images, context: Context) -> None:
    """Report a judge's verdict on 1 000 samples, and beside it, as `real/...`, on held-out images themselves."""
    context.progress(0, None, T("The judge looks at the samples; at first it has to learn the data."))
    with context.aside(game.G):
        samples = game.sample(latents_to_judge(game, IMAGES)).cpu()
        its = judge.judge_of(data, context)
        context.scalars(judge.verdict(its, samples, data).scalars())
        context.scalars(judge.floor(its, data).scalars("real/"))


def at_end(game: Game, data: Images | Mixture, context: Context) -> None:
    """The figures that a run is known by."""
    with torch.no_grad():
        if isinstance(data, Mixture):
            judge_modes(game, data, context)
    if isinstance(data, Images):
        judge_images(game, data, context)
