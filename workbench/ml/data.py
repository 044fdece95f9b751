"""Data sets that several tools share: embedded digits, IDX files of the MNIST family, 2-D mixtures.

A loader takes its parameters and the job's context and returns a record with a `fingerprint`: the SHA-256, in
hex, of the decoded bytes, or of a distribution's definition.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench import resources
from workbench.ml.idx import read_folder


@dataclass(frozen=True)
class Images:
    """Images (n, C, H, W), float32 in [0, 1], with labels (n,) int64 below `classes`; held-out ones beside them."""

    train: Tensor
    labels: Tensor
    held_out: Tensor
    held_out_labels: Tensor
    classes: int
    fingerprint: str

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.train.shape[1:])


@dataclass(frozen=True)
class Mixture:
    """An equal mixture of normals in the plane: centres (k, 2), one deviation; `scale`, the rms of the centres.

    parts (k,): the mode that each centre belongs to, from 0. A curve is many centres close together; its modes are
    arcs of it.
    """

    centres: Tensor
    sigma: float
    fingerprint: str
    parts: Tensor

    @property
    def scale(self) -> float:
        return float(self.centres.square().mean().sqrt())

    @property
    def shape(self) -> tuple[int, ...]:
        return (2,)

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n points, (n, 2), in the mixture's own units."""
        which = torch.randint(len(self.centres), (n,), generator=generator)
        return self.centres[which] + self.sigma * torch.randn(n, 2, generator=generator)


def digits(_params: Any = None, _context: Any = None) -> Images:
    """The 1 797 embedded digits, 8 x 8 (UCI, CC BY 4.0). Of nine neighbours in the file two are held out.

    The file goes through the classes in turn and through the writers in blocks, so every class and every writer
    is in both parts.
    """
    with np.load(resources.path("digits.npz"), allow_pickle=False) as file:
        images, labels = file["images"][:, None], file["labels"]
    held = np.isin(np.arange(len(images)) % 9, (4, 8))
    pixels, classes = torch.from_numpy(images).float() / 16, torch.from_numpy(labels).long()
    rest, out = torch.from_numpy(~held), torch.from_numpy(held)
    return Images(pixels[rest], classes[rest], pixels[out], classes[out], 10, fingerprint(images, labels))


def ring8(params: Any, _context: Any = None) -> Mixture:
    """Eight normals on a circle of `params.radius`, deviation `params.sigma`."""
    angle = torch.arange(8) * (2 * torch.pi / 8)
    return mixture(params.radius * torch.stack([angle.cos(), angle.sin()], 1), params.sigma)


def grid25(params: Any, _context: Any = None) -> Mixture:
    """25 normals on a square grid, `params.spacing` apart, deviation `params.sigma`."""
    line = torch.arange(-2.0, 3.0) * params.spacing
    return mixture(torch.cartesian_prod(line, line), params.sigma)


def moons(params: Any, _context: Any = None) -> Mixture:
    """Two half circles of radius `params.radius` that reach into each other, deviation `params.sigma`."""
    angle = torch.linspace(0, torch.pi, CURVE // 2)
    upper = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], 1)
    lower = torch.stack([0.5 - angle.cos(), 0.25 - angle.sin()], 1)
    return mixture(params.radius * torch.cat([upper, lower]), params.sigma, ARCS)


def swissroll(params: Any, _context: Any = None) -> Mixture:
    """t (cos t, sin t) for t from 1.5 pi to 4.5 pi, `params.radius` at its outer end, deviation `params.sigma`."""
    t = torch.linspace(1.5 * torch.pi, 4.5 * torch.pi, CURVE)
    curve = t[:, None] * torch.stack([t.cos(), t.sin()], 1) / (4.5 * torch.pi)
    return mixture(params.radius * curve, params.sigma, ARCS)


CURVE, ARCS = 1024, 20
"""Centres along a curve, closer than any deviation that is of use, and arcs that count as modes."""


def mixture(centres: Tensor, sigma: float, modes: int = 0) -> Mixture:
    """A mixture of normals at centres (k, 2), with its fingerprint. modes: into so many, neighbours are joined."""
    k = len(centres)
    parts = torch.arange(k) * (modes or k) // k
    return Mixture(centres, sigma, fingerprint(centres.double().numpy(), np.array(sigma)), parts)


def idx(params: Any, _context: Any = None) -> Images:
    """The MNIST family: IDX files, plain or .gz, in the folder `params.path`; classes are the labels that occur.

    Raises `UserError` if they are wrong.
    """
    parts = read_folder(params.path)
    known = np.union1d(parts.train_labels, parts.test_labels)  # letters are numbered from one
    return Images(
        torch.from_numpy(parts.train_images).float().div_(255)[:, None],
        torch.from_numpy(np.searchsorted(known, parts.train_labels)),
        torch.from_numpy(parts.test_images).float().div_(255)[:, None],
        torch.from_numpy(np.searchsorted(known, parts.test_labels)),
        len(known),
        fingerprint(parts.train_images, parts.train_labels, parts.test_images, parts.test_labels),
    )


def fingerprint(*arrays: NDArray[Any]) -> str:
    """SHA-256 of arrays: of each one's type, shape and bytes, in order."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
