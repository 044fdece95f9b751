"""What a run shows while it trains. Nothing here changes training: all of it is computed aside."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from workbench.api import Context
from workbench.ml.data import Images, Mixture

from .game import Game
from .heads import cosines, left_over
from .source import Data

SHOWN = 64  # images in a grid
CLOUD = 1000  # points in the plane
SHOWN_SEED = 3 << 29  # of the fixed latents
LATTICE = 48  # pixels of the map of scores, each way
BINS = 40
REAL_AND_FAKE = ("real", "fake")
FRESH = 1 << 30  # plus the step: the seed of what is drawn to be seen once
OFTEN, SELDOM = 20, 100  # steps between frames, at least: a frame costs about as much as a step


class Show:
    """The streams of a game. Fixed latents come from a seed of their own, so every run shows the same ones."""

    def __init__(self, game: Game, data: Data, context: Context) -> None:
        self.game, self.data, self.context = game, data, context
        self.count = CLOUD if isinstance(data, Mixture) else SHOWN
        self.fixed = latents_apart(game, self.count, SHOWN_SEED)
        self.streams: dict[str, tuple[Callable[[], None], int]] = {
            "scores/1": (self.histograms, SELDOM),
            "left_over": (self.left_over, SELDOM),
            "angles": (self.angles, SELDOM),
        }
        if isinstance(data, Mixture):
            self.streams |= {"fake": (self.points, OFTEN), "score": (self.map, SELDOM)}
        else:
            self.streams |= {"fixed": (self.fixed_images, OFTEN), "fresh": (self.fresh_images, OFTEN)}

    def real(self) -> None:
        """Some of the data, once, to compare with."""
        if isinstance(self.data, Images):
            self.context.images("real", self.data.train[:SHOWN].numpy())
        else:
            draw = self.data.sample(CLOUD, torch.Generator().manual_seed(1))
            self.context.points("truth", draw.numpy())

    def __call__(self) -> None:
        """Report what somebody wants to see at this step, and nothing else."""
        wanted = [report for stream, (report, every) in self.streams.items() if self.context.wants(stream, every)]
        if wanted:
            with self.context.aside(self.game.D), torch.no_grad():  # of all networks only D can hold buffers
                for report in wanted:
                    report()

    def fixed_images(self) -> None:
        self.context.images("fixed", self.game.sample(self.fixed).cpu().numpy())

    def fresh_images(self) -> None:
        latents = latents_apart(self.game, SHOWN, FRESH + self.context.step)
        self.context.images("fresh", self.game.sample(latents).cpu().numpy())

    def points(self) -> None:
        self.context.points("fake", self.game.sample(self.fixed).cpu().numpy())

    def map(self) -> None:
        """The first score over the plane, (LATTICE, LATTICE), on a square half as wide again as the data."""
        assert isinstance(self.data, Mixture)
        edge = 1.5 * float(self.data.centres.abs().max())
        line = torch.linspace(-edge, edge, LATTICE, device=self.game.device)
        y, x = torch.meshgrid(line, line, indexing="ij")
        at = torch.stack([x, y], -1).view(-1, 2) / self.game.source.scale
        scores = self.game.D(at)[:, 0].view(LATTICE, LATTICE)
        self.context.field("score", scores.cpu().numpy(), (-edge, edge), (-edge, edge))

    def pair(self) -> list[tuple[Tensor, Tensor | None]]:
        """Features (n, d), and classes (n,) if these count, of real and of generated samples, as many of each."""
        game = self.game
        draw = torch.Generator(game.device).manual_seed(FRESH + self.context.step)
        real, labels = game.source.draw(self.count, draw)
        fake = game.sample(self.fixed) / game.source.scale
        return [(game.D.body(real), labels), (game.D.body(fake), game.labels(self.fixed))]

    def histograms(self) -> None:
        """Each stage's scores as a histogram: two rows, real and generated."""
        scores = [self.game.D.head(v, y).cpu().numpy() for v, y in self.pair()]
        for k in range(scores[0].shape[1]):
            edges = np.linspace(*spread([rows[:, k] for rows in scores]), BINS + 1)
            heights = np.stack([np.histogram(rows[:, k], edges)[0] for rows in scores])
            self.context.bars(f"scores/{k + 1}", heights, edges, names=REAL_AND_FAKE)

    def left_over(self) -> None:
        """The mean share of |v|^2 that each stage leaves, (2, N): real and generated."""
        head = self.game.D.head
        shares = [left_over(v, head.project(v, y), head.weights(y)).mean(0) for v, y in self.pair()]
        labels = [str(k + 1) for k in range(len(head.weight))]
        self.context.bars("left_over", torch.stack(shares).cpu().numpy(), labels=labels, names=REAL_AND_FAKE)

    def angles(self) -> None:
        """Cosines of the angles between the weights, (N, N)."""
        n = len(self.game.D.head.weight)
        table = cosines(self.game.D.head.weight).cpu().numpy()
        self.context.field("angles", table, (0.5, n + 0.5), (0.5, n + 0.5))


def latents_apart(game: Game, n: int, seed: int) -> Tensor:
    """Latents from a generator of their own: training draws nothing less or more."""
    return game.latents(n, torch.Generator(game.device).manual_seed(seed))


def spread(parts: list[np.ndarray]) -> tuple[float, float]:
    """The range of several arrays, never empty."""
    low, high = min(float(p.min()) for p in parts), max(float(p.max()) for p in parts)
    return low, max(high, low + 1e-6)
