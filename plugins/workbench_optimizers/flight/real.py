"""One point under the real optimizer, the very one that trainers use: for every base, at some 50 µs an evaluation."""

from __future__ import annotations

from math import isfinite

import torch

from workbench.ml.optim.build import build
from workbench.ml.optim.derived import Derived
from workbench.ml.optim.params import Optimizer

from . import NAME
from .slope import Pair, Slope
from .track import Track


def fly(optimizer: Optimizer, slope: Slope, start: Pair, steps: int, at: int = 0) -> Track:
    """As `point.fly`; of the chosen evaluation there is only the whole move."""
    weight = torch.nn.Parameter(torch.tensor([[start[0]], [start[1]]], dtype=torch.float64))
    derived, track = build(optimizer, [(NAME, weight)]), Track([start])
    for k in range(steps):
        before = track.places[-1]
        try:
            taken = _take(derived, weight, slope, k, sparse=optimizer.base.sparse)
        except (ArithmeticError, ValueError):
            break
        x, y = weight.detach().flatten().tolist()
        if not (isfinite(x) and isfinite(y)):
            break
        _note(track, derived, (x, y))
        track.evaluations += taken
        if k + 1 == at:
            track.parts = [("whole", (x - before[0], y - before[1]))]
    track.updates = derived.updates
    return track


def _take(derived: Derived, weight: torch.nn.Parameter, slope: Slope, k: int, sparse: bool) -> int:
    """One step of the optimizer; how often it looked at the gradient."""
    looks = 0

    def closure() -> float:
        nonlocal looks
        looks += 1
        x, y = weight.detach().flatten().tolist()
        gradient = torch.tensor(slope(k, x, y), dtype=torch.float64)[:, None]
        weight.grad = gradient.to_sparse(1) if sparse else gradient
        return slope.height(x, y)

    derived.step(closure)
    return looks


def _note(track: Track, derived: Derived, place: Pair) -> None:
    track.places.append(place)
    track.ratios.append(derived.ratios.get(0, float("nan")))
    track.rates.append(float("nan"))
    kinds, begun = {each.kind for each in derived.specs}, derived.updates > 0
    if "lookahead" in kinds:
        track.slow.append(_pair(derived.slow(0)) if begun else place)
    if "average" in kinds:
        track.average.append(_pair(derived.average.value(0)) if begun else place)


def _pair(kept: torch.Tensor | None) -> Pair:
    assert kept is not None  # a stage keeps something from the first update on
    x, y = kept.flatten().tolist()
    return x, y
