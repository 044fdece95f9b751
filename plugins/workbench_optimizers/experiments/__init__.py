"""The statements about derived optimizers, put to the test on a small real network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.api import Arm, Experiment, P, Params, Tool

SU = "Su 2019, archives/7094"
SEEDS, FEW = tuple(range(10)), (0, 1, 2)
EVERYWHERE: dict[str, Any] = {"exclude": []}


def _arm(name: str, base: Mapping[str, Any], *stages: Mapping[str, Any], vary: Any = None, **more: Any) -> Arm:
    optimizer = {"base": dict(base), "stages": [dict(each) for each in stages]}
    params = {"optimizer": optimizer, "compare": "nothing", **more}
    return Arm(name, "optimizer-curves", params, {"seed": SEEDS, **(vary or {})})


SGD, ADAM = {"kind": "sgd", "lr": 0.1}, {"kind": "adam", "lr": 3e-3}
LAMBDA = 0.03
DECAY = {"kind": "decay", "rate": LAMBDA, **EVERYWHERE}

DECOUPLED = Experiment(
    "decoupled-decay",
    statement="Weight decay apart from the gradient differs from an L2 penalty under Adam, and not under SGD.",
    source=f"{SU}; Loshchilov and Hutter 2019, arXiv 1711.05101",
    arms=(
        _arm("SGD, L2", {**SGD, "weight_decay": LAMBDA}, steps=400),
        _arm("SGD, decay", SGD, DECAY, steps=400),
        _arm("Adam, L2", {**ADAM, "weight_decay": LAMBDA}, steps=400),
        _arm("Adam, decay", ADAM, DECAY, steps=400),
    ),
    verdict=".experiments.verdicts:decoupled",
    quick={"steps": 150},
    quick_vary={"seed": FEW},
)

RATES = {"optimizer.base.lr": (1e-2, 3e-2, 1e-1, 3e-1)}
LARGE = (1024, 4096)
LAMB = (
    *(_arm(f"plain, {n}", ADAM, {"kind": "decay"}, vary=RATES, batch=n, steps=100) for n in LARGE),
    *(
        _arm(f"adapted, {n}", ADAM, {"kind": "decay"}, {"kind": "adaptation"}, vary=RATES, batch=n, steps=100)
        for n in LARGE
    ),
)
ADAPTATION = Experiment(
    "adaptation-large-batches",
    statement="Layer adaptation helps at large batches: with 1,024 digits and more the loss ends lower, each at its "
    "best rate.",
    source=f"{SU}; You et al. 2020, arXiv 1904.00962, on BERT; on digits drawn with replacement, ours",
    arms=LAMB,
    verdict=".experiments.verdicts:adaptation",
    quick={"steps": 60},
    quick_vary={"seed": FEW},
)

HIGH = {"kind": "adam", "lr": 0.03}
DEEP = {"kind": "images", "width": 64, "depth": 5}
WARM_UP = Experiment(
    "warm-up",
    statement="A warm-up lets Adam bear a high rate: the loss ends lower than at that rate from the start.",
    source=f"{SU}; Goyal et al. 2017, arXiv 1706.02677; the rate of 0.03 and five hidden layers are ours",
    arms=(
        _arm("at once", HIGH, steps=300, task=DEEP),
        _arm("warm-up", HIGH, {"kind": "piecewise", "knots": [[100, 1.0]]}, steps=300, task=DEEP),
    ),
    verdict=".experiments.verdicts:warm_up",
    quick_vary={"seed": tuple(range(5))},
)

ACCUMULATION = Experiment(
    "accumulation-large-batch",
    statement="Accumulation over n micro-batches is one large batch: four of 32 do what one of 128 does.",
    source=SU,
    arms=tuple(
        arm
        for name, base in (("SGD", SGD), ("Adam", ADAM))
        for arm in (
            _arm(f"{name}, 4 × 32", base, {"kind": "accumulate", "batches": 4}, steps=400, batch=32, every=400),
            _arm(f"{name}, 128", base, steps=100, batch=128, every=100),
        )
    ),
    verdict=".experiments.verdicts:accumulation",
    quick_vary={"seed": FEW},
)

FAST = {"kind": "sgd", "lr": 0.3, "momentum": 0.9}
LOOKAHEAD = Experiment(
    "lookahead-steadies",
    statement="Lookahead steadies: from test to test the loss jumps less.",
    source=f"{SU}; Zhang et al. 2019, arXiv 1907.08610; SGD with momentum at a high rate, ours",
    arms=(
        _arm("fast alone", FAST, steps=600, every=4),  # in a cycle of 5 each update is tested as often as the others
        _arm("lookahead", FAST, {"kind": "lookahead"}, steps=600, every=4),
    ),
    verdict=".experiments.verdicts:lookahead",
    quick={"steps": 300},
    quick_vary={"seed": tuple(range(5))},
)

WORDS = {"kind": "words"}
LAZY = Experiment(
    "lazy-rare-words",
    statement="Lazy updates help rare embeddings: the loss where words are rare ends lower than with plain Adam.",
    source=f"{SU}; the digits as 1,088 words, ours",
    arms=(
        _arm("plain", ADAM, task=WORDS, batch=16, steps=400),
        _arm("lazy, weights", ADAM, {"kind": "lazy", "mode": "update"}, task=WORDS, batch=16, steps=400),
        _arm("lazy, with state", ADAM, {"kind": "lazy", "mode": "state"}, task=WORDS, batch=16, steps=400),
    ),
    verdict=".experiments.verdicts:lazy",
    quick_vary={"seed": tuple(range(5))},
)


class Order(Params):
    """Two stages in both orders, for each pair of a phase."""

    updates: int = P(12, "Updates", ge=1)


ORDER_TOOL = Tool(
    id="optimizer-order",
    title="The order of stages",
    params=Order,
    run=".experiments.order:run",
    description="Trains a small network under each pair of stages in both orders and measures how far apart it ends.",
    threads=1,
    hidden=True,
)
ORDER = Experiment(
    "order-of-stages",
    statement="The order of two stages matters where the form marks them, and nowhere else.",
    source=f"{SU}, whose wrappers nest; the pairs are ours",
    arms=(Arm("pairs", "optimizer-order", {}, {"seed": SEEDS}),),
    verdict=".experiments.verdicts:order",
    quick_vary={"seed": FEW},
)

EXPERIMENTS = (DECOUPLED, ADAPTATION, WARM_UP, ACCUMULATION, LOOKAHEAD, LAZY, ORDER)
