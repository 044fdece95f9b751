"""Trains a network under each variant in turn, batch by batch, and reports how they do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from workbench.api import Context, UserError
from workbench.ml.optim.build import build
from workbench.ml.optim.derived import Derived
from workbench.ml.optim.params import Optimizer

from ..chains import described, variants
from ..texts import T
from . import MOST, Curves
from .tasks import Task, network, task_of

BEYOND = 100.0
"""A loss above which a variant has diverged: chance has 2.3."""


def run(params: Curves, context: Context) -> None:
    """One run."""
    run_stacked([params], [context])


def run_stacked(params: Sequence[Curves], contexts: Sequence[Context]) -> None:
    """Several runs in turn, each with its own seed."""
    races = [Race(each, context) for each, context in zip(params, contexts, strict=True)]
    contexts[0].track(**{f"{k}/{name}": each for k, race in enumerate(races) for name, each in race.state.items()})
    for step in contexts[0].steps(params[0].steps):
        for race in races:
            race.take(step)
    for race in races:
        race.told()


class Learner:
    """A network under one optimizer; shares: it stands on the chain's own base, whose rate may change meanwhile."""

    def __init__(self, params: Curves, name: str, chain: Optimizer) -> None:
        self.name, self.chain = name, chain
        self.shares = chain.base is params.optimizer.base
        self.model = network(params.task, params.seed, sparse=chain.base.sparse)
        field = "optimizer" if self.shares else f"others.{params.others.index(chain)}"
        self.optimizer = optimizer_of(chain, self.model, f"{field}.base")

    def learn(self, x: Tensor, y: Tensor, rate: float) -> float:
        """One micro-batch, at the chain's rate where it is shared; the loss on it."""
        if self.shares:
            self.optimizer.param_groups[0]["lr"] = rate

        def closure() -> Tensor:
            self.model.zero_grad()
            loss = cross_entropy(self.model(x), y)
            torch.autograd.backward(loss)
            return loss

        return float(self.optimizer.step(closure).detach())

    def scores(self, x: Tensor) -> Tensor:
        """(n, 10), by the average of the weights where one is kept."""
        with torch.no_grad(), self.optimizer.averaged():
            found: Tensor = self.model(x)
        return found


def optimizer_of(chain: Optimizer, model: nn.Module, field: str) -> Derived:
    """The chain upon this network. Raises UserError, at `field`, for a base that cannot train it."""
    if chain.base.sparse:
        raise UserError(
            T("SparseAdam trains embeddings alone, and every network here has other weights too."),
            T("Take Adam with the stage lazy: it does the same for the rows of the embedding."),
            field=field,
        )
    try:
        return build(chain, model.named_parameters())
    except ValueError as error:
        base = type(chain.base).__name__
        raise UserError(T("{base} cannot train this network: {why}", base=base, why=str(error)), field=field) from error


class Race:
    """All variants of one run: the same first weights, the same micro-batches."""

    def __init__(self, params: Curves, context: Context) -> None:
        self.params, self.context = params, context
        self.task: Task = task_of(params.task)
        self.draw = torch.Generator().manual_seed(params.seed)
        named = variants(params.optimizer, params.compare, params.others, MOST)
        self.learners = [Learner(params, name, chain) for name, chain in named]

    @property
    def state(self) -> dict[str, Any]:
        """What training changes."""
        nets = {f"model{k}": each.model for k, each in enumerate(self.learners)}
        return {**nets, **{f"optimizer{k}": each.optimizer for k, each in enumerate(self.learners)}, "draw": self.draw}

    def take(self, step: int) -> None:
        """One micro-batch for each variant."""
        batch = torch.randint(len(self.task.x), (self.params.batch,), generator=self.draw)
        x, y, rate = self.task.x[batch], self.task.y[batch], self.context.params.optimizer.base.lr
        self.report([(each, {"batch": each.learn(x, y, rate)}) for each in self.learners])
        if step % self.params.every == 0 or step == self.params.steps:
            self.report([(each, self.tested(each)) for each in self.learners])

    def report(self, found: Sequence[tuple[Learner, Mapping[str, float]]]) -> None:
        """What came of the variants; not of one beside the chain that diverged, for which the whole job would end."""
        told = [(each.name, values) for each, values in found if each is self.learners[0] or not diverged(values)]
        self.context.scalars({f"{what}/{name}": value for name, values in told for what, value in values.items()})

    def tested(self, learner: Learner) -> dict[str, float]:
        """How well a variant does on what it has not seen."""
        task, scores = self.task, learner.scores(self.task.held_x)
        found = {
            "loss": float(cross_entropy(scores, task.held_y)),
            "accuracy": float((scores.argmax(1) == task.held_y).double().mean()),
            "norm": float(torch.nn.utils.get_total_norm([each.detach() for each in learner.model.parameters()])),
        }
        if task.rare is not None:
            found["rare"] = float(cross_entropy(scores[task.rare], task.held_y[task.rare]))
        return found

    def told(self) -> None:
        """A row for each variant, and a sentence for each that diverged beside the chain."""
        tested = [(each, self.tested(each)) for each in self.learners]
        self.context.table("variants", [row(*each) for each in tested])
        for each, found in tested[1:]:
            if diverged(found):
                text = T("{name} diverged: where its loss is beyond {most}, its curves have a gap.",
                         name=each.name, most=f"{BEYOND:g}")  # fmt: skip
                self.context.notice(text)


def row(learner: Learner, found: Mapping[str, float]) -> dict[str, Any]:
    """Of the table of variants."""
    rounded = {what: float(f"{value:.4g}") for what, value in found.items()}
    about = {"variant": learner.name, "chain": described(learner.chain), "updates": learner.optimizer.updates}
    return {**about, **rounded}


def diverged(found: Mapping[str, float]) -> bool:
    """Whether numbers of a variant are none, or one that is no norm, a loss, is of no use."""
    return any(not math.isfinite(value) or (what != "norm" and value > BEYOND) for what, value in found.items())
