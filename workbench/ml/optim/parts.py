"""Pieces of a parameter group that fit into the processor's cache, and the base's step on such a piece.

The chain of stages passes over the weights several times. Piece by piece these passes find the numbers still in the
cache: half the time of passing over all weights again and again.

Where a step is to be turned, the base does not move the weights but *stand-ins* that start at zero, so that what it
leaves there is its step (a base whose step depends on the weights starts at a copy, which is then subtracted).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from . import rules

PIECE = 1 << 20  # numbers; with gradient, moments and stand-in 20 MB in float32


@dataclass
class Part:
    """Some tensors of a group with their numbers and, where they are known, names; places: what stands in for them."""

    group: dict[str, Any]
    numbers: list[int] = field(default_factory=list)
    tensors: list[Tensor] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    places: dict[int, StandIn] = field(default_factory=dict)

    def items(self) -> Iterator[tuple[int, Tensor]]:
        """Number and tensor of each."""
        return zip(self.numbers, self.tensors, strict=True)


def split(groups: Sequence[dict[str, Any]], whole: bool = False) -> list[Part]:
    """The groups in parts; whole: one part for each group. On other devices than the CPU a part is a whole group."""
    parts, number = [], 0
    for group in groups:
        part = Part(group)
        names = group.get("param_names") or [""] * len(group["params"])
        for name, tensor in zip(names, group["params"], strict=True):
            full = sum(each.numel() for each in part.tensors) + tensor.numel() > PIECE
            if part.tensors and full and not whole and tensor.device.type == "cpu":
                parts.append(part)
                part = Part(group)
            part.numbers.append(number)
            part.tensors.append(tensor)
            part.names.append(name)
            number += 1
        parts.append(part)
    return parts


def furnish(part: Part, wanted: set[int], resting: set[int], memory: Memory) -> None:
    """Places for the tensors whose step is wanted, and for those whose rows rest."""
    memory.rewind()
    for number, tensor in part.items():
        step = memory.like(tensor) if number in wanted else None
        if number in resting:
            part.places[number] = Rows(number, tensor, step)
        elif step is not None:
            part.places[number] = StandIn(number, tensor, step)


class Memory:
    """Room for the steps of one part; all parts use the same, for they move one after another."""

    def __init__(self, parts: Sequence[Part], wanted: set[int]) -> None:
        room: dict[tuple[torch.device, torch.dtype], int] = {}
        for part in parts:
            for kind, size in _sizes(part, wanted).items():
                room[kind] = max(size, room.get(kind, 0))
        self.flat = {(device, dtype): torch.empty(n, device=device, dtype=dtype) for (device, dtype), n in room.items()}
        self.rewind()

    def rewind(self) -> None:
        """A new part begins."""
        self.used = dict.fromkeys(self.flat, 0)

    def like(self, tensor: Tensor) -> Tensor:
        """The next room, in the shape and memory order of `tensor`."""
        kind = (tensor.device, tensor.dtype)
        start, self.used[kind] = self.used[kind], self.used[kind] + tensor.numel()
        return _like(tensor, self.flat[kind][start : self.used[kind]])


def _sizes(part: Part, wanted: set[int]) -> dict[tuple[torch.device, torch.dtype], int]:
    sizes: dict[tuple[torch.device, torch.dtype], int] = {}
    for number, tensor in part.items():
        if number in wanted:
            kind = (tensor.device, tensor.dtype)
            sizes[kind] = sizes.get(kind, 0) + tensor.numel()
    return sizes


def _like(tensor: Tensor, flat: Tensor) -> Tensor:
    """`flat` in the shape and memory order of `tensor`."""
    order = torch.empty_like(tensor, device="meta", memory_format=torch.preserve_format).stride()
    return flat.as_strided(tensor.shape, order)


# --------------------------------------------------------------------------------- the base's step


def call(base: Optimizer, group: dict[str, Any], tensors: list[Tensor], rate: Any, closure: Any = None) -> Any:
    """One step of the base on these tensors alone, at this rate; its groups are then as before."""
    groups, params, lr = base.param_groups, group["params"], group["lr"]
    base.param_groups = [group]
    group["params"], group["lr"] = tensors, rate
    try:
        return base.step(closure) if closure else base.step()
    finally:
        group["params"], group["lr"] = params, lr
        base.param_groups = groups


class StandIn:
    """A tensor that the base moves in place of a weight, with the weight's gradient and state.

    Until `leave`, `step` is at the base's disposal; then it is what shall be added to `weight`, times `scale`.
    """

    step: Tensor

    def __init__(self, number: int, weight: Tensor, step: Tensor) -> None:
        self.number, self.weight, self.step = number, weight, step
        self.scale: Any = 1.0

    @property
    def gradient(self) -> Tensor:
        """Of the weight."""
        assert self.weight.grad is not None
        return self.weight.grad

    def enter(self, base: Optimizer, from_zero: bool, amount: float) -> Tensor:
        """What the base is to move; amount: of the weight, that the step begins with taking off."""
        self.scale = 1.0
        if from_zero:
            rules.shrinkage(self.step, self.weight, amount)
        else:
            self.step.copy_(self.weight)
        self.step.grad = self.weight.grad
        base.state[self.step] = base.state[self.weight]
        return self.step

    def leave(self, base: Optimizer, from_zero: bool) -> None:
        """The base has moved it."""
        del base.state[self.step]
        self.step.grad = None
        if not from_zero:
            self.step.sub_(self.weight)


class Rows(StandIn):
    """The rows of a weight that have a gradient: the base moves and remembers those alone.

    At first the base knows nothing of the weight; a row of zeros goes along then, and what the base remembers of it
    is what it would have remembered at the start of every row. step: None where the weight itself is to be moved.
    """

    step: Tensor | None  # type: ignore[assignment]

    def __init__(self, number: int, weight: Tensor, step: Tensor | None) -> None:
        super().__init__(number, weight, step)  # type: ignore[arg-type]

    def enter(self, base: Optimizer, from_zero: bool, amount: float) -> Tensor:
        """The rows, with their gradient and state."""
        self.scale, self.amount = 1.0, amount
        self.where, values = _rows(self.gradient)
        self.known = base.state[self.weight]
        self.before = self.weight[self.where]
        self.rows = torch.zeros_like(self.before) if self.step is not None and from_zero else self.before.clone()
        if not self.known:
            self.rows, values = _with_zeros(self.rows), _with_zeros(values)
        self.rows.grad = values
        base.state[self.rows] = {key: self._pick(value) for key, value in self.known.items()}
        return self.rows

    def _pick(self, value: Any) -> Any:
        return value[self.where] if self._by_row(value) else value

    def _by_row(self, value: Any) -> bool:
        return isinstance(value, Tensor) and value.shape == self.weight.shape

    def leave(self, base: Optimizer, from_zero: bool) -> None:
        """Writes back what the base did to the rows and to its memory of them."""
        count = len(self.before)
        for key, value in base.state.pop(self.rows).items():
            self.known[key] = self._written(self.known.get(key), value, count)
        if self.step is None:
            self.weight[self.where] = self.rows[:count]
        else:
            rules.shrinkage(self.step, self.weight, self.amount)
            self.step[self.where] += self.rows[:count] - (0 if from_zero else self.before)
        del self.rows, self.before, self.known, self.where

    def _written(self, old: Any, new: Any, count: int) -> Any:
        if not isinstance(new, Tensor) or new.shape != self.rows.shape:
            return new
        if old is None:
            old = new[-1].expand(self.weight.shape).clone(memory_format=torch.contiguous_format)
        old[self.where] = new[:count]
        return old


def _rows(gradient: Tensor) -> tuple[tuple[Tensor, ...], Tensor]:
    """Where the rows with a gradient are, and their gradients (n, …)."""
    if gradient.is_sparse:
        gradient = gradient.coalesce()
        return (gradient.indices()[0],), gradient.values()
    where = gradient.ne(0).any(-1).nonzero(as_tuple=True)
    return where, gradient[where]


def _with_zeros(rows: Tensor) -> Tensor:
    return torch.cat([rows, rows.new_zeros(1, *rows.shape[1:])])
