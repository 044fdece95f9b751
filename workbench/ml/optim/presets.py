"""The four examples of the article that the stages come from (Su Jianlin, archives/7094), as descriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.texts import T, Text

from .params import Optimizer


@dataclass(frozen=True)
class Example:
    """A description under a name."""

    id: str
    title: Text
    values: dict[str, Any]
    why: Text

    def made(self) -> Optimizer:
        """The description itself, checked."""
        return Optimizer.model_validate(self.values)


ADAM: dict[str, Any] = {"kind": "adam", "lr": 1e-3}
DECAY: dict[str, Any] = {"kind": "decay", "rate": 0.01, "exclude": ["[Nn]orm", "bias"]}
WARM_UP: dict[str, Any] = {"kind": "piecewise", "knots": [[1000, 1.0], [2000, 0.1]]}
ADAPTATION: dict[str, Any] = {"kind": "adaptation", "exclude": ["[Nn]orm", "bias"]}
ACCUMULATE: dict[str, Any] = {"kind": "accumulate", "batches": 10}

EXAMPLES = (
    Example(
        "decay",
        T("Decoupled weight decay"),
        {"base": ADAM, "stages": [DECAY]},
        T("Adam whose decay does not pass through its moments, that is AdamW; norms and biases are left out."),
    ),
    Example(
        "warm_up",
        T("Weight decay and warm-up"),
        {"base": ADAM, "stages": [DECAY, WARM_UP]},
        T("The rate rises over 1000 updates, falls to a tenth at 2000 and stays there."),
    ),
    Example(
        "large_batches",
        T("For large batches"),
        {"base": ADAM, "stages": [ACCUMULATE, DECAY, ADAPTATION, WARM_UP]},
        T("LAMB, warmed up, on the mean gradient of ten micro-batches: decay stands inside the adapted direction."),
    ),
    Example(
        "lookahead",
        T("Lookahead of a lazy optimizer"),
        {"base": ADAM, "stages": [{"kind": "lazy", "mode": "update"}, {"kind": "lookahead", "every": 5, "pull": 0.5}]},
        T("Embeddings move only where a word occurred; every five updates the weights return half of the way."),
    ),
)
