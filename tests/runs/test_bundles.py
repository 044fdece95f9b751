"""Bundles of scalars: what was reported, bit for bit and in order, wherever it was packed and however it was joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.events import POINT, Event, decode, encode
from workbench.runs.bundles import Bundle, bundle, joined

NAMES = st.sampled_from(["loss", "loss/d", "time/step", "准确率"])
REPORT = st.dictionaries(NAMES, st.floats(allow_nan=True, width=64), min_size=1, max_size=4)
STEP = st.integers(-(2**63) + 1, 2**63 - 1)


@given(st.lists(st.tuples(STEP, st.floats(0, 1e10), REPORT), max_size=40))
def test_reports_become_one_series_each_in_order(reports: list[tuple[int, float, dict[str, float]]]) -> None:
    expected: dict[str, list[tuple[int, float, float]]] = {}
    for step, wall, values in reports:
        for name, value in values.items():
            expected.setdefault(name, []).append((step, wall, value))
    found = bundle(reports).series()
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        assert found[name].tobytes() == np.array(rows, POINT).tobytes()


@given(st.lists(st.tuples(STEP, st.floats(0, 1e10), REPORT), min_size=1, max_size=40), st.booleans())
def test_a_bundle_travels_and_is_the_same_series(reports: list[tuple[int, float, dict[str, float]]], one: bool) -> None:
    reports = [(step, wall, reports[0][2]) for step, wall, _ in reports] if one else reports
    made = bundle(reports)
    came = decode(encode(Event("scalars", data=made.data, arrays=made.arrays)))
    found, expected = Bundle(came.data.get("names", ()), came.arrays).series(), made.series()
    assert {name: each.tobytes() for name, each in found.items()} == {k: v.tobytes() for k, v in expected.items()}
    assert all(each.dtype == POINT for each in found.values())


@given(st.lists(st.lists(st.tuples(STEP, st.floats(0, 1e10), REPORT), min_size=1, max_size=6), min_size=1, max_size=8))
def test_bundles_joined_hold_the_same_in_the_same_order(
    batches: list[list[tuple[int, float, dict[str, float]]]],
) -> None:
    found = joined([bundle(batch) for batch in batches])
    expected = bundle([report for batch in batches for report in batch])
    assert {name: each.tobytes() for name, each in found.items()} == {
        name: each.tobytes() for name, each in expected.series().items()
    }
    columns = {name: (steps, values) for name, steps, values in expected.columns()}
    assert columns.keys() == found.keys()
    for name, (steps, values) in columns.items():
        assert steps == found[name]["step"].tolist()
        assert np.array_equal(values, found[name]["value"], equal_nan=True)
        assert np.array_equal(expected.newest()[name], values[-1], equal_nan=True)
    assert max(steps[-1] for steps, _ in columns.values()) == expected.step


@pytest.mark.parametrize("value", [None, "1.5"])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        bundle([(1, 0.0, {"loss": value})])  # type: ignore[dict-item]
