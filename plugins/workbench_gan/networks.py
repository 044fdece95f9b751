"""Generators and discriminators: multi-layer perceptrons, and small convolutional networks for any image size."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from .heads import CascadeHead

SLOPE = 0.2  # of the leaky rectifiers


class MLPGenerator(nn.Module):
    """Latents (B, z) to samples (B, *shape): images in [0, 1] through a sigmoid, points through nothing."""

    def __init__(self, latent: int, width: int, depth: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape
        self.body = mlp(latent, width, depth, leaky=self.is_image)  # plain rectifiers fold the plane more sharply
        self.out = nn.Linear(width, math.prod(shape))
        initialise(self)
        if self.is_image:
            self.out.weight.data.mul_(0.5)  # a sigmoid that starts in its linear part

    @property
    def is_image(self) -> bool:
        return len(self.shape) == 3

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.out(self.body(z))
        return (x.sigmoid() if self.is_image else x).view(len(z), *self.shape)


class ConvGenerator(nn.Module):
    """Latents (B, z) to images (B, C, H, W) in [0, 1]; a map of a quarter of the size, doubled twice.

    Doubling is PixelShuffle (Shi et al. 2016): on a CPU a third of the price of a transposed convolution.
    """

    def __init__(self, latent: int, width: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape
        channels, height, width_px = shape
        self.start = (2 * width, math.ceil(height / 4), math.ceil(width_px / 4))
        self.first = nn.Linear(latent, math.prod(self.start))
        self.body = nn.Sequential(
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(2 * width, 4 * width, 3, padding=1), nn.PixelShuffle(2), nn.LeakyReLU(SLOPE),  # H/2, W/2
            nn.Conv2d(width, width, 3, padding=1), nn.LeakyReLU(SLOPE),
            nn.Conv2d(width, 4 * channels, 3, padding=1), nn.PixelShuffle(2),  # H, W
        )  # fmt: skip
        initialise(self)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.body(self.first(z).view(len(z), *self.start))
        return x[..., : self.shape[1], : self.shape[2]].sigmoid()  # sizes that 4 does not divide


class Discriminator(nn.Module):
    """Samples (B, *shape), of classes (B,) if it knows any, to features (B, d), and these to scores (B, N)."""

    def __init__(self, body: nn.Module, head: CascadeHead) -> None:
        super().__init__()
        self.body = body
        self.head = head

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        scores: Tensor = self.head(self.body(x), labels)
        return scores


def mlp_features(shape: tuple[int, ...], width: int, depth: int) -> nn.Module:
    """Samples (B, *shape) to features (B, width)."""
    return initialise(nn.Sequential(nn.Flatten(), mlp(math.prod(shape), width, depth, leaky=True)))


def conv_features(shape: tuple[int, ...], width: int) -> nn.Module:
    """Images (B, C, H, W) to features (B, 4 width): two convolutions with stride 2, one linear layer."""
    channels, height, width_px = shape
    flat = 2 * width * math.ceil(height / 4) * math.ceil(width_px / 4)
    body = nn.Sequential(
        nn.Conv2d(channels, width, 3, stride=2, padding=1), nn.LeakyReLU(SLOPE),  # H/2, W/2
        nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), nn.LeakyReLU(SLOPE),  # H/4, W/4
        nn.Flatten(), nn.Linear(flat, 4 * width), nn.LeakyReLU(SLOPE),
    )  # fmt: skip
    return initialise(body).to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def mlp(inputs: int, width: int, depth: int, leaky: bool) -> nn.Sequential:
    """`depth` hidden layers of `width`, each followed by its rectifier."""
    sizes = [inputs] + [width] * depth
    layers: list[nn.Module] = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b), nn.LeakyReLU(SLOPE) if leaky else nn.ReLU()]
    return nn.Sequential(*layers)


def initialise(module: nn.Module) -> nn.Module:
    """He-normal weights, zero biases (He et al. 2015): variances are kept through rectifiers."""
    for layer in module.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return module


def with_spectral_norm(module: nn.Module) -> nn.Module:
    """Divide each weight of the body by its largest singular value (Miyato et al. 2018, arXiv 1802.05957)."""
    for layer in module.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            spectral_norm(layer)
    return module
