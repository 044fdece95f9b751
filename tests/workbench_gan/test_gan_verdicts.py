"""Verdicts over measurements that are given: what holds, what does not, what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from workbench_gan.experiments import OVERHEAD, RING, verdicts
from workbench_gan.params import GAN

from tests.ui.sources import Fake
from workbench.api import Evidence
from workbench.events import POINT

CHEAP, DEAR, WILD, DEARER = [1.03, 1.04, 1.05], [1.2, 1.21, 1.22], [0.9, 1.0, 1.15], [1.0, 1.2, 1.6]


@dataclass
class Trial:
    """A run, of whose rounds one number each is known."""

    rounds: Sequence[float]
    id: str = "run"
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)

    def scalars(self, _name: str) -> Any:
        points = np.zeros(len(self.rounds), POINT)
        points["value"] = self.rounds
        return points


@dataclass
class Told(Evidence):
    """By arm, a number of every run."""

    values: Mapping[str, Sequence[float]]

    def trials(self, arm: str) -> list[Trial]:
        return [Trial([0.0, value, 9.0]) for value in self.values[arm]]  # the median of its rounds

    def metric(self, arm: str, name: str) -> list[float]:
        return [8.0] * len(self.values[arm]) if name == "modes" else list(self.values[arm])


@pytest.mark.parametrize(
    ("digits", "ring", "outcome"),
    [
        (CHEAP, CHEAP, "held"),
        (DEAR, CHEAP, "did not hold"),
        (CHEAP, DEAR, "did not hold"),
        (CHEAP, WILD, "inconclusive"),  # dearer on the average is digits
        (DEAR, DEARER, "did not hold"),  # though of the dearer of both nothing can be told
    ],
)
def test_every_kind_of_data_must_stay_below_the_bound(digits: list[float], ring: list[float], outcome: str) -> None:
    found = verdicts.overhead(Told({"digits": digits, "ring8": ring}), Fake().report)
    assert found.outcome == outcome
    assert set(found.numbers) == {arm.name for arm in OVERHEAD.arms}


def test_steps_are_timed_where_the_processor_takes_the_time() -> None:
    """It is the processor's time that is measured: of steps on a GPU it would be that of asking for them."""
    assert {GAN.model_validate(arm.params).device for arm in OVERHEAD.arms} == {"cpu"}


@pytest.mark.parametrize(
    ("gain", "without", "outcome"),
    [
        ([0.02, 0.03, 0.04], [0.02, 0.03, 0.04], "held"),
        ([0.02, 0.03, 0.04], [-0.05, 0.0, 0.06], "inconclusive"),
        ([0.02, 0.03, 0.04], [-0.04, -0.03, -0.02], "did not hold"),
    ],
)
def test_the_cascade_must_gain_with_the_penalty_and_without(
    gain: list[float], without: list[float], outcome: str
) -> None:
    plain = [0.1, 0.5, 0.9]  # seeds differ by more than heads do: it is the pairs that tell
    told = {"plain": plain, "plain, no R1": plain}
    told |= {"cascade": [a + b for a, b in zip(plain, gain, strict=True)]}
    told |= {"cascade, no R1": [a + b for a, b in zip(plain, without, strict=True)]}
    assert set(told) == {arm.name for arm in RING.arms}
    assert verdicts.ring(Told(told), Fake().report).outcome == outcome
