"""Optimizers with a name, as descriptions: the article's four examples (Su Jianlin, archives/7094), and three more.

Where the article names every weight in decay, norms and biases are left out here, as in its author's pre-training.
"""

from __future__ import annotations

from typing import Any

from workbench.params import Example
from workbench.texts import T

ADAM: dict[str, Any] = {"kind": "adam", "lr": 1e-3}
DECAY: dict[str, Any] = {"kind": "decay", "rate": 0.01}

EXAMPLES = (
    Example(
        "adamw",
        T("Adam with weight decay"),
        {"base": ADAM, "stages": [DECAY]},
        T("Decay that does not pass through Adam's moments: AdamW. Norms and biases are left out."),
    ),
    Example(
        "adamlr",
        T("Adam with a piecewise linear rate"),
        {"base": ADAM, "stages": [{"kind": "piecewise", "knots": [[1000, 1.0], [2000, 0.1]]}]},
        T("Warm-up: the rate rises over 1000 updates, falls to a tenth at 2000 and stays there."),
    ),
    Example(
        "adamga",
        T("Adam with gradient accumulation"),
        {"base": ADAM, "stages": [{"kind": "accumulate", "batches": 10}]},
        T("Ten micro-batches make one update, as one batch of ten times the size would."),
    ),
    Example(
        "adamla",
        T("Adam with lookahead"),
        {"base": ADAM, "stages": [{"kind": "lookahead", "every": 5, "pull": 0.5}]},
        T("Every five updates the weights return half of the way."),
    ),
    Example(
        "adamlo",
        T("Lazy Adam"),
        {"base": ADAM, "stages": [{"kind": "lazy", "mode": "update"}]},
        T("Embeddings move only where a word occurred."),
    ),
    Example(
        "adamwlr",
        T("Adam with weight decay and warm-up"),
        {"base": ADAM, "stages": [DECAY, {"kind": "piecewise", "knots": [[1000, 1.0]]}]},
        T("Two stages together: decay, and a rate that rises over 1000 updates."),
    ),
    Example(
        "lamb",
        T("LAMB for large batches"),
        {
            "base": {"kind": "adam", "lr": 1.76e-3, "eps": 1e-6},
            "stages": [
                {"kind": "accumulate", "batches": 16},
                DECAY,
                {"kind": "adaptation"},
                {"kind": "piecewise", "knots": [[3125, 1.0], [125_000, 0.0]]},
            ],
        },
        T("As BERT is trained on large batches: decay inside the adapted direction, the rate to zero at the end."),
    ),
)
