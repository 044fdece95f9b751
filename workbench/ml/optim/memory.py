"""What a base remembers of each tensor, where torch itself does not begin it or does not bring it back as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from .bases import BASES, Base


def alike(one: str, other: str) -> bool:
    """Whether two bases remember the same: only by its settings is the one the other, as AdamW is Adam."""
    if one == other:
        return True
    a, b = BASES.get(one), BASES.get(other)
    return a is not None and b is not None and (issubclass(a, b) or issubclass(b, a))


def missing(groups: Sequence[Mapping[str, Any]], facts: type[Base] | None) -> str:
    """The settings of a base that a state's groups have not: they are another's, which is not named."""
    settings = facts.model_fields if facts else ()
    return ", ".join(each for each in settings if each != "kind" and any(each not in group for group in groups))


def begin(base: Optimizer, facts: type[Base]) -> None:
    """Starts at zero what a setting asks for and nothing was remembered for yet.

    Of a tensor of which a state holds the rest, because only the fork that takes it up has that setting; for torch's
    fused SGD of every tensor, for it fails where one gets its first gradient after others.
    """
    for group in base.param_groups:
        names = [name for setting, name in facts.remembers.items() if group[setting]]
        at_once = facts is BASES["SGD"] and group["fused"] and not group["dampening"]
        for tensor in group["params"] if names else ():
            if at_once or base.state.get(tensor):
                _begin(base.state[tensor], names, tensor)


def _begin(kept: dict[str, Any], names: Sequence[str], tensor: Tensor) -> None:
    for name in names:
        if name not in kept:
            kept[name] = torch.zeros_like(tensor, memory_format=torch.preserve_format)


def restore_types(base: Optimizer, tensors: Sequence[Tensor], saved: Mapping[int, Mapping[str, Any]]) -> None:
    """torch casts what a base remembers to the weight's type, which NAdam's products of momenta do not survive."""
    for number, kept in saved.items():
        ours = base.state[tensors[number]]
        for name, value in kept.items():
            if isinstance(value, Tensor) and value.dtype != ours[name].dtype:
                ours[name] = value.to(ours[name].device, copy=True)
