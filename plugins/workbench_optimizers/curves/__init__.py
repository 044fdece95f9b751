"""Learning curves of a small real network under an optimizer and its variants, all from one seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from workbench.api import Group, Layer, OneOf, P, Panel, Params, Preset, Remark, Tool
from workbench.ml.optim.bases import Adam
from workbench.ml.optim.params import Lookahead, Optimizer

from ..chains import Beside, crowded

MOST = 6
"""Variants that are trained beside the chain."""


class Images(Group, title="Digits as images"):
    """8 × 8 pixels into a perceptron."""

    kind: Literal["images"] = "images"
    width: int = P(64, "Width", help="Hidden units of a layer.", ge=1, le=4096)
    depth: int = P(1, "Hidden layers", ge=0, le=8)


class Words(Group, title="Digits as words"):
    """Each pixel is a word, its place and its shade: 1,088 words, most of them rare, with embeddings summed up."""

    kind: Literal["words"] = "words"
    size: int = P(16, "Size of an embedding", ge=1, le=1024)


class Curves(Params):
    """An optimizer, what stands beside it, and a task."""

    task: Annotated[Images | Words, OneOf()] = P(Images(), "Task")
    optimizer: Optimizer = P(Optimizer(base=Adam(lr=3e-3), stages=(Lookahead(),)), "Chain")
    compare: Beside = P(
        "base",
        "Beside it",
        help="The base alone; the chain without each of its stages; or one stage more each time.",
    )
    others: tuple[Optimizer, ...] = P((), "Other chains", help="More to compare with.", max_length=MOST)
    steps: int = P(600, "Micro-batches", help="With accumulation several make one update.", ge=1)
    batch: int = P(32, "Samples in each", help="Drawn with replacement.", ge=1, le=65536)
    every: int = P(20, "Micro-batches between tests", ge=1, advanced=True)

    def remarks(self) -> Sequence[Remark]:
        """Chains for which there is no room."""
        return crowded(self.optimizer, self.compare, self.others, MOST)


PANELS = (
    Panel("loss", parts=(Layer("scalars", "loss"),), title="Loss on held-out digits", log="y"),
    Panel("accuracy", parts=(Layer("scalars", "accuracy"),), title="Accuracy on held-out digits"),
    Panel("batch", parts=(Layer("scalars", "batch"),), title="Loss on the micro-batches", log="y"),
    Panel(
        "rare",
        parts=(Layer("scalars", "rare"),),
        title="Loss where words are rare",
        help="On the quarter of held-out digits with the rarest words. Of the task with words alone.",
    ),
    Panel("norm", parts=(Layer("scalars", "norm"),), title="Norm of all weights"),
    Panel("variants", "table", "variants", title="Variants"),
)


def _with(base: dict[str, Any], *stages: dict[str, Any]) -> dict[str, Any]:
    return {"base": base, "stages": list(stages)}


ADAM = {"kind": "adam", "lr": 3e-3}
WARM = {"kind": "piecewise", "knots": [[50, 1], [600, 0.1]]}
PRESETS = (
    Preset(
        "lookahead",
        "Lookahead on digits",
        {"optimizer": _with({"kind": "sgd", "lr": 0.3, "momentum": 0.9}, {"kind": "lookahead"})},
        "A high rate: the base's curve shakes, with lookahead it is steadier. Same weights at first, same batches.",
    ),
    Preset(
        "lamb",
        "LAMB, stage by stage",
        {
            "optimizer": _with({**ADAM, "lr": 0.02}, {"kind": "decay"}, {"kind": "adaptation"}, WARM),
            "compare": "without",
            "batch": 1024,
            "steps": 200,
        },
        "The chain without each of its stages, on batches of 1,024 drawn with replacement.",
    ),
    Preset(
        "lazy",
        "Lazy embeddings",
        {"task": "words", "optimizer": _with(ADAM, {"kind": "lazy", "mode": "update"}), "batch": 16},
        "1,088 words, most of them rare: Adam alone moves a word's row long after it was seen, lazy does not.",
    ),
    Preset(
        "accumulation",
        "Accumulation",
        {"optimizer": _with(ADAM, {"kind": "accumulate", "batches": 8}), "batch": 8},
        "Eight micro-batches of eight make one update; beside it each micro-batch is an update of its own.",
    ),
)

CURVES = Tool(
    id="optimizer-curves",
    title="Learning curves of optimizers",
    params=Curves,
    run=".curves.train:run",
    stacked=".curves.train:run_stacked",
    description="A small network learns the digits under an optimizer and its variants: the same first weights, the "
    "same batches.",
    panels=PANELS,
    layout="(loss / batch) | (accuracy / norm, rare, variants)",
    presets=PRESETS,
    best="-loss/chain",
    warm=("torch", "torch._dynamo"),
    threads=1,
)
