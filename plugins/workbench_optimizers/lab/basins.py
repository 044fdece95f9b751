"""Where each of many starts ends: one batch, one field."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from workbench.api import Context, Text
from workbench.ml.optim.bases import Base

from ..flight.many import Swarm, grid
from ..flight.slope import slope_of
from ..texts import T
from .params import Lab
from .scan import Scan, evaluated, scan

NEAR = 0.02  # of the width shown: how near to a minimum a start must end to have reached it
_kept: dict[Any, Any] = {}


def refusal(base: Base) -> Text | None:
    """Why there is no map for a base."""
    if base.sparse:
        return T("{base} takes sparse gradients only; a batch of starts has dense ones.", base=type(base).__name__)
    if base.elementwise:
        return None
    return T(
        "{base} does not treat each number by itself: in one batch the starts would disturb each other, and one by "
        "one they take too long.",
        base=type(base).__name__,
    )


def basins(params: Lab, context: Context) -> Any:
    """The field (side, side) that the parameters ask for; the last one is kept. Raises Superseded."""
    key = (params.surface, params.optimizer, params.noise, params.map, params.seed)
    if key not in _kept:
        found = _made(params, context)
        _kept.clear()
        _kept[key] = found
    return _kept[key]


def _made(params: Lab, context: Context) -> Any:
    surface, wanted, known = params.surface, params.map, scan(params.surface)
    slope = slope_of(surface, params.noise, wanted.steps, params.seed)
    counts = known.even if wanted.shows == "steps" else None
    swarm = Swarm(params.optimizer, surface.expression(), grid(surface.extent, wanted.side), counts)
    for noise, rows in zip(slope.noise, slope.rows, strict=True):
        context.sync()
        swarm.advance(noise, rows)
    return _shown(swarm, params, known).reshape(wanted.side, wanted.side).numpy()


def _shown(swarm: Swarm, params: Lab, known: Scan) -> Tensor:
    """(N), float32. A start that came to nothing has as much as the worst: all evaluations, the largest height."""
    ends, wanted = swarm.place[..., 0], params.map
    if wanted.shows == "steps":
        return torch.where(ends.isfinite().all(1), swarm.restless, float(wanted.steps))
    if wanted.shows == "loss":
        above = (evaluated(params.surface, ends)[0] - known.low).clamp_min(0).log1p()
        some = above[above.isfinite()]
        return above.nan_to_num(*[float(some.max()) if len(some) else 0.0] * 2)
    return _numbered(ends, known, params)


def _numbered(ends: Tensor, known: Scan, params: Lab) -> Tensor:
    """The number of the minimum that is reached, from 1, the lowest first; 0 for none."""
    if not len(known.minima):
        return torch.zeros(len(ends))
    x0, x1, *_ = params.surface.extent
    away, which = torch.cdist(ends, known.minima.float()).min(1)
    return torch.where(away <= NEAR * (x1 - x0), which + 1.0, 0.0)
