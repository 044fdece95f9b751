"""Draws one cascade of rejections in the plane, with the very head that the trainer uses."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.api import Context

from ..heads import TINY, cosines, left_over, projections, rejections
from . import Geometry


def run(params: Geometry, context: Context) -> None:
    """Shows the vectors, scores D_k = <v_k, w_k>, what is left after each stage, and the weights' angles."""
    v = torch.tensor([params.v], dtype=torch.float64)  # (1, 2)
    w = torch.tensor(params.w, dtype=torch.float64)  # (N, 2)
    if params.orthonormal:
        w = orthonormal(w)
    scores = projections(v, w)  # (1, N)
    stages = torch.cat(rejections(v, w))  # (N + 1, 2): v_1 … v_(N+1)
    draw(v, w, scores, stages, context)
    say(v, w, scores, context)


def draw(v: Tensor, w: Tensor, scores: Tensor, stages: Tensor, context: Context) -> None:
    """The plane: every vector from the origin, and the way from v_k down to v_(k+1)."""
    origin = torch.zeros_like(w)
    shadows = (scores[0] / w.square().sum(1).clamp_min(TINY))[:, None] * w  # (N, 2): D_k / |w_k|² w_k
    context.arrows("feature", origin[:1], v)
    context.arrows("weights", origin, w)
    context.arrows("projections", origin, shadows)
    context.arrows("rejections", origin, stages[1:])
    context.paths("drops", torch.stack([stages[:-1], stages[1:]], 1))


def say(v: Tensor, w: Tensor, scores: Tensor, context: Context) -> None:
    """The numbers: as bars, as a table of cosines, and as scalars."""
    left = left_over(v, scores, w)[0]
    names = [str(k) for k in range(1, len(w) + 1)]
    context.bars("scores", scores[0], labels=names)
    context.bars("left", left, labels=names)
    angles = cosines(w)
    context.table(
        "cosines",
        [{"w": a} | {b: round(float(angles[i, j]), 4) for j, b in enumerate(names)} for i, a in enumerate(names)],
    )
    context.scalars({f"score/{name}": score for name, score in zip(names, scores[0], strict=True)})
    context.scalars({f"left/{name}": share for name, share in zip(names, left, strict=True)})


def orthonormal(w: Tensor) -> Tensor:
    """Gram–Schmidt, (N, 2): a weight that those before it span becomes zero and sees nothing."""
    rows: list[Tensor] = []
    for each in w:
        rest = each - sum((each @ row * row for row in rows), torch.zeros_like(each))
        size = rest.norm()
        rows.append(rest / size if size > 1e-9 * each.norm() else torch.zeros_like(rest))
    return torch.stack(rows)
