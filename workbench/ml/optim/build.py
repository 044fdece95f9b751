"""From a description to the optimizer."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from .bases import Base
from .derived import Derived
from .params import Optimizer

DEVICES = frozenset({"cpu", "cuda"})


def build(description: Optimizer, named_parameters: Iterable[tuple[str, Tensor]]) -> Derived:
    """The optimizer for `model.named_parameters()`, its base fused where torch can. Raises what torch does for
    parameters that the base does not take (Muon: matrices alone).
    """
    named = list(named_parameters)
    return Derived(base_of(description.base, named), description.stages)


def base_of(base: Base, named: list[tuple[str, Tensor]]) -> torch.optim.Optimizer:
    """The base alone."""
    settings = base.model_dump(exclude={"kind"})
    if base.fuses:
        settings["fused"] = fusible(named)
    made: torch.optim.Optimizer = getattr(torch.optim, type(base).__name__)(named, **settings)
    return made


def fusible(named: list[tuple[str, Tensor]]) -> bool:
    """Whether torch's fused kernels take these parameters."""
    return all(each.is_floating_point() and each.device.type in DEVICES for _, each in named)
