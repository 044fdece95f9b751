"""Cascading rejection: a discriminator's last layer that scores one feature vector several times.

Shin, Yeo, Sagong, Yoo, Ko: A Simple yet Effective Way for Improving the Performance of GANs, arXiv 1911.10979;
Su Jianlin, 2019-12-01 (archives/7105). A plain head sees only the part of the feature v along its weight w. So
score what is orthogonal to w again, with another weight, and again:

    v_1 = v,    D_k = <v_k, w_k>,    v_(k+1) = v_k - D_k / |w_k|^2 w_k
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

TINY = 1e-12  # the least |w|^2 that is divided by: a vanished weight then removes nothing, instead of giving NaN


class CascadeHead(nn.Module):
    """Features (B, d), of classes (B,) if there are any, to N scores (B, N), each of what those before it left.

    The recursion is linear in v. Unrolled, <v_k, w_k> = <v, w_k> - sum_(j<k) D_j <w_j, w_k> / |w_j|^2, so

        (I + T) D = W v,    T[k, j] = <w_k, w_j> / |w_j|^2  for j < k,

    one matrix product and a triangular solve of N x N. A score's bias is added after the cascade and rejects
    nothing. With N = 1 this is `nn.Linear(d, 1)`: same scores, same gradients.

    With `classes`, a sample of class y is scored by the weights w_k + e_(k, y). At N = 1 that is the projection
    discriminator (Miyato and Koyama 2018, arXiv 1802.05637); for N > 1 neither paper nor article writes it out, so
    the rejection along the sum w_k + e_(k, y) is our derivation.
    """

    def __init__(self, features: int, stages: int = 1, classes: int = 0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(stages, features) / features**0.5)  # (N, d)
        self.bias = nn.Parameter(torch.zeros(stages))  # (N,)
        self.embedding = nn.Parameter(torch.zeros(classes, stages, features)) if classes else None  # (C, N, d)

    def forward(self, v: Tensor, labels: Tensor | None = None) -> Tensor:
        if len(self.weight) == 1 and labels is None:
            return functional.linear(v, self.weight, self.bias)
        with torch.autocast(v.device.type, enabled=False):  # a solve in half precision would lose orthogonality
            return self.project(v.float(), labels) + self.bias

    def project(self, v: Tensor, labels: Tensor | None = None) -> Tensor:
        """D_1 ... D_N without biases, (B, N)."""
        if labels is None or self.embedding is None:
            return projections(v, self.weight.float())
        return projections_by_class(v, self.weight.float() + self.embedding.float(), labels)

    def weights(self, labels: Tensor | None = None) -> Tensor:
        """The weights that score: (N, d), or of classes (B,) each one's own, (B, N, d)."""
        if labels is None or self.embedding is None:
            return self.weight
        return self.weight + self.embedding[labels]

    def extra_repr(self) -> str:
        return f"features={self.weight.shape[1]}, stages={self.weight.shape[0]}"


def projections(v: Tensor, weight: Tensor) -> Tensor:
    """D_1 ... D_N without biases, (B, N), of features v (B, d) under weights (N, d)."""
    gram = weight @ weight.T  # (N, N)
    mix = torch.tril(gram / gram.diagonal().clamp_min(TINY), diagonal=-1)  # T; its columns are divided by |w_j|^2
    solved: Tensor = torch.linalg.solve_triangular(mix.mT, v @ weight.T, upper=True, left=False, unitriangular=True)
    return solved


def projections_by_class(v: Tensor, weights: Tensor, labels: Tensor) -> Tensor:
    """As `projections`, each sample under its class' own weights: (C, N, d) and labels (B,) give (B, N)."""
    classes, stages, _ = weights.shape
    plain = (v @ weights.flatten(0, 1).T).view(len(v), classes, stages)  # <v, w_k> for every class
    plain = plain[torch.arange(len(v), device=v.device), labels]  # (B, N)
    if stages == 1:
        return plain
    gram = weights @ weights.mT  # (C, N, N)
    squares = gram.diagonal(dim1=1, dim2=2).clamp_min(TINY)
    mix = torch.tril(gram / squares[:, None, :], diagonal=-1)[labels]  # T of each sample, (B, N, N)
    solved: Tensor = torch.linalg.solve_triangular(mix, plain[..., None], upper=False, unitriangular=True)
    return solved[..., 0]


def rejections(v: Tensor, weight: Tensor) -> list[Tensor]:
    """v_1 ... v_(N+1), each (B, d): the definition, step by step; what `projections` is tested by."""
    stages = [v]
    for w in weight:
        stages.append(stages[-1] - (stages[-1] @ w / w.square().sum().clamp_min(TINY))[:, None] * w)
    return stages


def left_over(v: Tensor, scores: Tensor, weight: Tensor) -> Tensor:
    """|v_(k+1)|^2 / |v|^2 after each stage, (B, N), from scores without biases: Pythagoras, stage by stage.

    `weight` is (N, d), or (B, N, d) where each sample has its own.
    """
    removed = scores.square() / weight.square().sum(-1).clamp_min(TINY)
    whole = v.square().sum(1, keepdim=True)
    return ((whole - removed.cumsum(1)) / whole.clamp_min(TINY)).clamp_min(0)


def cosines(weight: Tensor) -> Tensor:
    """Cosines of the angles between the weights, (N, N). The stages need not be orthogonal to each other."""
    unit = functional.normalize(weight, dim=1)
    return unit @ unit.T
