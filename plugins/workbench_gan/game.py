"""The game itself: two networks, two optimizers, one step."""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.ml.data import Images
from workbench.ml.optim.build import build
from workbench.ml.optim.derived import Derived
from workbench.ml.optim.params import Average

from .build import discriminator, generator
from .losses import discriminator_loss, generator_loss, r1_penalty, stage_weights
from .params import GAN, Optimizer
from .source import Data, Source

APART = 4.0  # how far from the origin a cluster's code lies, in deviations of z


class Game:
    """Generator against discriminator. Everything that training changes is in `state`, to be tracked."""

    def __init__(self, params: GAN, data: Data, device: str = "cpu") -> None:
        torch.manual_seed(params.seed)
        self.params, self.device = params, device
        self.shape = data.shape
        self.classes = classes_of(params, data)
        self.source = Source(data, device, labelled=self.classes > 0)
        self.codes = self.classes or params.network.clusters
        self.G = generator(params.network, data.shape, self.codes).to(device)
        normed = params.regularisation.spectral_norm
        self.D = discriminator(params.network, params.head, normed, data.shape, self.classes).to(device)
        self.generator = torch.Generator(device).manual_seed(params.seed)
        self.opt_g, self.opt_d = optimizers(params.optimizer, self.G, self.D)
        self.weights = stage_weights(params.head.weights, params.head.stages).to(device)
        self.weights_g = self.weights
        if params.head.generator == "first":
            self.weights_g = torch.eye(params.head.stages, device=device)[0]

    @property
    def state(self) -> dict[str, Any]:
        names = ("G", "D", "opt_g", "opt_d", "generator")
        return {name: getattr(self, name) for name in names}

    def latents(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """(n, z), from the tracked generator unless another is given; beside z one of the codes, if there are any.

        A code is a class, or one of some clusters that nobody labelled. Normal latents alone would have to be bent
        around every gap in the data, and what lies in a gap is neither one digit nor another (mixtures as latents:
        Gurumurthy, Sarvadevabhatla, Babu 2017, arXiv 1706.02071; one-hot beside normal: Mukherjee et al. 2019,
        arXiv 1809.03627).
        """
        drawn_by = generator or self.generator
        z = torch.randn(n, self.params.network.latent, generator=drawn_by, device=self.device)
        if self.classes:
            return torch.cat([z, functional.one_hot(self.source.classes(n, drawn_by), self.classes)], 1)
        if not self.codes:
            return z
        cluster = torch.randint(self.codes, (n,), generator=drawn_by, device=self.device)
        return torch.cat([z, APART * functional.one_hot(cluster, self.codes)], 1)

    def labels(self, latents: Tensor) -> Tensor | None:
        """The classes (n,) that latents ask for, if they do."""
        return latents[:, -self.classes :].argmax(1) if self.classes else None

    def set_rates(self, step: int, now: Optimizer | None = None) -> None:
        """Before step k, from 1: the full rates for a share `hold` of the steps, then linearly down to `final`.

        now: whose rates are the full ones, if they changed since the start.
        """
        o, now = self.params.optimizer, now or self.params.optimizer
        done = (step - 1) / self.params.steps
        fade = 1.0 if done < o.hold else 1 - (1 - o.final) * (done - o.hold) / (1 - o.hold)
        for optimizer, rate in ((self.opt_g, now.base.lr), (self.opt_d, now.base.lr * now.rate_d)):
            optimizer.param_groups[0]["lr"] = rate * fade

    def play(self, step: int) -> dict[str, Tensor]:
        """One update of each network. Losses, and mean scores per stage, as 0-d tensors by name."""
        return self.update_discriminator(step) | self.update_generator()

    def update_discriminator(self, step: int) -> dict[str, Tensor]:
        self.D.requires_grad_(True)
        gamma = penalty_at(step, self.params)
        real, labels = self.source.draw(self.params.batch, self.generator)
        latents = self.latents(len(real))
        with torch.no_grad():
            fake = self.G(latents)
        real, fake = self.blur(real).requires_grad_(gamma > 0), self.blur(fake)
        on_real, on_fake = self.scores(real, labels, fake, self.labels(latents))
        loss = discriminator_loss(self.params.loss, on_real, on_fake, self.weights)
        report = {"loss/d": loss}
        if gamma:
            signs = torch.randint(2, (on_real.shape[1],), generator=self.generator, device=self.device) * 2.0 - 1
            report["loss/r1"] = r1_penalty(on_real, real, signs)
            loss = loss + gamma / 2 * report["loss/r1"]
        self.opt_d.zero_grad()
        torch.autograd.backward(loss)
        self.opt_d.step()
        report |= {f"score/real_{k}": mean for k, mean in enumerate(on_real.mean(0), 1)}
        report |= {f"score/fake_{k}": mean for k, mean in enumerate(on_fake.mean(0), 1)}
        return {name: value.detach() for name, value in report.items()}

    def blur(self, x: Tensor) -> Tensor:
        """Samples under the noise that the discriminator sees them through (Sonderby et al. 2017, arXiv 1610.04490)."""
        noise = self.params.regularisation.noise
        return x + noise * torch.randn(x.shape, generator=self.generator, device=self.device) if noise else x

    def scores(self, real: Tensor, its: Tensor | None, fake: Tensor, asked: Tensor | None) -> tuple[Tensor, Tensor]:
        """(B, N) each; in one pass, unless the penalty needs a pass over real samples alone."""
        if real.requires_grad:
            return self.D(real, its), self.D(fake, asked)
        labels = None if its is None or asked is None else torch.cat([its, asked])
        return cast("tuple[Tensor, Tensor]", self.D(torch.cat([real, fake]), labels).chunk(2))

    def update_generator(self) -> dict[str, Tensor]:
        self.D.requires_grad_(False)  # its weights' gradients are not wanted: a fifth of a step saved
        latents = self.latents(self.params.batch)
        fake = self.D(self.blur(self.G(latents)), self.labels(latents))
        loss = generator_loss(self.params.loss, fake, self.weights_g)
        self.opt_g.zero_grad()
        torch.autograd.backward(loss)
        self.opt_g.step()
        return {"loss/g": loss.detach()}

    @torch.no_grad()
    def sample(self, latents: Tensor) -> Tensor:
        """Samples of the averaged generator, in the data's own units."""
        with self.opt_g.averaged():
            parts = [self.G(part) for part in torch.split(latents, 1000)]
        return torch.cat(parts) * self.source.scale


def optimizers(described: Optimizer, G: nn.Module, D: nn.Module) -> tuple[Derived, Derived]:
    """One for each network. Nobody asks for an average of the discriminator's weights, so none is kept."""
    stages = tuple(each for each in described.stages if not isinstance(each, Average))
    plain = described.model_copy(update={"stages": stages})
    return build(described, G.named_parameters()), build(plain, D.named_parameters())


def classes_of(params: GAN, data: Data) -> int:
    """How many classes the networks are told of: none, unless asked for and there are some."""
    return data.classes if params.conditional and isinstance(data, Images) and data.classes > 1 else 0


def penalty_at(step: int, params: GAN) -> float:
    """R1's weight in step k, from 1: falls geometrically over .8 of the steps; 0 where none is due."""
    r = params.regularisation
    if (step - 1) % r.r1_every or not r.r1:
        return 0.0
    done = min(1.0, (step - 1) / (0.8 * params.steps))
    end = max(r.r1_final, 1e-6 * r.r1)  # a geometric path never reaches zero
    return float(r.r1 * (end / r.r1) ** done * r.r1_every)
