"""Networks as the parameters describe them."""

from __future__ import annotations

import torch

from .heads import CascadeHead
from .networks import (
    ConvGenerator,
    Discriminator,
    MLPGenerator,
    conv_features,
    mlp_features,
    with_spectral_norm,
)
from .params import Head, Network


def generator(network: Network, shape: tuple[int, ...], codes: int) -> torch.nn.Module:
    """The generator for samples of this shape, with so many codes beside z; the plane has only perceptrons."""
    latent = network.latent + codes
    if network.kind == "conv" and len(shape) == 3:
        return ConvGenerator(latent, network.width, shape)
    return MLPGenerator(latent, network.width, network.depth_g, shape)


def discriminator(
    network: Network, head: Head, normed: bool, shape: tuple[int, ...], classes: int = 0
) -> Discriminator:
    """The discriminator for samples of this shape, with its head; `normed`: under spectral normalisation."""
    conv = network.kind == "conv" and len(shape) == 3
    body = conv_features(shape, network.width) if conv else mlp_features(shape, network.width, network.depth_d)
    if normed:
        body = with_spectral_norm(body)
    features = 4 * network.width if conv else network.width
    return Discriminator(body, CascadeHead(features, head.stages, classes))
