"""What the stages remember and do. The tensors are known by their numbers, in the order of the parameter groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from . import params, rules
from .parts import Bundle, Item, StandIn


class Gradients:
    """Accumulation and clipping, in their order, on the gradients of all tensors."""

    def __init__(self, stages: Sequence[params.Stage]) -> None:
        self.stages = stages
        self.sums: dict[int, Tensor] = {}
        self.weight = 0.0
        self.count = 0

    def take(self, tensors: Sequence[Tensor], weight: float) -> bool:
        """A micro-batch's gradients go in; whether they are due for an update, as `.grad`."""
        for stage in self.stages:
            if isinstance(stage, params.Clip):
                clip(tensors, stage.limit)
            elif isinstance(stage, params.Accumulate):
                self._add(tensors, weight)
                if self.count < stage.batches:
                    return False
                self._release(tensors)
        return True

    def used(self, tensors: Sequence[Tensor]) -> None:
        """After an update: gradients that gathered here are gone, whether or not the loop clears them."""
        if any(isinstance(each, params.Accumulate) for each in self.stages):
            for tensor in tensors:
                tensor.grad = None

    def flush(self, tensors: Sequence[Tensor]) -> bool:
        """The mean of what has come so far becomes `.grad`; False where nothing has."""
        if not self.count:
            return False
        self._release(tensors)
        names = [each.kind for each in self.stages]
        for stage in self.stages[names.index("accumulate") :]:
            if isinstance(stage, params.Clip):
                clip(tensors, stage.limit)
        return True

    def _add(self, tensors: Sequence[Tensor], weight: float) -> None:
        """Takes the gradients themselves away, so that nothing is copied and no scaler touches them twice."""
        for number, tensor in enumerate(tensors):
            if tensor.grad is None:
                continue
            if number in self.sums:
                rules.accumulate([self.sums[number]], [tensor.grad], weight)
            else:
                self.sums[number] = tensor.grad if weight == 1 else tensor.grad.mul_(weight)
            tensor.grad = None
        self.weight += weight
        self.count += 1

    def _release(self, tensors: Sequence[Tensor]) -> None:
        rules.mean(list(self.sums.values()), self.weight or 1.0)  # all of no weight: their sum is zero
        for number, total in self.sums.items():
            tensors[number].grad = total
        self.sums, self.weight, self.count = {}, 0.0, 0

    def state(self) -> dict[str, Any]:
        return {"sums": self.sums, "weight": self.weight, "count": self.count}

    def restore(self, state: dict[str, Any], tensors: Sequence[Tensor]) -> None:
        self.sums = placed(state["sums"], tensors)
        self.weight, self.count = state["weight"], state["count"]


def clip(tensors: Sequence[Tensor], limit: float) -> None:
    """Shortens the gradients of all tensors together; of sparse ones their values."""
    for tensor in tensors:
        if tensor.grad is not None and tensor.grad.is_sparse:
            tensor.grad = tensor.grad.coalesce()
    gradients = [tensor.grad for tensor in tensors if tensor.grad is not None]
    rules.clip([each._values() if each.is_sparse else each for each in gradients], limit)


# ------------------------------------------------------------------------------------ direction


class Direction:
    """A stage that changes the steps of the tensors that it selects."""

    axes = 0

    def __init__(self, spec: params.Named) -> None:
        self.spec = spec

    def selects(self, name: str, tensor: Tensor) -> bool:
        """Whether this tensor is meant."""
        return self.spec.selects(name) and tensor.ndim >= self.axes

    def turn(self, moving: Sequence[StandIn], rate: float) -> None:
        """Changes the steps."""
        raise NotImplementedError


class Decay(Direction):
    spec: params.Decay

    def turn(self, moving: Sequence[StandIn], rate: float) -> None:
        for each in moving:
            if each.scale != 1.0:
                rules.scaled([each.step], [each.scale])
                each.scale = 1.0
        rules.decay([each.step for each in moving], [each.weight for each in moving], rate * self.spec.rate)

    def begin(self, place: StandIn, rate: float) -> None:
        """The same before the base, of a step that is to start at zero."""
        rules.shrinkage(place.step, place.weight, rate * self.spec.rate)


class Adaptation(Direction):
    """ratios: ‖θ‖/‖h‖ of the last update, by number."""

    def __init__(self, spec: params.Named) -> None:
        super().__init__(spec)
        self.ratios: dict[int, float] = {}

    def turn(self, moving: Sequence[StandIn], rate: float) -> None:
        before = [each.scale for each in moving]
        scales = rules.adaptation([each.step for each in moving], [each.weight for each in moving], rate, before)
        for each, scale, old in zip(moving, scales, before, strict=True):
            each.scale, self.ratios[each.number] = scale, scale / old


class Lazy(Direction):
    spec: params.Lazy
    axes = 2  # a vector has no rows

    def __init__(self, spec: params.Named) -> None:
        super().__init__(spec)
        self.rows: dict[int, Tensor] = {}

    def prepare(self, moving: Sequence[StandIn]) -> None:
        """Looks at gradients before the base can have changed them."""
        self.rows = {each.number: rules.touched(each.gradient) for each in moving}

    def turn(self, moving: Sequence[StandIn], rate: float) -> None:  # noqa: ARG002
        rules.lazy([each.step for each in moving], [self.rows[each.number] for each in moving])


# -------------------------------------------------------------------------------------- weights


class Weights:
    """A stage that keeps a second set of weights."""

    def __init__(self) -> None:
        self.kept: dict[int, Tensor] = {}

    def begin(self, items: Sequence[Item]) -> None:
        """Before the first update of a tensor: what is kept starts."""
        for number, tensor in items:
            if number not in self.kept:
                self.kept[number] = self.first(tensor)

    def first(self, tensor: Tensor) -> Tensor:
        return tensor.detach().clone(memory_format=torch.preserve_format)

    def due(self, done: int) -> bool:  # noqa: ARG002
        """Whether it follows update number `done`, from 1."""
        return True

    def follow(self, bundle: Bundle, done: int) -> None:
        """After update number `done`, which was due."""
        raise NotImplementedError

    def end(self, done: int) -> None:
        """After update number `done` of all bundles, due or not."""

    def ours(self, bundle: Bundle) -> list[Tensor]:
        return [self.kept[number] for number in bundle.numbers]

    def state(self) -> dict[str, Any]:
        return {"kept": self.kept}

    def restore(self, state: dict[str, Any], tensors: Sequence[Tensor], done: int) -> None:  # noqa: ARG002
        """As it was after update number `done`."""
        self.kept = placed(state["kept"], tensors)


class Lookahead(Weights):
    def __init__(self, spec: params.Lookahead) -> None:
        super().__init__()
        self.spec = spec

    def due(self, done: int) -> bool:
        return done % self.spec.every == 0

    def follow(self, bundle: Bundle, done: int) -> None:  # noqa: ARG002
        rules.lookahead(bundle.tensors, self.ours(bundle), self.spec.pull)


class Average(Weights):
    """bias: the share of the zero at which it started that is left in it. swapped: while the average stands in for
    them, the weights themselves, by number.
    """

    def __init__(self, spec: params.Average) -> None:
        super().__init__()
        self.spec = spec
        self.bias = 1.0 if spec.start == "zero" else 0.0
        self.swapped: dict[int, Tensor] = {}

    def first(self, tensor: Tensor) -> Tensor:
        """One that joins late is put where dividing the bias out gives the weights."""
        return super().first(tensor) * (1 - self.bias)

    def follow(self, bundle: Bundle, done: int) -> None:
        rules.average(self.ours(bundle), bundle.tensors, self.spec.decay_at(done))

    def end(self, done: int) -> None:
        self.bias *= self.spec.decay_at(done)

    def value(self, number: int) -> Tensor:
        """The average of a tensor."""
        kept = self.kept[number]
        return rules.unbiased(kept, self.bias) if 0 < self.bias < 1 else kept

    def state(self) -> dict[str, Any]:
        return {**super().state(), "bias": self.bias, "swapped": self.swapped}

    def restore(self, state: dict[str, Any], tensors: Sequence[Tensor], done: int) -> None:
        super().restore(state, tensors, done)
        unsaid = self.spec.decay**done if self.spec.start == "zero" else 0.0  # older states have no bias
        self.bias = state.get("bias", unsaid)
        self.swapped = placed(state["swapped"], tensors)


DIRECTIONS: dict[str, type[Direction]] = {"decay": Decay, "adaptation": Adaptation, "lazy": Lazy}
WEIGHTS: dict[str, Callable[[Any], Weights]] = {"lookahead": Lookahead, "average": Average}


def placed(kept: dict[int, Tensor], tensors: Sequence[Tensor]) -> dict[int, Tensor]:
    """What was kept of each tensor, copied to where the tensor is."""
    return {number: each.to(tensors[number].device, copy=True) for number, each in kept.items()}
