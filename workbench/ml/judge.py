"""A small classifier that judges generated images, trained in the program, with a class for "none of these".

A classifier of ten digits is sure on most of any noise, so its sureness says nothing of a sample. This one also
learns junk: noise with and without the data's statistics, spoilt images, blends of two. The images that it is
trained on are the training part; held-out ones are never seen by it, nor by what it judges.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Generator, Tensor, nn
from torch.nn import functional

from workbench.errors import UserError
from workbench.ml.data import Images
from workbench.ml.junk import Junkyard
from workbench.ml.metrics import coverage, frechet, nearest_distances
from workbench.texts import T

SURE = 0.9  # a sample counts as an image of a class from this probability on
VERSION = 2  # part of the cache's key: raise it whenever training changes
STEPS, RATE, REALS, JUNK, NOISE = 1000, 4e-3, 128, 48, 0.05
FEATURES = 64
COMPARED = 2000  # held-out images, at most, that distances are measured to


class Judge(nn.Module):
    """Images (B, C, H, W) in [0, 1] to logits (B, classes + 1); the last class is "none of these"."""

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        stem: list[nn.Module] = []
        while max(height, width) > 16:
            stem += [nn.Conv2d(channels, 16, 3, stride=2, padding=1), nn.ReLU()]
            channels, height, width = 16, math.ceil(height / 2), math.ceil(width / 2)
        self.body = nn.Sequential(
            *stem,
            nn.Conv2d(channels, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Flatten(),
            nn.Linear(64 * math.ceil(height / 2) * math.ceil(width / 2), FEATURES), nn.ReLU(),
        )  # fmt: skip
        self.out = nn.Linear(FEATURES, classes + 1)
        self.classes = classes

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.out(self.body(x))
        return logits

    @torch.no_grad()
    def look(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Features (B, 64) and probabilities (B, classes + 1) of images, in parts, without gradients."""
        features = torch.cat([self.body(part) for part in torch.split(x, 500)])
        return features, self.out(features).softmax(1)


def train(images: Images, seed: int = 0, steps: int = STEPS, between: Callable[[], object] = lambda: None) -> Judge:
    """A judge of `images`: cross-entropy on reals under light noise and on junk, in every batch both.

    between: called before every step; it may raise what ends the training. Draws from a generator of its own, initial
    weights included, so that a job's random states are untouched.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        judge = Judge(images.shape, images.classes)
    g = Generator().manual_seed(seed)
    junk = Junkyard(images)
    optimizer = torch.optim.Adam(judge.parameters(), RATE, fused=True)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - 0.99 * step / steps)
    for _ in range(steps):
        between()
        rows = torch.randint(len(images.train), (REALS,), generator=g)
        real = images.train[rows] + NOISE * torch.randn(REALS, *images.shape, generator=g)
        x = torch.cat([real.clamp(0, 1), junk.draw(JUNK, g)])
        y = torch.cat([images.labels[rows], torch.full((JUNK,), images.classes)])
        optimizer.zero_grad()
        torch.autograd.backward(functional.cross_entropy(judge(x), y))
        optimizer.step()
        rate.step()
    return judge.eval().requires_grad_(False)


def save(judge: Judge, folder: Path, shape: tuple[int, ...]) -> None:
    """Write a judge as safetensors and JSON into an existing folder."""
    save_file(judge.state_dict(), folder / "judge.safetensors")
    (folder / "judge.json").write_text(json.dumps({"shape": list(shape), "classes": judge.classes}))


def load(folder: Path) -> Judge:
    """Read a judge that `save` wrote. Raises UserError for one that is damaged."""
    try:
        about = json.loads((folder / "judge.json").read_text())
        judge = Judge(tuple(about["shape"]), about["classes"])
        judge.load_state_dict(load_file(folder / "judge.safetensors"))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        text = T("The judge of images in {path} is damaged: {why}.", path=folder, why=" ".join(str(error).split()))
        raise UserError(text, remedy=T("Delete that folder: the judge is trained anew.")) from error
    return judge.eval().requires_grad_(False)


def judge_of(images: Images, context: Any) -> Judge:
    """The judge of these images: from the workspace's cache, trained on first use. Raises Stop where a job may."""

    def build(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save(train(images, steps=STEPS, between=context.sync), folder, images.shape)

    return load(context.cache(f"judge-{VERSION}-{images.fingerprint[:32]}", build))


@dataclass(frozen=True)
class Verdict:
    """What `verdict` found; every share lies in [0, 1]."""

    sure: float
    classes: float
    coverage: float
    frechet: float
    nearest: float

    def scalars(self, prefix: str = "") -> dict[str, float]:
        return {prefix + name: value for name, value in asdict(self).items()}


def verdict(judge: Judge, samples: Tensor, images: Images) -> Verdict:
    """Judge samples (n, C, H, W) in [0, 1] against held-out images. 1 000 samples make figures comparable.

    sure: share of samples of some class with probability >= .9. classes: the rarest class' share of all samples,
    counting sure ones only. coverage (k = 5) and frechet: on the judge's features, against the held-out images.
    nearest: median distance to the nearest training image, over that of held-out images: below one, memorised.
    """
    features, chances = judge.look(samples)
    truth, _ = judge.look(some(images.held_out, COMPARED))
    best, which = chances[:, :-1].max(1)
    shares = torch.bincount(which[best >= SURE], minlength=judge.classes).double() / len(samples)
    return Verdict(
        float((best >= SURE).double().mean()),
        float(shares.min()),
        coverage(truth, features),
        frechet(features, truth),
        float(nearest_distances(samples, images.train).median() / usual_distance(images)),
    )


def usual_distance(images: Images) -> Tensor:
    """Median distance of held-out images to the nearest training image, 0-d."""
    return nearest_distances(some(images.held_out, COMPARED), images.train).median().clamp_min(1e-12)


def floor(judge: Judge, images: Images, n: int = 1000) -> Verdict:
    """What real images get: held-out ones for `sure`, `classes` and `nearest`; n training images, which stand
    for ideal samples, for `coverage` and `frechet`, that compare with the held-out ones."""
    own = verdict(judge, some(images.held_out, COMPARED), images)
    ideal = verdict(judge, some(images.train, n), images)
    return replace(own, coverage=ideal.coverage, frechet=ideal.frechet)


def some(images: Tensor, n: int) -> Tensor:
    """n of the images, or all, from all of the file, which may be sorted by class: the same ones every time."""
    rows = torch.randperm(len(images), generator=Generator().manual_seed(0))[:n]
    return images[rows.sort().values]
