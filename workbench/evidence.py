"""A statement put to the test: its declaration, the runs that test it, and what they say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from typing import Any, Literal, Protocol

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from workbench.params import P, Params
from workbench.statistics import Interval
from workbench.tool import Tool

Outcome = Literal["held", "did not hold", "inconclusive"]
_RECORD = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_RECORD)
class Arm:
    """One side of an experiment: a tool, its parameters, and what varies from run to run.

    vary: values by dotted path; every combination is a run. Arms that vary the same are paired run by run.
    """

    name: str
    tool: str
    params: Mapping[str, Any] = field(default_factory=dict)
    vary: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, config=_RECORD)
class Experiment:
    """A statement of an article, a paper, or ours, that runs can test on this machine.

    verdict: "module:function"(evidence: Evidence, context) -> Verdict, run in a worker. quick, quick_vary: parameters
    and variation that replace those of every arm when there is little time.
    """

    id: str
    statement: str
    source: str
    arms: tuple[Arm, ...]
    verdict: str
    quick: Mapping[str, Any] = field(default_factory=dict)
    quick_vary: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


class Trial(Protocol):
    """One finished run of an arm."""

    @property
    def id(self) -> str:
        """The run's id."""

    @property
    def params(self) -> Mapping[str, Any]:
        """Its parameters, as recorded."""

    @property
    def metrics(self) -> Mapping[str, float]:
        """The last value of every scalar."""

    def scalars(self, name: str) -> Any:
        """A scalar along the steps: an array with the fields step, wall and value."""


class Evidence(Protocol):
    """The finished runs of an experiment."""

    def trials(self, arm: str) -> Sequence[Trial]:
        """The runs of an arm, in the order of what varies; those that failed are missing."""

    def metric(self, arm: str, name: str) -> list[float]:
        """A metric of the runs of an arm; of two arms, paired by what varies. Raises UserError where a run lacks it."""


@plain_dataclass(frozen=True)
class Verdict:
    """What the runs say: held, did not hold or inconclusive, in one sentence (marked by T), with the numbers."""

    outcome: Outcome
    text: str
    numbers: Mapping[str, Interval | float] = field(default_factory=dict)


class VerdictParams(Params):
    """What the job that judges an experiment is told."""

    experiment: str = P(..., "Experiment")
    arms: dict[str, tuple[str, ...]] = P({}, "Runs of each arm")
    quick: bool = P(False, "Quick")


VERDICT = Tool(
    id="verdict",
    title="Verdict of an experiment",
    params=VerdictParams,
    run="workbench.experiments:judge",
    description="Judges the finished runs of an experiment; started by `workbench experiment`.",
    hidden=True,
)
"""The host's own tool: a verdict is a job and is kept as a run like any other."""


def judged(gains: Sequence[Interval]) -> Outcome:
    """Held where all are above zero, did not hold where any is below: of 95 % intervals of what a statement claims."""
    if all(gain.low > 0 for gain in gains):
        return "held"
    return "did not hold" if any(gain.high < 0 for gain in gains) else "inconclusive"
