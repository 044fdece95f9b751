"""What a person sets. The right recipe follows the data: fields left unset are filled from `RECIPES`."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from math import inf, nextafter
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, model_validator

from workbench.api import Group, Offered, P, Params, domain
from workbench.ml.optim import params as optim
from workbench.ml.optim.bases import AnyBase
from workbench.ml.optim.params import Stages, ordinary

T = domain("workbench_gan")


def adam(lr: float) -> dict[str, Any]:
    """Adam as a game needs it: without momentum, which overshoots a goal that moves."""
    return {"kind": "adam", "lr": lr, "betas": [0.0, 0.99]}


def average(decay: float) -> dict[str, Any]:
    """The generator that samples are drawn from trails behind the one that plays: this circles its goal, and the
    average is nearer to the centre (Yazici et al. 2019, arXiv 1806.04498).
    """
    return {"kind": "average", "decay": decay, "start": "warm"}


class Head(Group):
    """The discriminator's last layer: cascading rejection (arXiv 1911.10979)."""

    stages: int = P(3, "Scores", help="How often what is left of the feature is scored. 1: a plain head.", ge=1, le=16)
    weights: tuple[Annotated[float, P(..., ge=0)], ...] = P(
        (), "Loss weights", help="One for each score, scaled to sum one. None: all equal.", advanced=True
    )
    generator: Literal["all", "first"] = P("all", "The generator's loss uses", help="All scores, or the first alone.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.weights and len(self.weights) != self.stages:
            text = T(
                "give one weight for the one score, or none."
                if self.stages == 1
                else "give one weight for each of the {stages} scores, or none.",
                stages=self.stages,
            )
            raise ValueError(text)
        if self.weights and not sum(self.weights):
            raise ValueError(T("at least one weight must be positive."))
        return self


class Network(Group):
    """Generator and discriminator."""

    kind: Literal["mlp", "conv"] = P("mlp", "Networks", help="Perceptrons, or convolutions (images only; slower).")
    latent: int = P(32, "Latent dimensions", ge=1, le=4096)
    clusters: int = P(
        20,
        "Clusters of latents",
        help="Each latent also names one of so many, so that shapes apart need no bridge.",
        ge=0,
    )
    width: int = P(192, "Width", help="Hidden units of a layer; of convolutions, channels.", ge=1, le=8192)
    depth_g: int = P(3, "Generator's hidden layers", ge=1, le=16, when={"network.kind": "mlp"})
    depth_d: int = P(3, "Discriminator's hidden layers", ge=1, le=16, when={"network.kind": "mlp"})


class Optimizer(optim.Optimizer):
    """Of both networks. Rates are constant at first, then fall linearly, times a schedule among the stages."""

    base: AnyBase = P("adam", "Base")
    stages: Stages = P(
        (average(0.998),),
        "Stages",
        help="They act from top to bottom. Samples come from the average of the generator's weights, if one is kept.",
    )
    rate_d: float = P(
        2.0,
        "Discriminator's rate",
        help="As a multiple of the generator's, which is the base's (two time scales: arXiv 1706.08500).",
        gt=0,
        log=True,
        live=True,
    )
    hold: float = P(0.4, "Share of steps at the full rate", ge=0, le=1, advanced=True)
    final: float = P(0.01, "Rate at the end, as a share", ge=0, le=1, advanced=True)


class Regularisation(Group):
    """What keeps the discriminator from running away."""

    r1: float = P(1.0, "R1 penalty", help="Mean squared slope of the scores at real samples, times half of this.", ge=0)
    r1_final: float = P(0.4, "R1 penalty at the end", help="Reached geometrically after .8 of the steps.", ge=0)
    r1_every: int = P(2, "Steps between penalties", help="It counts as many times as steps pass.", ge=1, advanced=True)
    noise: float = P(
        0.08, "Noise", help="On all that the discriminator sees, in the data's scale: hides single pixel levels.", ge=0
    )
    spectral_norm: bool = P(
        False, "Spectral normalisation of the discriminator", help="Of all its layers but the head."
    )


class GAN(Params):
    """A generator learns to draw, a discriminator to tell its samples from real ones."""

    version: int = P(2, hidden=True)
    data: Annotated[Any, Offered("dataset/image", "dataset/points")] = P("digits", "Data")
    device: str = P("auto", "Device", help="auto, cpu or cuda:0.", advanced=True)
    steps: int = P(4000, "Steps", ge=1)
    batch: int = P(64, "Batch", help="Real samples in a step.", ge=1, le=65536)
    conditional: bool = P(
        False, "By class", help="Both networks are told the class (images with labels). Sharper, but supervised."
    )
    loss: Literal["nonsaturating", "hinge"] = P("nonsaturating", "Loss")
    head: Head = P({}, "Head")
    network: Network = P({}, "Networks")
    optimizer: Annotated[Optimizer, AfterValidator(ordinary)] = P({}, "Optimizer")
    regularisation: Regularisation = P({}, "Regularisation")

    @model_validator(mode="before")
    @classmethod
    def _follow_data(cls, values: Any) -> Any:
        """Fields that nobody set take the values that were found to work on this data."""
        if not isinstance(values, Mapping):
            return values
        kind = kind_of(values.get("data", "digits"))
        network = values.get("network", {})
        conv = isinstance(network, Mapping) and network.get("kind") == "conv"
        return filled(filled(values, CONV if conv else {}), RECIPES.get(kind, RECIPES["idx"]))

    @classmethod
    def migrate(cls, old: dict[str, Any]) -> dict[str, Any]:
        """Version 1 knew Adam alone, two rates, and the average's decay as `ema`."""
        return {**old, "optimizer": from_adam(old["optimizer"])} if "optimizer" in old else old


RECIPES: dict[str, dict[str, Any]] = {
    "digits": {"optimizer": {"base": adam(1e-3)}},
    "ring8": {
        "steps": 6000,
        "batch": 128,
        "network": {"latent": 2, "clusters": 0, "width": 64, "depth_g": 3, "depth_d": 2},
        "optimizer": {"base": adam(3e-3), "hold": 0.5},
        "regularisation": {"r1": 0.1, "r1_final": 0.003, "noise": 0.0, "r1_every": 1},
    },
    "moons": {
        "steps": 4000,
        "batch": 128,
        "network": {"latent": 2, "clusters": 0, "width": 64, "depth_g": 3, "depth_d": 2},
        "optimizer": {"base": adam(3e-3), "hold": 0.5},
        "regularisation": {"r1": 0.1, "r1_final": 0.01, "noise": 0.0, "r1_every": 1},
    },
    "swissroll": {
        "steps": 6000,
        "batch": 128,
        "network": {"latent": 2, "clusters": 0, "width": 64, "depth_g": 3, "depth_d": 3},
        "optimizer": {"base": adam(3e-3), "hold": 0.5},
        "regularisation": {"r1": 0.05, "r1_final": 0.005, "noise": 0.0, "r1_every": 1},
    },
    "grid25": {
        "steps": 12_000,
        "batch": 128,
        "network": {"latent": 2, "clusters": 0, "width": 64, "depth_g": 3, "depth_d": 2},
        "optimizer": {"base": adam(4e-3), "rate_d": 1.25, "hold": 0.5, "stages": [average(0.999)]},
        "regularisation": {"r1": 0.1, "r1_final": 0.02, "noise": 0.0, "r1_every": 1},
    },
    "idx": {
        "steps": 8000,
        "network": {"latent": 64, "width": 400, "depth_g": 3},
        "optimizer": {"base": adam(5e-4)},
        "regularisation": {"r1": 0.5, "r1_final": 0.1},
    },
}
CONV: dict[str, Any] = {
    "steps": 2000,
    "network": {"latent": 32, "width": 32},
    "optimizer": {"base": adam(5e-4), "rate_d": 1.0},
    "regularisation": {"r1_every": 4},
}


def kind_of(data: Any) -> str:
    """The id of a chosen data set, however it was written."""
    if isinstance(data, Mapping):
        return str(data.get("kind", ""))
    return str(getattr(data, "kind", "") if isinstance(data, BaseModel) else data)


def filled(values: Mapping[str, Any], recipe: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with what `recipe` has and they lack, group by group; of a variant where both choose the same member."""
    result = deepcopy(dict(recipe))
    for name, value in values.items():
        inner = result.get(name)
        result[name] = value
        if isinstance(value, Mapping) and isinstance(inner, dict) and _same_member(value, inner):
            result[name] = filled(value, inner)
    return result


def _same_member(value: Mapping[str, Any], recipe: Mapping[str, Any]) -> bool:
    return "kind" not in recipe or bool(value.get("kind", recipe["kind"]) == recipe["kind"])


def from_adam(old: Mapping[str, Any]) -> dict[str, Any]:
    """Version 1's optimizer in today's words; what it did not say is left to the recipe."""
    new = {name: old[name] for name in ("hold", "final") if name in old}
    if "lr_g" in old:
        new["base"] = {**adam(old["lr_g"]), "betas": [old.get("beta1", 0.0), old.get("beta2", 0.99)]}
    if "lr_g" in old and "lr_d" in old:
        new["rate_d"] = quotient(old["lr_d"], old["lr_g"])
    if "ema" in old:
        new["stages"] = [average(old["ema"])]
    return new


def quotient(product: float, factor: float) -> float:
    """A number whose product with `factor` is `product` to the last bit, where there is one."""
    near = product / factor
    exact = [each for each in (near, nextafter(near, 0), nextafter(near, inf)) if each * factor == product]
    return exact[0] if exact else near
