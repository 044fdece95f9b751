"""The arithmetic of each stage, used by the optimizer and by maps over many trajectories alike.

Every function works in place on lists of tensors. `lead` axes in front count trajectories: a norm is then taken over
the other axes, one for each trajectory. A *step* is what is added to the weights, a *scale* what it is to be
multiplied by at last: a number, or with leading axes a tensor (..., 1, 1) that fits in front of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

Tensors = Sequence[Tensor]
Scale = float | Tensor
PLAIN = (torch.float32, torch.float64)
TINY = 1e-6  # torch's, beside a norm that is divided by
LARGE = 1 << 14  # numbers from which a dot product each is faster than all norms in one call


def norms(tensors: Tensors, lead: int = 0) -> list[Any]:
    """Euclidean norms of dense tensors: numbers; with leading axes tensors, one norm for each trajectory."""
    if lead:
        return [_norm_along(each, tuple(range(lead, each.ndim))) for each in tensors]
    if all(map(_large, tensors)):
        return [math.sqrt(flat.dot(flat)) for flat in (each.view(-1) for each in tensors)]
    found = torch._foreach_norm([each.float() if each.dtype not in PLAIN else each for each in tensors])
    return torch.stack(found).tolist() if found else []


def _norm_along(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Written out: torch's own norm takes a hundred times as long where thousands of trajectories have few numbers."""
    return (x * x).sum(axes, keepdim=True).sqrt_() if axes else x.abs()


def _large(x: Tensor) -> bool:
    return x.numel() >= LARGE and x.dtype in PLAIN and not x.is_cuda and x.is_contiguous()


# ------------------------------------------------------------------------------------- gradient


def accumulate(sums: Tensors, gradients: Tensors, weight: float) -> None:
    """sum ← sum + weight · gradient, sparse ones too."""
    for total, gradient in zip(sums, gradients, strict=True):
        total.add_(gradient, alpha=weight)


def mean(sums: Tensors, weight: float) -> None:
    """sum ← sum / weight, the weight of all that was summed."""
    if weight != 1:
        for total in sums:
            total.div_(weight)


def clip(gradients: Tensors, limit: float, lead: int = 0) -> Scale:
    """Shortens the gradients to a common norm of `limit` where it is larger; returns that norm before."""
    found = norms(gradients, lead)
    if lead:
        return _clip_each(gradients, torch.stack([each.flatten(lead).sum(-1) for each in found]).norm(dim=0), limit)
    total = math.hypot(*found)
    if not total + TINY <= limit:  # so that what is not a number is passed on, not hidden
        torch._foreach_mul_(list(gradients), limit / (total + TINY))
    return total


def _clip_each(gradients: Tensors, total: Tensor, limit: float) -> Tensor:
    factor = (limit / (total + TINY)).clamp(max=1.0)
    for each in gradients:
        each.mul_(factor.reshape(factor.shape + (1,) * (each.ndim - factor.ndim)))
    return total


# ------------------------------------------------------------------------------------ direction


def decay(steps: Tensors, weights: Tensors, amount: float) -> None:
    """step ← step − amount · weight, amount = γλ. With the weights as steps, they shrink before the base moves them."""
    torch._foreach_add_(list(steps), list(weights), alpha=-amount)


def shrinkage(step: Tensor, weight: Tensor, amount: float) -> None:
    """step ← −amount · weight: decay of a step that is still zero, in one pass instead of two."""
    if amount:
        torch.mul(weight, -amount, out=step)
    else:
        step.zero_()


def adaptation(steps: Tensors, weights: Tensors, rate: float, scales: Sequence[Scale], lead: int = 0) -> list[Scale]:
    """The scales at which each step is as long as rate · ‖weight‖; as they were where either norm is 0."""
    found = norms([*weights, *steps], lead)
    pairs = zip(found[: len(weights)], found[len(weights) :], scales, strict=True)
    return [_fitting(rate * wanted, length, scale) for wanted, length, scale in pairs]


def _fitting(wanted: Any, found: Any, scale: Scale) -> Scale:
    if isinstance(found, Tensor):
        return torch.where((wanted > 0) & (found > 0), wanted / found, scale)
    return wanted / found if wanted > 0 and found > 0 else scale


def touched(gradient: Tensor) -> Tensor:
    """(…, 1), whether a row, along the last axis, has a gradient other than zero."""
    if not gradient.is_sparse:
        return gradient.bool().any(-1, keepdim=True)
    found = torch.zeros(gradient.shape[0], *(1 for _ in gradient.shape[1:]), dtype=torch.bool, device=gradient.device)
    found[gradient._indices()[0]] = True
    return found


def lazy(steps: Tensors, rows: Tensors) -> None:
    """step ← 0 in the rows that are not touched."""
    for step, row in zip(steps, rows, strict=True):
        step.masked_fill_(~row, 0)


# ----------------------------------------------------------------------------------------- rate


def piecewise(t: float, knots: Sequence[tuple[float, float]]) -> float:
    """ρ(t) through knots sorted by t: linear in between, constant after the last; from (0, 0) unless 0 is given."""
    x0, y0 = (0.0, 0.0)
    for x1, y1 in knots:
        if t < x1:
            return y0 + (y1 - y0) * (t - x0) / (x1 - x0)
        x0, y0 = x1, y1
    return y0


def scaled(steps: Tensors, scales: Sequence[Scale]) -> None:
    """step ← scale · step."""
    for step, scale in zip(steps, scales, strict=True):
        step.mul_(scale)


def move(weights: Tensors, steps: Tensors, scales: Sequence[Scale]) -> None:
    """weight ← weight + scale · step."""
    for weight, step, scale in zip(weights, steps, scales, strict=True):
        if isinstance(scale, Tensor):
            weight.addcmul_(step, scale)
        else:
            weight.add_(step, alpha=scale)


# -------------------------------------------------------------------------------------- weights


def lookahead(weights: Tensors, slow: Tensors, pull: float) -> None:
    """Θ ← Θ + α(θ − Θ), θ ← Θ."""
    torch._foreach_lerp_(list(slow), list(weights), pull)
    torch._foreach_copy_(list(weights), list(slow))


def average(averages: Tensors, weights: Tensors, decay: float) -> None:
    """e ← μe + (1 − μ)θ."""
    torch._foreach_lerp_(list(averages), list(weights), 1 - decay)


def unbiased(average: Tensor, bias: float) -> Tensor:
    """e / (1 − bias): of an average that began at zero, of which this share is left; μᵗ after t weights."""
    return average / (1 - bias)
