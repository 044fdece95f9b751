"""The two games: a GAN of small dense networks on a mixture in the plane, and a narrow DCGAN on 32×32 pictures."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce


class Game:
    """Generator against discriminator. latent: size of z. lr: of both Adams."""

    def __init__(self, generator: nn.Module, discriminator: nn.Module, latent: int, batch: int, lr: float) -> None:
        self.generator, self.discriminator = generator, discriminator
        self.latent, self.batch = latent, batch
        self.adam_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.99), fused=True)
        self.adam_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.99), fused=True)

    @property
    def state(self) -> dict[str, Any]:
        """What training changes."""
        return {"g": self.generator, "d": self.discriminator, "adam_g": self.adam_g, "adam_d": self.adam_d}

    def real(self) -> Tensor:
        """A batch of data."""
        raise NotImplementedError

    def sample(self) -> Tensor:
        """What is shown: generated, without gradients."""
        raise NotImplementedError

    def fake(self, n: int) -> Tensor:
        """n generated samples."""
        made: Tensor = self.generator(torch.randn(n, self.latent))
        return made

    def step(self) -> dict[str, Tensor]:
        """One update of each; both losses, the discriminator's means, as 0-d tensors."""
        fake = self.fake(self.batch)
        says_real, says_fake = self.discriminator(self.real()), self.discriminator(fake.detach())
        loss_d = bce(says_real, torch.ones_like(says_real)) + bce(says_fake, torch.zeros_like(says_fake))
        _update(self.adam_d, loss_d)
        says = self.discriminator(fake)
        loss_g = bce(says, torch.ones_like(says))
        _update(self.adam_g, loss_g)
        return {
            "loss/d": loss_d.detach(), "loss/g": loss_g.detach(),
            "says/real": says_real.detach().mean(), "says/fake": says_fake.detach().mean(),
        }  # fmt: skip


def _update(adam: torch.optim.Adam, loss: Tensor) -> None:
    adam.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    adam.step()


class Dense(Game):
    """Eight Gaussians on a circle, learned by two dense networks: hundreds of steps a second on one core."""

    def __init__(self, width: int = 64) -> None:
        super().__init__(_dense(2, width, 2), _dense(2, width, 1), latent=2, batch=64, lr=1e-3)

    def real(self) -> Tensor:
        """(batch, 2)."""
        angle = torch.randint(8, (self.batch,)) * (2 * math.pi / 8)
        return torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(self.batch, 2)

    @torch.no_grad()
    def sample(self) -> Tensor:
        """(512, 2)."""
        return self.fake(512)


class Conv(Game):
    """Discs of any size and place on 32×32 pixels, learned by a DCGAN of tiny width: tens of steps a second."""

    def __init__(self, width: int = 6) -> None:
        super().__init__(_up(16, width), _down(width), latent=16, batch=16, lr=2e-4)
        side = torch.linspace(-1, 1, 32)
        self.y, self.x = torch.meshgrid(side, side, indexing="ij")

    def real(self) -> Tensor:
        """(batch, 1, 32, 32) in -1…1."""
        place = torch.rand(self.batch, 3, 1, 1)
        distance = (self.x - place[:, 0] + 0.5) ** 2 + (self.y - place[:, 1] + 0.5) ** 2
        return torch.tanh(20 * (0.1 + 0.3 * place[:, 2] - distance))[:, None]

    @torch.no_grad()
    def sample(self) -> Tensor:
        """(64, 1, 32, 32) in 0…1."""
        return self.fake(64) / 2 + 0.5


def _dense(before: int, width: int, after: int) -> nn.Module:
    hidden = [nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(nn.Linear(before, width), nn.ReLU(), *hidden, nn.Linear(width, after))


def _up(latent: int, width: int) -> nn.Module:
    return nn.Sequential(
        nn.Unflatten(1, (latent, 1, 1)),
        nn.ConvTranspose2d(latent, 4 * width, 4), nn.BatchNorm2d(4 * width), nn.ReLU(),
        nn.ConvTranspose2d(4 * width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width), nn.ReLU(),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.BatchNorm2d(width), nn.ReLU(),
        nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh(),
    )  # fmt: skip


def _down(width: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(width, 2 * width, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(2 * width, 4 * width, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(4 * width, 1, 4), nn.Flatten(),
    )  # fmt: skip


GAMES: dict[str, type[Dense] | type[Conv]] = {"mlp": Dense, "conv": Conv}
