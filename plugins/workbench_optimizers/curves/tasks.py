"""What is learned: digits as images, or as words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from workbench.ml.data import digits

from . import Images, Words

SHADES = 17
RARE = 0.25  # share of the held-out digits that count as full of rare words


@dataclass(frozen=True)
class Task:
    """Inputs (n, 64) and labels (n), to learn and held out; rare: which of the held-out ones have the rarest words."""

    x: Tensor
    y: Tensor
    held_x: Tensor
    held_y: Tensor
    rare: Tensor | None


def task_of(wanted: Images | Words) -> Task:
    """The digits as the network takes them."""
    data = digits()
    x, held = data.train.flatten(1), data.held_out.flatten(1)
    if isinstance(wanted, Images):
        return Task(x, data.labels, held, data.held_out_labels, None)
    x, held = words(x), words(held)
    often = x.flatten().bincount(minlength=64 * SHADES).float()
    rarity = (1 / (1 + often))[held].sum(1)
    rare = rarity >= rarity.quantile(1 - RARE)
    return Task(x, data.labels, held, data.held_out_labels, rare)


def words(pixels: Tensor) -> Tensor:
    """(n, 64) shares of 16 as numbers of words: place · 17 + shade."""
    return torch.arange(64) * SHADES + (pixels * (SHADES - 1)).round().long()


class Bag(nn.Module):
    """The sum of the words' embeddings, through one layer."""

    def __init__(self, size: int, sparse: bool) -> None:
        super().__init__()
        self.embedding = nn.Embedding(64 * SHADES, size, sparse=sparse)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.head = nn.Linear(size, 10)

    def forward(self, words: Tensor) -> Tensor:
        """(n, 64) words to (n, 10) scores."""
        scores: Tensor = self.head(self.embedding(words).sum(1).relu())
        return scores


def network(wanted: Images | Words, seed: int, sparse: bool = False) -> nn.Module:
    """A network whose first weights are the seed's alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Bag(wanted.size, sparse) if isinstance(wanted, Words) else perceptron(wanted)


def perceptron(wanted: Images) -> nn.Module:
    """64 pixels to 10 scores."""
    sizes = [64, *[wanted.width] * wanted.depth]
    layers: list[nn.Module] = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], 10))
