"""Verdicts over measurements that are given: what holds, what does not, what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from workbench_corpus.speedup import verdicts
from workbench_corpus.speedup.show import geometric, said

from tests.ui.sources import Fake
from workbench.api import Evidence, UserError
from workbench.events import POINT

FAST, SLOW, WILD = [2.4, 2.5, 2.6], [0.9, 1.0, 1.1], [0.5, 2.5, 9.0]


@dataclass
class Told(Evidence):
    """One run, of whose rounds these numbers are known."""

    rounds: Mapping[str, Sequence[float]]
    id: str = "run"

    @property
    def metrics(self) -> Mapping[str, float]:
        return {name: values[-1] for name, values in self.rounds.items()}

    def scalars(self, name: str) -> Any:
        points = np.zeros(len(self.rounds[name]), POINT)
        points["value"] = self.rounds[name]
        return points

    def trials(self, arm: str) -> list[Any]:
        return [self] if arm == "rounds" else []

    def metric(self, arm: str, name: str) -> list[float]:
        if name not in self.rounds:
            raise UserError(f"no {name} in {arm}")
        return [self.metrics[name]]


def batches(jieba: list[float], pairs: list[float]) -> Told:
    return Told(
        {
            "time/jieba/batch_10/speedup": SLOW, "time/jieba/batch_1000/speedup": jieba,
            "time/chargrams/batch_10/speedup": pairs, "time/chargrams/batch_1000/speedup": [0.1, 0.1, 0.2],
            "time/jieba/naive": [1.0],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("jieba", "pairs", "outcome"),
    [(FAST, SLOW, "held"), (SLOW, FAST, "held"), (SLOW, SLOW, "did not hold"), (SLOW, WILD, "inconclusive")],
)
def test_the_best_batches_decide(jieba: list[float], pairs: list[float], outcome: str) -> None:
    source = Fake()
    found = verdicts.batching(batches(jieba, pairs), source.report)
    assert found.outcome == outcome
    assert said(geometric(jieba)) in found.text
    lines = source.frame("batching")
    assert lines is not None
    assert lines.arrays["x"].tolist() == [10, 1000]
    assert lines.arrays["y"][0, 1] == pytest.approx(np.exp(np.log(jieba).mean()))


@pytest.mark.parametrize(
    ("later", "outcome"), [(FAST, "held"), (SLOW, "inconclusive"), ([1.0, 1.0, 1.01], "did not hold")]
)
def test_the_larger_dict_decides(later: list[float], outcome: str) -> None:
    rounds = {
        f"time/{name}/{what}": later if (name, what) == ("chargrams", "update/later") else SLOW
        for name in verdicts.TOKENIZERS
        for what in ("update/later", "update/against_small", "update/slowdown", "batch_1000/speedup")
    }
    told = Told({**rounds, "types/jieba": [10], "types/chargrams": [123_456]})
    found = verdicts.growing(told, Fake().report)
    assert found.outcome == outcome
    assert "123,456" in found.text


@pytest.mark.parametrize(
    ("cores", "speedup", "given", "outcome"),
    [
        (16, [11.0, 11.1, 11.2], 0.99, "held"), (16, FAST, 0.99, "did not hold"), (2, FAST, 0.99, "inconclusive"),
        (2, SLOW, 0.99, "did not hold"), (16, FAST, 0.5, "inconclusive"), (2, SLOW, 0.5, "inconclusive"),
    ],
)  # fmt: skip
def test_few_processors_or_busy_ones_cannot_show_that_it_holds(
    monkeypatch: pytest.MonkeyPatch, cores: int, speedup: list[float], given: float, outcome: str
) -> None:
    monkeypatch.setattr(verdicts, "processors", lambda: cores)
    n = min(10, cores)
    rounds = {f"time/{name}/processes_{n}/speedup": speedup for name in verdicts.TOKENIZERS}
    rounds |= {f"time/{name}/processes_{n}/efficiency": SLOW for name in verdicts.TOKENIZERS}
    rounds["time/jieba/naive/given"] = [given, given, given]
    found = verdicts.processes(Told(rounds), Fake().report)
    assert found.outcome == outcome
    assert f"{n} processes on {cores} processors" in found.text


@pytest.mark.parametrize(("cores", "measured", "n"), [(16, (1, 16), 16), (16, (1, 16, 10), 10), (2, (1, 2, 10), 2)])
def test_the_fewest_processes_that_are_enough_decide(
    monkeypatch: pytest.MonkeyPatch, cores: int, measured: tuple[int, ...], n: int
) -> None:
    monkeypatch.setattr(verdicts, "processors", lambda: cores)
    rounds = {
        f"time/{name}/processes_{each}/{what}": [0.8 * each, 0.82 * each, 0.84 * each]
        for name in verdicts.TOKENIZERS
        for each in measured
        for what in ("speedup", "efficiency")
    }
    found = verdicts.processes(Told({**rounds, "time/jieba/naive/given": [1.0, 1.0, 1.0]}), Fake().report)
    assert f"{n} processes on {cores} processors" in found.text
    assert found.outcome == "did not hold"


def test_what_was_not_measured_is_said() -> None:
    with pytest.raises(UserError, match="processes"):
        verdicts.processes(Told({}), Fake().report)


def test_intervals_stay_positive() -> None:
    found = geometric([0.5, 2.0])
    assert found.mean == pytest.approx(1)
    assert found.low > 0
    assert found.low * found.high == pytest.approx(1)
