"""What is known of a flight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .slope import Pair

Part = tuple[str, Pair]


@dataclass
class Track:
    """places: the start, and where the point is after each evaluation; the flight ends early where there is nothing
    to go on with. slow, average: what lookahead and average keep, if they are there. ratios: ‖θ‖/‖h‖ of the last
    update; rates: what the base's direction h was multiplied by in it. parts: of the chosen evaluation, what base and
    stages contributed, one after the other: `(name, (dx, dy))`. updates, evaluations: how many there were; L-BFGS
    evaluates several times on the way to one place.
    """

    places: list[Pair]
    slow: list[Pair] = field(default_factory=list)
    average: list[Pair] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    updates: int = 0
    evaluations: int = 0


def as_array(places: Sequence[Pair]) -> NDArray[np.float64]:
    """(T, 2), in half the time that numpy takes for a list of pairs."""
    return np.fromiter(chain.from_iterable(places), float, 2 * len(places)).reshape(-1, 2)
