"""How good are samples? Counts of modes where the truth is known, distances between sets of features where not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

EXACT = "donot_use_mm_for_euclid_dist"
"""How `cdist` keeps small distances between large numbers, which a product of matrices loses in rounding."""


@dataclass(frozen=True)
class Modes:
    """What 2-D samples make of a mixture: see `mode_metrics`."""

    modes: int
    high_quality: float
    kl: float
    shares: tuple[float, ...]


def mode_metrics(xy: Tensor, centres: Tensor, sigma: float, parts: Tensor | None = None) -> Modes:
    """Modes found by samples (n, 2) of an equal mixture of normals at `centres` (m, 2) with deviation `sigma`.

    Each centre is a mode, or with `parts` (m,) belongs to mode parts[i] of k, all of the same weight. A sample belongs
    to its nearest centre and is of high quality within 3 sigma of it. A mode is found if it has
    at least a tenth of its fair share n/k of high-quality samples. `kl` is KL(shares || uniform) in nats of the
    high-quality samples' shares; with none of them, log k, as bad as one mode. Samples that are not finite are
    of no quality.
    """
    distance, nearest = torch.cdist(xy, centres, compute_mode=EXACT).nan_to_num(torch.inf).min(1)
    parts = torch.arange(len(centres)) if parts is None else parts
    k = int(parts.max()) + 1
    good = parts[nearest[distance <= 3 * sigma]]
    counts = torch.bincount(good, minlength=k).double()
    shares = counts / counts.sum() if len(good) else torch.eye(k, dtype=torch.float64)[0]
    kl = torch.special.xlogy(shares, shares * k).sum()
    found = int((counts >= 0.1 * len(xy) / k).sum())
    return Modes(found, len(good) / len(xy), float(kl), tuple(shares.tolist()))


def frechet(a: Tensor, b: Tensor) -> float:
    """The Frechet distance of two sets of features (n, d), (m, d), each taken as a normal distribution.

    |mean difference|^2 + tr A + tr B - 2 tr (AB)^(1/2) (Dowson and Landau 1982). With A = L L^T the last trace is
    the sum of the roots of the eigenvalues of L^T B L: symmetric, so never complex, and quicker than a matrix
    root. Never below zero but for rounding; infinite where a feature is no number. Comparable only between sets
    measured with the same features.
    """
    a, b = a.double(), b.double()
    if not (a.isfinite().all() and b.isfinite().all()):
        return math.inf
    cov_a, cov_b = covariance(a), covariance(b)
    tiny = 1e-12 * cov_a.diagonal().mean().clamp_min(1e-300)
    values, vectors = torch.linalg.eigh(cov_a)
    root = vectors * values.clamp_min(tiny).sqrt()  # root root^T = cov_a
    cross = torch.linalg.eigvalsh(root.T @ cov_b @ root).clamp_min(0).sqrt().sum()
    shift = (a.mean(0) - b.mean(0)).square().sum()
    return float(shift + cov_a.trace() + cov_b.trace() - 2 * cross)


def covariance(x: Tensor) -> Tensor:
    """Of features (n, d): (d, d); of one alone zero."""
    centred = x - x.mean(0)
    return centred.T @ centred / max(1, len(x) - 1)


def coverage(real: Tensor, fake: Tensor, k: int = 5) -> float:
    """Share of real features (n, d) that have a fake one (m, d) within the distance of their k-th real neighbour.

    Naeem, Oh, Uh, Choi, Yoo: Reliable Fidelity and Diversity Metrics for Generative Models, ICML 2020, eq. 4. Of k
    real ones or fewer, the farthest counts.
    """
    nth = min(k + 1, len(real))  # the nearest is the sample itself
    radius = torch.cdist(real, real).kthvalue(nth, dim=1).values
    return float((torch.cdist(real, fake).min(1).values <= radius).double().mean())


def nearest_distances(samples: Tensor, among: Tensor) -> Tensor:
    """Euclidean distance from each sample (n, ...) to the nearest of `among` (m, ...): (n,)."""
    parts = [torch.cdist(part.flatten(1), among.flatten(1)).min(1).values for part in torch.split(samples, 500)]
    return torch.cat(parts)
