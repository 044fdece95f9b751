"""The statements about cascading rejection, put to the test."""

from __future__ import annotations

from typing import Any

from workbench.api import Arm, Experiment, P, Tool

from ..params import GAN


class Cost(GAN):
    """A training step with the given head and one with a plain head, timed in turn."""

    rounds: int = P(30, "Rounds", help="In each, a block of steps of either kind, the order changing.", ge=2)
    block: int = P(20, "Steps in a block", ge=1)


COST = Tool(
    id="gan-cost",
    title="Cost of a head",
    params=Cost,
    run=".experiments.cost:run",
    description="Times a training step with a cascade against one with a plain head, block by block in turn.",
    threads=1,
    hidden=True,
)

SEEDS = tuple(range(5))


def _ring(**more: Any) -> dict[str, Any]:
    return {"data": "ring8", **more}


OVERHEAD = Experiment(
    "cascade-overhead",
    statement="Cascading rejection costs hardly anything: at most a tenth more time per training step.",
    source="Su 2019, archives/7105 (“marginal”); Shin et al., arXiv 1911.10979; the bound of a tenth is ours",
    arms=(
        Arm("digits", "gan-cost", {"data": "digits", "head": {"stages": 3}, "device": "cpu"}, {"seed": SEEDS}),
        Arm("ring8", "gan-cost", _ring(head={"stages": 3}, device="cpu"), {"seed": SEEDS}),
    ),
    verdict=".experiments.verdicts:overhead",
    quick={"rounds": 10},
    quick_vary={"seed": (0, 1, 2)},
)

RING = Experiment(
    "cascade-ring8",
    statement="Cascading rejection makes a GAN better: more of its samples on the ring are of high quality.",
    source="Su 2019, archives/7105; Shin et al., arXiv 1911.10979, on images; on a ring of eight, ours",
    arms=(
        Arm("plain", "gan", _ring(head={"stages": 1}), {"seed": SEEDS}),
        Arm("cascade", "gan", _ring(head={"stages": 3}), {"seed": SEEDS}),
        Arm("plain, no R1", "gan", _ring(head={"stages": 1}, regularisation={"r1": 0.0}), {"seed": SEEDS}),
        Arm("cascade, no R1", "gan", _ring(head={"stages": 3}, regularisation={"r1": 0.0}), {"seed": SEEDS}),
    ),
    verdict=".experiments.verdicts:ring",
    quick={"steps": 1500},
    quick_vary={"seed": (0, 1, 2)},
)
