"""The products of a run, as other tools load them: safetensors and JSON in a folder, no pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from .build import discriminator, generator
from .game import APART, Game
from .params import Head, Network


@dataclass(frozen=True)
class Generator:
    """A trained generator: latents (n, z) ~ N(0, 1) to samples (n, *shape) in the data's own units.

    With codes, latents are (n, z + codes): beside z one of the codes, 0 but for `height` in its place; the codes are
    the data's classes if `by_class`, else clusters that the generator found for itself. `draw` makes such latents.
    """

    net: nn.Module
    latent: int
    codes: int
    by_class: bool
    shape: tuple[int, ...]
    scale: float

    @torch.no_grad()
    def __call__(self, latents: Tensor) -> Tensor:
        out: Tensor = self.net(latents) * self.scale
        return out

    @property
    def height(self) -> float:
        return 1.0 if self.by_class else APART

    def draw(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Latents (n, z + codes), every code as likely as another."""
        z = torch.randn(n, self.latent, generator=generator)
        if not self.codes:
            return z
        code = torch.randint(self.codes, (n,), generator=generator)
        return torch.cat([z, self.height * functional.one_hot(code, self.codes)], 1)


@dataclass(frozen=True)
class Critic:
    """A trained discriminator: samples (n, *shape) in the data's own units, their classes (n,) if it was told of
    any, to N scores each, (n, N)."""

    net: nn.Module
    shape: tuple[int, ...]
    scale: float

    @torch.no_grad()
    def __call__(self, samples: Tensor, labels: Tensor | None = None) -> Tensor:
        out: Tensor = self.net(samples / self.scale, labels)
        return out


def save_generator(game: Game, path: Path) -> None:
    """Write the averaged generator into the new folder `path`."""
    with game.opt_g.averaged():
        save(game.G, game, path)


def save_discriminator(game: Game, path: Path) -> None:
    """Write the discriminator, head included, into the new folder `path`."""
    save(game.D, game, path)


def load_generator(path: Path) -> Generator:
    """The generator in a folder that `save_generator` wrote."""
    about = read(path)
    network, shape = Network(**about["network"]), tuple(about["shape"])
    net = generator(network, shape, about["codes"])
    return Generator(filled(net, path), network.latent, about["codes"], about["classes"] > 0, shape, about["scale"])


def load_discriminator(path: Path) -> Critic:
    """The discriminator in a folder that `save_discriminator` wrote."""
    about = read(path)
    shape = tuple(about["shape"])
    net = discriminator(
        Network(**about["network"]), Head(**about["head"]), about["spectral_norm"], shape, about["classes"]
    )
    return Critic(filled(net, path), shape, about["scale"])


def save(net: nn.Module, game: Game, path: Path) -> None:
    """Weights, and what is needed to build the network that they belong to."""
    path.mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().cpu().contiguous() for name, value in net.state_dict().items()}
    save_file(weights, path / "weights.safetensors")
    params = game.params
    about = {
        "network": params.network.model_dump(),
        "head": params.head.model_dump(),
        "spectral_norm": params.regularisation.spectral_norm,
        "classes": game.classes,
        "codes": game.codes,
        "shape": list(game.shape),
        "scale": game.source.scale,
    }
    (path / "about.json").write_text(json.dumps(about))


def read(path: Path) -> dict[str, Any]:
    """What `save` noted beside the weights."""
    about: dict[str, Any] = json.loads((path / "about.json").read_text())
    return about


def filled(net: nn.Module, path: Path) -> nn.Module:
    """`net` with the weights of a folder, for use only."""
    net.load_state_dict(load_file(path / "weights.safetensors"))
    return net.eval().requires_grad_(False)
