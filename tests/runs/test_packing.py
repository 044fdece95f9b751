"""Stored scalars: what is read back is what was reported, bit for bit, whatever the batches."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.events import POINT
from workbench.runs.packing import BLOCK, CHUNK, as_pairs, condense, fold, summarize
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace

from .conftest import header, recording


def points(values: list[float]) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    made = np.zeros(len(values), POINT)
    made["step"], made["value"] = np.arange(len(values)), values
    return made


@given(st.integers(0, 5 * CHUNK))
def test_folding_cuts_and_loses_nothing(count: int) -> None:
    given_points = points(list(range(count)))
    chunks, rest = fold(given_points)
    assert all(len(each) == CHUNK for each in chunks)
    assert len(rest) < CHUNK
    assert np.array_equal(np.concatenate([*chunks, rest]), given_points)


@given(st.lists(st.floats(allow_nan=True), min_size=1, max_size=300))
def test_a_summary_holds_low_and_high_of_each_block(values: list[float]) -> None:
    found = summarize(points(values))
    for number, pair in enumerate(found):
        block = [each for each in values[number * BLOCK : (number + 1) * BLOCK] if not np.isnan(each)]
        assert pair["step"] == number * BLOCK
        if block:
            assert (pair["low"], pair["high"]) == (min(block), max(block))
        else:
            assert np.isnan(pair["low"])
            assert np.isnan(pair["high"])


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=300), st.integers(1, 50))
def test_condensing_keeps_the_extremes(values: list[float], most: int) -> None:
    found = condense(as_pairs(points(values)), most)
    assert len(found) <= most
    assert (found["low"].min(), found["high"].max()) == (min(values), max(values))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 1500), min_size=1, max_size=8))
def test_batches_of_any_size_read_back_as_they_were(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as place:
        run = Workspace(Path(place) / "space").create(header())
        step, expected = 0, []
        generator = np.random.default_rng(len(sizes))
        with recording(run) as recorder:
            for size in sizes:
                for value in generator.normal(size=size):
                    step += 1
                    recorder.scalars(step, float(step), {"loss": value})
                    expected.append((step, float(step), value))
                recorder.flush()
        reader = Reader(run)
        assert reader.scalars("loss").tobytes() == np.array(expected, POINT).tobytes()
        assert reader.last() == ({"loss": expected[-1][2]} if expected else {})
        reader.close()


def test_not_finite_values_are_kept_exactly(run: Path, read: Callable[[Path], Reader]) -> None:
    values = [float("nan"), float("inf"), -float("inf"), -0.0, 5e-324]
    with recording(run) as recorder:
        for value in values * 300:
            recorder.scalars(2**62, 1.5, {"loss": value, "odd": float("nan")})
    found = read(run).scalars("loss")
    assert found["value"].tobytes() == np.array(values * 300).tobytes()
    assert set(found["step"]) == {2**62}
    assert np.isnan(read(run).last()["odd"])


def test_the_overview_shows_every_spike(run: Path, read: Callable[[Path], Reader]) -> None:
    count = 200_000
    values = np.sin(np.arange(count) / 500)
    values[[17, 99_999, count - 1]] = 50, -70, 90
    with recording(run) as recorder:
        for step, value in enumerate(values.tolist(), 1):
            recorder.scalars(step, time.time(), {"wave": value})
    found = read(run).overview("wave", 2000)
    assert 1000 < len(found) <= 2000
    assert found["step"][0] == 1
    assert np.all(np.diff(found["step"]) > 0)
    assert sorted(found["high"])[-2:] == [50, 90]
    assert found["low"].min() == -70
    short = read(run).overview("wave", 10)
    assert (len(short), short["low"].min(), short["high"].max()) == (10, -70, 90)


def test_the_overview_of_few_points_is_the_points(run: Path, read: Callable[[Path], Reader]) -> None:
    with recording(run) as recorder:
        for step in range(1500):
            recorder.scalars(step, 0.0, {"x": step / 7})
    found = read(run).overview("x")
    assert np.array_equal(found["low"], np.arange(1500) / 7)
    assert np.array_equal(found["low"], found["high"])
    assert len(read(run).overview("unknown")) == len(read(run).scalars("unknown")) == 0
