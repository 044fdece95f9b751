"""What a person sets in the laboratory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from workbench.api import Group, P, Params, Remark
from workbench.ml.optim.bases import Adam
from workbench.ml.optim.params import Lookahead, Optimizer

from ..chains import Beside, crowded
from ..surface.places import AnySurface, Rosenbrock

MOST = 6
"""Variants that are drawn beside the chain."""
Coordinate = Annotated[float, P(..., ge=-1e6, le=1e6)]


class Noise(Group):
    """What the optimizer is told instead of the gradient itself; the same for every variant."""

    sd: float = P(0.0, "Noise of a gradient", help="Its standard deviation, as of a micro-batch.", ge=0, le=1e6)
    both: float = P(
        1.0,
        "Share with both rows",
        help="Of the evaluations; the others have a gradient in x or y alone, as a rare word's row in a batch.",
        ge=0,
        le=1,
    )


class Map(Group):
    """Where each of many starts ends, under the chain."""

    shows: Literal["loss", "steps", "minimum", "nothing"] = P(
        "minimum", "The map shows", help="Which minimum is reached, after how many evaluations, or the height there."
    )
    side: int = P(200, "Starts each way", ge=10, le=400)
    steps: int = P(300, "Evaluations", ge=1, le=2000)


class Lab(Params):
    """An optimizer, a surface and a start."""

    version: int = P(2, hidden=True)
    surface: AnySurface = P(Rosenbrock(), "Surface")
    start: tuple[Coordinate, Coordinate] = P((-1.5, 2.0), "Start", help="Drag it in the plane.")
    optimizer: Optimizer = P(
        Optimizer(base=Adam(lr=0.05), stages=(Lookahead(),)),
        "Chain",
        help="The same as in every trainer's form: copy it here or there.",
    )
    compare: Beside = P(
        "base",
        "Beside it",
        help="The base alone; the chain without each of its stages; or one stage more each time.",
    )
    others: tuple[Optimizer, ...] = P((), "Other chains", help="More to compare with.", max_length=MOST)
    steps: int = P(
        500,
        "Evaluations",
        help="Of the gradient; with accumulation several make one update. For each of them L-BFGS looks several times.",
        ge=1,
        le=5000,
    )
    at: int = P(1, "Step that is taken apart", help="Click on the path.", ge=0, le=5000)
    noise: Noise = P({}, "Noise")
    map: Map = P({}, "Map of starts")

    def remarks(self) -> Sequence[Remark]:
        """Chains for which there is no room."""
        return crowded(self.optimizer, self.compare, self.others, MOST)

    @classmethod
    def migrate(cls, old: dict[str, Any]) -> dict[str, Any]:
        """Version 1 had a list of the numbers of the stages that are off."""
        off, chain = old.pop("off", ()), old.get("optimizer")
        if not isinstance(chain, dict) or not off:
            return old
        stages = [{**each, "on": k not in off} for k, each in enumerate(chain.get("stages", ()), 1)]
        return {**old, "optimizer": {**chain, "stages": stages}}
