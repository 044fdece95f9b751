"""An optimizer as a form shows it: a base and the stages built upon it. Needs no torch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import field_validator, model_validator

from workbench.params import Example, Group, OneOf, P, Phased, Remark
from workbench.texts import T, Text

from . import export
from .bases import AdamW, AnyBase, Base
from .presets import EXAMPLES

Phase = Literal["gradient", "direction", "rate", "weights"]
PHASES: tuple[Phase, ...] = ("gradient", "direction", "rate", "weights")
CHOICES = (T("update"), T("state"), T("weights"), T("warm"), T("zero"))
"""What a form offers to choose from, in the reader's language."""
KINDS = (
    T("accumulate"), T("clip"), T("decay"), T("adaptation"), T("lazy"), T("piecewise"), T("rates"), T("lookahead"),
    T("average"),
)  # fmt: skip
"""What sentences and arrows call a stage: its kind, in the reader's language by `T(stage.kind)`."""
BY_PHASE = Phased(
    (("gradient", T("Gradient")), ("direction", T("Direction")), ("rate", T("Rate")), ("weights", T("Weights")))
)


class Stage(Group):
    """A step of the base is θ ← θ − γh; a stage changes the gradient before it, its direction, its rate, or θ after."""

    phase: ClassVar[Phase]
    once: ClassVar[bool] = False
    kind: str
    on: bool = P(True, "On", help="Off it stays in the list, and does nothing.")


class Named(Stage):
    """A stage for the tensors whose names match."""

    include: tuple[str, ...] = P(
        (), "Names", help="Regular expressions, found anywhere in a name. None: all.", advanced=True
    )
    exclude: tuple[str, ...] = P((), "Except for", help="Regular expressions, found anywhere in a name.")

    @field_validator("include", "exclude")
    @classmethod
    def _expressions(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked(each) for each in patterns)

    def selects(self, name: str) -> bool:
        """Whether the tensor of this name is meant."""
        wanted = not self.include or any(re.search(each, name) for each in self.include)
        return wanted and not any(re.search(each, name) for each in self.exclude)

    @property
    def asks_names(self) -> bool:
        """Whether names of tensors matter at all."""
        return bool(self.include or self.exclude)


def checked(pattern: str) -> str:
    """The pattern. Raises ValueError where it is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(T("{pattern} is no regular expression: {why}.", pattern=pattern, why=str(error))) from error
    return pattern


class Accumulate(Stage, title="Gradient accumulation"):
    """The mean gradient of n micro-batches makes one update; nothing else moves in between."""

    phase: ClassVar[Phase] = "gradient"
    once: ClassVar[bool] = True
    kind: Literal["accumulate"] = "accumulate"
    batches: int = P(4, "Micro-batches", help="Their mean gradient makes one update.", ge=1)


class Clip(Stage, title="Gradient clipping"):
    """Gradients whose common norm is larger are shortened to it."""

    phase: ClassVar[Phase] = "gradient"
    kind: Literal["clip"] = "clip"
    limit: float = P(1.0, "Largest norm", help="Of all gradients together.", gt=0, log=True)


class Decay(Named, title="Weight decay"):
    """θ ← θ − γh − γλθ: decoupled from the gradient."""

    phase: ClassVar[Phase] = "direction"
    kind: Literal["decay"] = "decay"
    rate: float = P(0.01, "Rate λ", help="In each update a weight loses this share, times the learning rate.", ge=0)
    exclude: tuple[str, ...] = P(("[Nn]orm", "bias"), "Except for", help="Regular expressions, found in a name.")


class Adaptation(Named, title="Layer adaptation"):
    """Per tensor θ ← θ − γh·‖θ‖/‖h‖; the ratio is 1 where either norm is 0."""

    phase: ClassVar[Phase] = "direction"
    kind: Literal["adaptation"] = "adaptation"
    exclude: tuple[str, ...] = P(("[Nn]orm", "bias"), "Except for", help="Regular expressions, found in a name.")


class Lazy(Named, title="Lazy rows"):
    """A row is updated only where its gradient is not zero."""

    phase: ClassVar[Phase] = "direction"
    kind: Literal["lazy"] = "lazy"
    mode: Literal["update", "state"] = P(
        "state",
        "What rests",
        help="Rows without gradient keep their weights; in mode state the base's memory of them too, as in SparseAdam.",
    )
    include: tuple[str, ...] = P(("[Ee]mbed",), "Names", help="Regular expressions, found in a name. None: all.")


Knot = tuple[Annotated[float, P(..., ge=0)], Annotated[float, P(..., ge=0)]]


class Piecewise(Stage, title="Piecewise linear rate"):
    """γ → γρ(t), t updates done: linear between knots, constant after the last; from 0 unless step 0 is given."""

    phase: ClassVar[Phase] = "rate"
    kind: Literal["piecewise"] = "piecewise"
    knots: tuple[Knot, ...] = P(
        ((0, 1.0),), "Knots", help="Update and factor. Before the first it rises from 0; after the last it stays.",
        min_length=1,
    )  # fmt: skip

    @field_validator("knots", mode="before")
    @classmethod
    def _as_pairs(cls, value: Any) -> Any:
        """{1000: 1, 2000: 0.1} is taken as well, with texts as keys too, as JSON has them."""
        return tuple(value.items()) if isinstance(value, Mapping) else value

    @field_validator("knots")
    @classmethod
    def _in_order(cls, knots: tuple[Knot, ...]) -> tuple[Knot, ...]:
        if len({step for step, _ in knots}) < len(knots):
            raise ValueError(T("two knots stand at the same update."))
        return tuple(sorted(knots))


class Factor(Group):
    """A factor of the rate for the tensors whose names match."""

    pattern: str = P("bias", "Name", help="A regular expression, found anywhere in a name.")
    factor: float = P(1.0, "Factor", ge=0)

    _expression = field_validator("pattern")(checked)


class Rates(Stage, title="Rates by name"):
    """The step of a tensor times the factors of all expressions that match its name."""

    phase: ClassVar[Phase] = "rate"
    kind: Literal["rates"] = "rates"
    factors: tuple[Factor, ...] = P((), "Factors")

    def factor(self, name: str) -> float:
        """The product of the factors that this name has."""
        result = 1.0
        for each in self.factors:
            result *= each.factor if re.search(each.pattern, name) else 1.0
        return result

    @property
    def asks_names(self) -> bool:
        """Whether names of tensors matter at all."""
        return bool(self.factors)


class Lookahead(Stage, title="Lookahead"):
    """At every k-th update Θ ← Θ + α(θ − Θ), θ ← Θ; Θ starts at the weights (Zhang et al. 2019, arXiv 1907.08610)."""

    phase: ClassVar[Phase] = "weights"
    kind: Literal["lookahead"] = "lookahead"
    every: int = P(5, "Updates in a cycle k", ge=1)
    pull: float = P(0.5, "Slow step α", ge=0, le=1)


class Average(Stage, title="Average of the weights"):
    """e ← μe + (1 − μ)θ after each update, to be swapped in for evaluation."""

    phase: ClassVar[Phase] = "weights"
    once: ClassVar[bool] = True
    kind: Literal["average"] = "average"
    decay: float = P(0.999, "Decay μ", ge=0, lt=1)
    start: Literal["weights", "warm", "zero"] = P(
        "weights",
        "Starts from",
        help="The weights; warm: them too, with μ at most (1 + t)/(10 + t) at first, so that a random start is soon "
        "forgotten; zero: what that biases is divided out.",
        advanced=True,
    )

    def decay_at(self, done: int) -> float:
        """μ of update number `done`, from 1."""
        return min(self.decay, done / (9 + done)) if self.start == "warm" else self.decay


AnyStage = Annotated[Accumulate | Clip | Decay | Adaptation | Lazy | Piecewise | Rates | Lookahead | Average, OneOf()]
Stages = Annotated[tuple[AnyStage, ...], BY_PHASE]


class Optimizer(Group):
    """A base and its stages, in the order in which they act."""

    base: AnyBase = P(AdamW(), "Base")
    stages: Stages = P((), "Stages", help="They act from top to bottom; inside a phase they can be reordered.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        text = refusal(self.base, self.acting)
        if text is not None:
            raise ValueError(text)
        return self

    @property
    def acting(self) -> tuple[AnyStage, ...]:
        """The stages that are on."""
        return acting(self.stages)

    def remarks(self) -> Sequence[Remark]:
        """The pairs of stages that do not commute, and why."""
        pairs = clashes(self.stages)
        return [Remark((f"stages.{each.first}", f"stages.{each.second}"), each.why) for each in pairs]

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """The article's, and more."""
        return EXAMPLES

    def as_python(self) -> str:
        """A module that makes this optimizer for a model."""
        return export.to_python(self)


def acting(stages: Sequence[Any]) -> tuple[Any, ...]:
    """The stages that are on."""
    return tuple(each for each in stages if each.on)


def in_order(stages: Sequence[Stage]) -> tuple[Any, ...]:
    """The stages sorted by phase; inside a phase they stay as they are."""
    return tuple(BY_PHASE.sorted(stages))


Described = TypeVar("Described", bound=Optimizer)
UNUSUAL = {
    "SparseAdam": T("SparseAdam takes sparse gradients only; those of this trainer are dense."),
    "LBFGS": T("L-BFGS evaluates the same loss several times in a step; this trainer draws new samples each time."),
    "Muon": T("Muon takes matrices only; these networks have vectors too."),
}


def ordinary(value: Described) -> Described:
    """For the field of a trainer with dense gradients, no closure and weights of any shape:
    `Annotated[Optimizer, AfterValidator(ordinary)]`. Raises ValueError for a base that asks for something else.
    """
    why = UNUSUAL.get(type(value.base).__name__)
    if why is not None:
        raise ValueError(why)
    return value


# ------------------------------------------------------------------------ what does not go together


def refusal(base: Base | type[Base] | None, stages: Sequence[Stage]) -> Text | None:
    """Why these stages cannot be built upon this base (None: one that is not torch's); None where they can."""
    for stage in stages:
        if stage.once and sum(type(each) is type(stage) for each in stages) > 1:
            return T("{stage} can stand in the list only once.", stage=T(stage.kind))
        why = _refused(base.__name__ if isinstance(base, type) else type(base).__name__, base, stage)
        if why is not None:
            return why
    return None


def _refused(name: str, base: Base | type[Base] | None, stage: Stage) -> Text | None:
    called = T(stage.kind)
    if name == "LBFGS" and stage.phase == "gradient":
        return T("L-BFGS evaluates the gradient several times in a step, so {stage} has no meaning.", stage=called)
    if name == "LBFGS" and not isinstance(stage, Piecewise | Average):
        return T("L-BFGS learns the curvature from its own moves; {stage} would falsify them.", stage=called)
    if not isinstance(stage, Lazy):
        return None
    if name == "SparseAdam":
        return T("SparseAdam leaves rows without gradient alone by itself.")
    if stage.mode == "state" and (base is None or not base.elementwise):
        return T("{base} remembers rows together, so lazy cannot spare the memory of some: use mode update.", base=name)
    return None


@dataclass(frozen=True)
class Clash:
    """Two stages of a phase, by their places in the list, whose order matters, and why."""

    first: int
    second: int
    why: Text


CLASHES: dict[frozenset[str], Text] = {  # of one kind: two such stages
    frozenset({"accumulate", "clip"}): T(
        "Clipping after accumulation shortens the mean gradient; before it, each micro-batch's own."
    ),
    frozenset({"decay", "adaptation"}): T(
        "Decay before adaptation is part of the direction that is scaled to the weights' norm (LAMB); after it, decay "
        "keeps its own rate."
    ),
    frozenset({"decay", "lazy"}): T("Decay after lazy shrinks rows without gradient too; before it, they rest."),
    frozenset({"adaptation", "lazy"}): T(
        "Adaptation before lazy measures the whole step; after it, only what the rows with a gradient move."
    ),
    frozenset({"lookahead", "average"}): T(
        "After lookahead the average sees the weights drawn back to the slow ones; before it, the fast ones."
    ),
    frozenset({"lookahead"}): T(
        "Of two lookaheads with other cycles the later draws back weights that the earlier has drawn back already."
    ),
}


def clashes(stages: Sequence[Stage]) -> tuple[Clash, ...]:
    """The pairs of `stages` that do not commute. Other pairs of a phase can be swapped without any effect."""
    return tuple(
        Clash(i, j, CLASHES[pair])
        for j, second in enumerate(stages)
        for i, first in enumerate(stages[:j])
        if first.on and second.on and (pair := frozenset({first.kind, second.kind})) in CLASHES
    )
