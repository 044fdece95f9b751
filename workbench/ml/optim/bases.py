"""The optimizers of torch.optim as forms show them. Names of fields and defaults are torch's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import model_validator

from workbench.params import Group, OneOf, P
from workbench.texts import T

Share = Annotated[float, P(..., ge=0, lt=1)]


class Base(Group):
    """An optimizer of torch. Its class there has the same name.

    elementwise: each number moves by itself, so rows of a tensor, or trajectories, can be treated apart. additive:
    its step depends on gradients and state alone (where its own `weight_decay` is 0), not on where the weights are.
    proportional: its step is its rate times something that does not depend on the rate. sparse: it takes sparse
    gradients only. fused: torch has one kernel for the whole step, on the CPU too. remembers: what a setting, unless it
    is off or 0, asks it to remember of each tensor, by the setting's name.
    """

    elementwise: ClassVar[bool] = True
    additive: ClassVar[bool] = True
    proportional: ClassVar[bool] = True
    sparse: ClassVar[bool] = False
    fused: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, str]] = {}

    lr: float = P(1e-3, "Learning rate", gt=0, log=True, live=True)

    @property
    def fuses(self) -> bool:
        """Whether it is to be fused where it can."""
        return self.fused


class Decaying(Base):
    """One with a weight decay of its own."""

    weight_decay: float = P(
        0.0,
        "L2 penalty",
        help="Added to the gradient, so it passes through the moments; the stage weight decay does not.",
        ge=0,
        advanced=True,
    )


class Adam(Decaying, title="Adam"):
    fused: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, str]] = {"amsgrad": "max_exp_avg_sq"}
    kind: Literal["adam"] = "adam"
    betas: tuple[Share, Share] = P((0.9, 0.999), "Memory of gradients and squares")
    eps: float = P(1e-8, "Epsilon", ge=0, log=True, advanced=True)
    amsgrad: bool = P(False, "AMSGrad", help="Divides by the largest squares so far.", advanced=True)


class AdamW(Adam, title="AdamW"):
    kind: Literal["adamw"] = "adamw"  # type: ignore[assignment]
    weight_decay: float = P(0.01, "Weight decay", ge=0)


class SGD(Decaying, title="SGD"):
    fused: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, str]] = {"momentum": "momentum_buffer"}
    kind: Literal["sgd"] = "sgd"
    momentum: float = P(0.0, "Momentum", ge=0, lt=1)
    dampening: float = P(0.0, "Dampening", ge=0, le=1, advanced=True)
    nesterov: bool = P(False, "Nesterov's momentum", advanced=True)

    @model_validator(mode="after")
    def _looks_ahead(self) -> Self:
        if self.nesterov and (not self.momentum or self.dampening):
            raise ValueError(T("Nesterov's momentum needs a momentum above 0, and no dampening."))
        return self

    @property
    def fuses(self) -> bool:
        """torch begins a dampened momentum undampened, its fused kernel only of all tensors at once."""
        return not (self.momentum and self.dampening)


class RMSprop(Decaying, title="RMSprop"):
    remembers: ClassVar[Mapping[str, str]] = {"momentum": "momentum_buffer", "centered": "grad_avg"}
    kind: Literal["rmsprop"] = "rmsprop"
    lr: float = P(1e-2, "Learning rate", gt=0, log=True, live=True)
    alpha: float = P(0.99, "Memory of squares", ge=0, lt=1)
    eps: float = P(1e-8, "Epsilon", ge=0, log=True, advanced=True)
    momentum: float = P(0.0, "Momentum", ge=0, lt=1)
    centered: bool = P(False, "Centred", help="Divides by the deviation, not by the root of squares.", advanced=True)


class Adagrad(Decaying, title="Adagrad"):
    fused: ClassVar[bool] = True
    kind: Literal["adagrad"] = "adagrad"
    lr: float = P(1e-2, "Learning rate", gt=0, log=True, live=True)
    lr_decay: float = P(0.0, "Decay of the rate", ge=0, advanced=True)
    initial_accumulator_value: float = P(0.0, "Squares at the start", ge=0, advanced=True)
    eps: float = P(1e-10, "Epsilon", ge=0, log=True, advanced=True)


class Adadelta(Decaying, title="Adadelta"):
    kind: Literal["adadelta"] = "adadelta"
    lr: float = P(1.0, "Learning rate", gt=0, log=True, live=True)
    rho: float = P(0.9, "Memory of squares", ge=0, le=1)
    eps: float = P(1e-6, "Epsilon", ge=0, log=True, advanced=True)


class Adamax(Decaying, title="Adamax"):
    kind: Literal["adamax"] = "adamax"
    lr: float = P(2e-3, "Learning rate", gt=0, log=True, live=True)
    betas: tuple[Share, Share] = P((0.9, 0.999), "Memory of gradients and largest values")
    eps: float = P(1e-8, "Epsilon", ge=0, log=True, advanced=True)


class NAdam(Decaying, title="NAdam"):
    kind: Literal["nadam"] = "nadam"
    lr: float = P(2e-3, "Learning rate", gt=0, log=True, live=True)
    betas: tuple[Share, Share] = P((0.9, 0.999), "Memory of gradients and squares")
    eps: float = P(1e-8, "Epsilon", ge=0, log=True, advanced=True)
    momentum_decay: float = P(4e-3, "Decay of the momentum", ge=0, advanced=True)


class RAdam(Decaying, title="RAdam"):
    kind: Literal["radam"] = "radam"
    betas: tuple[Share, Share] = P((0.9, 0.999), "Memory of gradients and squares")
    eps: float = P(1e-8, "Epsilon", ge=0, log=True, advanced=True)


class Rprop(Base, title="Rprop"):
    """Looks at signs of gradients alone; its rate is only the size of the first step."""

    proportional: ClassVar[bool] = False
    kind: Literal["rprop"] = "rprop"
    lr: float = P(1e-2, "Size of the first step", gt=0, log=True)
    etas: tuple[Annotated[float, P(..., gt=0, lt=1)], Annotated[float, P(..., gt=1)]] = P(
        (0.5, 1.2), "Factors when the sign changes, and when not"
    )
    step_sizes: tuple[Annotated[float, P(..., gt=0)], Annotated[float, P(..., gt=0)]] = P(
        (1e-6, 50.0), "Smallest and largest step", advanced=True
    )


class ASGD(Decaying, title="ASGD"):
    """Its rate acts one step late, and it shrinks the weights by itself.

    What it averages (`ax` of its state) are weights after its own step, before stages turn that.
    """

    additive: ClassVar[bool] = False
    proportional: ClassVar[bool] = False
    kind: Literal["asgd"] = "asgd"
    lr: float = P(1e-2, "Learning rate", gt=0, log=True, live=True)
    lambd: float = P(1e-4, "Shrinkage", ge=0, advanced=True)
    alpha: float = P(0.75, "Power of the rate's decay", ge=0, advanced=True)
    t0: float = P(
        1e6,
        "Step from which it averages",
        help="It averages what its own steps make; the stage average sees what all stages make.",
        ge=0,
        advanced=True,
    )


class Adafactor(Decaying, title="Adafactor"):
    """Keeps squares of rows and columns only; its step is measured by the weights' size."""

    elementwise: ClassVar[bool] = False
    additive: ClassVar[bool] = False
    proportional: ClassVar[bool] = False
    kind: Literal["adafactor"] = "adafactor"
    lr: float = P(1e-2, "Largest relative step", gt=0, log=True, live=True)
    beta2_decay: float = P(-0.8, "Decay of the memory", le=0, advanced=True)
    d: float = P(1.0, "Largest root mean square of a step", ge=1, advanced=True)


class Muon(Decaying, title="Muon"):
    """For matrices only: its step is a momentum made orthogonal."""

    elementwise: ClassVar[bool] = False
    kind: Literal["muon"] = "muon"
    weight_decay: float = P(0.1, "Weight decay", ge=0)
    momentum: float = P(0.95, "Momentum", ge=0, lt=1)
    nesterov: bool = P(True, "Nesterov's momentum", advanced=True)
    eps: float = P(1e-7, "Epsilon", gt=0, log=True, advanced=True)
    ns_steps: int = P(5, "Iterations of Newton and Schulz", ge=1, lt=100, advanced=True)


class SparseAdam(Base, title="SparseAdam"):
    """For sparse gradients only (embeddings made with sparse=True): rows without one stay untouched."""

    sparse: ClassVar[bool] = True
    kind: Literal["sparseadam"] = "sparseadam"
    betas: tuple[Share, Share] = P((0.9, 0.999), "Memory of gradients and squares")
    eps: float = P(1e-8, "Epsilon", gt=0, log=True, advanced=True)


class LBFGS(Base, title="L-BFGS"):
    """Evaluates the loss several times in a step; needs a closure."""

    elementwise: ClassVar[bool] = False
    additive: ClassVar[bool] = False
    kind: Literal["lbfgs"] = "lbfgs"
    lr: float = P(1.0, "Learning rate", gt=0, log=True, live=True)
    max_iter: int = P(20, "Iterations in a step", ge=1)
    tolerance_grad: float = P(1e-7, "Smallest gradient", ge=0, log=True, advanced=True)
    tolerance_change: float = P(1e-9, "Smallest change", ge=0, log=True, advanced=True)
    history_size: int = P(100, "Steps remembered", ge=1, advanced=True)
    line_search_fn: Literal["strong_wolfe"] | None = P(None, "Line search", advanced=True)


AnyBase = Annotated[
    Adam | AdamW | SGD | RMSprop | Adagrad | Adadelta | Adamax | NAdam | RAdam | Rprop | ASGD | Adafactor | Muon
    | SparseAdam | LBFGS,
    OneOf(),
]  # fmt: skip
BASES: dict[str, type[Base]] = {member.__name__: member for member in get_args(get_args(AnyBase)[0])}
