"""Junk: images that are none of the data's, for a judge to learn what to refuse."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from workbench.ml.data import Images
from workbench.ml.metrics import covariance


class Junkyard:
    """Draws images that are none of the data's: a fifth of each kind."""

    def __init__(self, images: Images) -> None:
        self.images, self.labels = images.train, images.labels
        flat = self.images.flatten(1)
        self.mean, self.root = flat.mean(0), root_of_covariance(flat)

    def draw(self, n: int, g: Generator) -> Tensor:
        """n images (n, C, H, W) in [0, 1]."""
        kinds = [self.uniform, self.gaussian, self.shuffled, self.spoilt, self.blend]
        sizes = [(n + i) // len(kinds) for i in range(len(kinds))]
        return torch.cat([kind(size, g) for kind, size in zip(kinds, sizes, strict=True)])

    def uniform(self, n: int, g: Generator) -> Tensor:
        return torch.rand(n, *self.images.shape[1:], generator=g)

    def gaussian(self, n: int, g: Generator) -> Tensor:
        """Normal with the data's mean and covariance."""
        drawn: Tensor = self.mean + torch.randn(n, self.root.shape[1], generator=g) @ self.root.T
        return drawn.clamp(0, 1).view(n, *self.images.shape[1:])

    def shuffled(self, n: int, g: Generator) -> Tensor:
        """Every pixel from another image: the data's marginals, nothing of its shapes."""
        flat = self.images.flatten(1)
        rows = torch.randint(len(flat), (n, flat.shape[1]), generator=g)
        return flat.gather(0, rows).view(n, *self.images.shape[1:])

    def spoilt(self, n: int, g: Generator) -> Tensor:
        """Images under heavy noise, of deviation .3 to .8."""
        real = self.images[torch.randint(len(self.images), (n,), generator=g)]
        strength = 0.3 + 0.5 * torch.rand(n, 1, 1, 1, generator=g)
        return (real + strength * torch.randn(real.shape, generator=g)).clamp(0, 1)

    def blend(self, n: int, g: Generator) -> Tensor:
        """Between two images of different classes, .3 to .7 of the way (of any two, where there is one class)."""
        a, b = torch.randint(len(self.images), (2, n), generator=g)
        for _ in range(4):  # a few redraws: pairs of one class become rare, and are spoilt below if they stay
            same = self.labels[a] == self.labels[b]
            b = torch.where(same, torch.randint(len(self.images), (n,), generator=g), b)
        t = 0.3 + 0.4 * torch.rand(n, 1, 1, 1, generator=g)
        mixed = (1 - t) * self.images[a] + t * self.images[b]
        lone = (self.labels[a] == self.labels[b]).view(-1, 1, 1, 1)
        return torch.where(lone, self.uniform(n, g), mixed)


def root_of_covariance(x: Tensor) -> Tensor:
    """Of images (n, d): (d, min(n, d)), whose product with its transpose is their covariance."""
    n, d = x.shape
    if n < d:  # a few large images: the covariance of all pixels would not fit into memory
        return (x - x.mean(0)).T / math.sqrt(max(1, n - 1))
    values, vectors = torch.linalg.eigh(covariance(x).double())
    root: Tensor = (vectors * values.clamp_min(0).sqrt()).float()
    return root
