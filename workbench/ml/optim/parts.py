"""Pieces of the parameter groups, small enough for the processor's caches, and the base's step on such a piece.

The chain of stages passes over the weights several times. A *part* is what the base moves in one call; a *bundle* are
tensors of it that all stages treat before the next, so that they find the numbers in the cache: half the time of
passing over all weights again and again.

Where a step is to be turned, the base does not move the weights but *stand-ins* that start at zero, so that what it
leaves there is its step (a base whose step depends on the weights starts at a copy, which is then subtracted).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

PIECE = 1 << 21  # numbers of the steps that a part puts aside: 8 MB in float32
BUNDLE = 1 << 17  # numbers of a bundle: with their steps and an average 1.5 MB in float32, for a core's second cache

Item = tuple[int, Tensor]
Kind = tuple[torch.device, torch.dtype]


@dataclass
class Bundle:
    """Tensors with their numbers, and the places of some."""

    numbers: list[int]
    tensors: list[Tensor]
    places: list[StandIn]


@dataclass
class Part:
    """Tensors of a group with their numbers: those that the base moves itself, and the places of the others."""

    group: dict[str, Any]
    items: list[Item]
    plain: list[Tensor] = field(default_factory=list)
    places: list[StandIn] = field(default_factory=list)
    bundles: list[Bundle] = field(default_factory=list)


def split(groups: Sequence[dict[str, Any]], aside: set[int], resting: set[int], whole: bool = False) -> list[Part]:
    """The groups in parts, with places for the tensors whose step is put aside, and for those whose rows rest.

    whole: one part for each group, as on other devices than the CPU.
    """
    parts, number = [], 0
    for group in groups:
        items = list(enumerate(group["params"], number))
        number += len(items)
        sizes = [each.numel() if n in aside and not whole and _cached(each) else 0 for n, each in items]
        parts += [Part(group, run) for run in _runs(items, sizes, PIECE)]
    memory = Memory([[tensor for n, tensor in part.items if n in aside] for part in parts])
    for part in parts:
        _furnish(part, aside, resting, memory)
    return parts


def _cached(tensor: Tensor) -> bool:
    return tensor.device.type == "cpu"


def large(tensor: Tensor) -> bool:
    """Whether it alone is too much for a cache that matters."""
    return _cached(tensor) and tensor.numel() > BUNDLE


def _runs(items: Sequence[Item], sizes: Sequence[int], limit: int) -> list[list[Item]]:
    """The items in order, cut where their sizes together would pass the limit."""
    runs: list[list[Item]] = [[]]
    full = 0
    for item, size in zip(items, sizes, strict=True):
        if runs[-1] and full + size > limit:
            runs.append([])
            full = 0
        runs[-1].append(item)
        full += size
    return runs


def _furnish(part: Part, aside: set[int], resting: set[int], memory: Memory) -> None:
    memory.rewind()
    for run in _runs(part.items, [each.numel() if _cached(each) else 0 for _, each in part.items], BUNDLE):
        places: list[StandIn] = []
        for number, tensor in run:
            step = memory.like(tensor) if number in aside else None
            if number in resting:
                places.append(Rows(number, tensor, step))
            elif step is not None:
                places.append(StandIn(number, tensor, step))
            else:
                part.plain.append(tensor)
        part.places += places
        part.bundles.append(Bundle([n for n, _ in run], [tensor for _, tensor in run], places))


class Memory:
    """Room for the steps of one part; all parts use the same, for they move one after another."""

    def __init__(self, uses: Sequence[Sequence[Tensor]]) -> None:
        room: dict[Kind, int] = {}
        for tensors in uses:
            for kind, size in _sizes(tensors).items():
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


def _sizes(tensors: Sequence[Tensor]) -> dict[Kind, int]:
    sizes: dict[Kind, int] = {}
    for tensor in tensors:
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
        return step(base, closure)
    finally:
        group["params"], group["lr"] = params, lr
        base.param_groups = groups


def step(base: Optimizer, closure: Any = None) -> Any:
    """The base's step. What torch puts around every step, its profiler's range and the hooks of all optimizers, is
    around the whole chain; what somebody has put around this very base stays."""
    own, made = vars(base), getattr(type(base), "step")  # noqa: B009 - torch sets attributes at it
    kept = "step" in own or own["_optimizer_step_pre_hooks"] or own["_optimizer_step_post_hooks"]
    call = base.step if kept or not getattr(made, "hooked", False) else partial(made.__wrapped__, base)
    return call(closure) if closure else call()


class StandIn:
    """A tensor that the base moves in place of a weight, with the weight's gradient and state.

    From `enter` to `release` it is at the base's disposal; after `settle`, `step` is what shall be added to `weight`,
    times `scale`.
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

    def enter(self, base: Optimizer, from_zero: bool) -> Tensor:
        """What the base is to move: `step` as it is, or as a copy of the weight."""
        self.scale = 1.0
        if not from_zero:
            self.step.copy_(self.weight)
        self.step.grad = self.weight.grad
        base.state[self.step] = base.state[self.weight]
        return self.step

    def release(self, base: Optimizer) -> None:
        """The base has moved it, or failed to."""
        del base.state[self.step]
        self.step.grad = None

    def settle(self, from_zero: bool) -> None:
        """Makes the step of it."""
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

    def enter(self, base: Optimizer, from_zero: bool) -> Tensor:
        """The rows, with their gradient and state."""
        self.scale = 1.0
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

    def release(self, base: Optimizer) -> None:
        """Takes what the base remembers of the rows."""
        self.remembered = base.state.pop(self.rows)

    def settle(self, from_zero: bool) -> None:
        """Writes back what the base did to the rows and to its memory of them."""
        count = len(self.before)
        for key, value in self.remembered.items():
            self.known[key] = self._written(self.known.get(key), value, count)
        if self.step is None:
            self.weight[self.where] = self.rows[:count]
        else:
            self.step.zero_()
            self.step[self.where] = self.rows[:count] - (0 if from_zero else self.before)
        del self.rows, self.before, self.known, self.remembered, self.where

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
    where = gradient.bool().any(-1).nonzero(as_tuple=True)
    return where, gradient[where]


def _with_zeros(rows: Tensor) -> Tensor:
    return torch.cat([rows, rows.new_zeros(1, *rows.shape[1:])])
