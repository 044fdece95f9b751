"""The two games, for one score or a cascade of N, and the gradient penalty that keeps them stable.

Every function takes scores (B, N) and the N weights of the stages, which sum to one, and returns a 0-d tensor:
the weighted mean over stages of the mean over samples.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Loss = Literal["nonsaturating", "hinge"]


def discriminator_loss(kind: Loss, real: Tensor, fake: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy (Goodfellow et al. 2014) or hinge (Lim and Ye 2017) of real against fake scores."""
    if kind == "hinge":
        each = functional.relu(1 - real).mean(0) + functional.relu(1 + fake).mean(0)
    else:
        each = functional.softplus(-real).mean(0) + functional.softplus(fake).mean(0)
    return (each * weights).sum()


def generator_loss(kind: Loss, fake: Tensor, weights: Tensor) -> Tensor:
    """-log sigmoid(D) (non-saturating) or -D (hinge)."""
    each = -fake.mean(0) if kind == "hinge" else functional.softplus(-fake).mean(0)
    return (each * weights).sum()


def r1_penalty(scores: Tensor, real: Tensor, signs: Tensor) -> Tensor:
    """Mean |gradient|^2 of the scores with respect to real samples (Mescheder et al. 2018, arXiv 1801.04406).

    Of N scores the mean of their N penalties is estimated by one backward pass: with independent random signs
    e_k, E |grad sum_k e_k sqrt(1/N) D_k|^2 = 1/N sum_k |grad D_k|^2, since the cross terms vanish. `signs` (N,)
    are +-1; at N = 1 it is the ordinary penalty, whatever the sign. `real` must require gradients.
    """
    mixed = (scores * signs).sum() / scores.shape[1] ** 0.5
    (slope,) = torch.autograd.grad(mixed, real, create_graph=True)
    return slope.square().flatten(1).sum(1).mean()


def stage_weights(given: tuple[float, ...], stages: int) -> Tensor:
    """The N weights, (N,), scaled to sum one; none given: all equal."""
    weights = torch.tensor(given or (1.0,) * stages, dtype=torch.float64)
    shares = weights / weights.max()  # whose sum is finite
    return (shares / shares.sum()).float()
