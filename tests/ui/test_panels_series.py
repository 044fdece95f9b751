"""Curves of any length: what is drawn of them, and that growing costs only what is new."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.events import POINT
from workbench.ui.panels.plot import ranges
from workbench.ui.panels.plot.columns import RAW, THIN, banded, smoothed, thinned
from workbench.ui.panels.plot.series import BLOCK, Series
from workbench.ui.panels.plot.view import View


def points(values: Any) -> Any:
    made = np.zeros(len(values), POINT)
    made["step"], made["value"] = np.arange(len(values)), values
    return made


def series(values: Any) -> Series:
    made = Series()
    made.take(points(values))
    return made


def test_a_short_curve_is_drawn_as_it_is() -> None:
    x, y = series([3.0, 1.0, 2.0]).drawn(0, 2, 100)
    assert (x.tolist(), y.tolist()) == ([0, 1, 2], [3, 1, 2])


@pytest.mark.parametrize("count", [5_000, 50_000, 500_000])
def test_no_spike_is_lost(count: int) -> None:
    values = np.random.default_rng(0).normal(size=count)
    values[count // 3] = 1000
    x, y = series(values).drawn(0, count, 400)
    assert len(x) <= 2 * 400
    assert y.max() == 1000
    assert abs(x[int(y.argmax())] - count // 3) <= count / 400 * 2 + BLOCK


def test_values_that_are_no_numbers_make_no_bound() -> None:
    values = np.full(1000, np.nan)
    values[10] = 2.0
    made = series(values)
    assert (made.low, made.high) == (2, 2)
    _, y = made.drawn(0, 1000, 10)
    assert np.nanmax(y) == 2


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.integers(1, 60))
def test_growing_in_parts_is_the_same_as_all_at_once(parts: list[int], width: int) -> None:
    values = np.random.default_rng(sum(parts)).normal(size=sum(parts))
    grown, so_far = Series(), 0
    for part in parts:
        so_far += part
        grown.take(points(values)[:so_far])
    whole = series(values)
    assert (grown.low, grown.high) == (whole.low, whole.high)
    for a, b in zip(grown.drawn(0, so_far, width), whole.drawn(0, so_far, width), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_curve_that_was_replaced_is_taken_anew() -> None:
    made = series(np.arange(1000.0))
    assert not made.take(points(np.arange(1000.0)))
    assert made.take(points(np.arange(1000.0) * -1))
    assert (made.low, made.high) == (-999, 0)
    assert made.take(points(np.arange(10.0)))
    assert (made.low, made.high) == (0, 9)


def test_smoothing_begins_unbiased_and_ends_near_the_mean() -> None:
    values = 5 + np.random.default_rng(0).normal(size=20_000)
    x, y = series(values).smoothed(0, 20_000, 400, 0.99)
    assert len(x) <= 400
    assert abs(y[0] - 5) < 1
    assert np.abs(y[50:] - 5).max() < 0.2
    x, y = series([]).smoothed(0, 1, 400, 0.9)
    assert len(x) == len(y) == 0


def test_the_nearest_point_is_read() -> None:
    made = series(np.arange(0.0, 100.0, 2.0))
    assert made.at(10.4) == (10, 20)
    assert made.at(-5) == (0, 0)
    assert made.at(1e9) == (49, 98)
    assert Series().at(1) is None


def test_a_million_points_are_soon_drawn() -> None:
    values = points(np.random.default_rng(0).normal(size=1_001_000))
    made = Series()
    made.take(values[:1_000_000])
    begun = time.thread_time()
    made.take(values)
    made.drawn(0, 1_001_000, 800)
    assert time.thread_time() - begun < 0.1, "a soft bound: some 2 ms on a quiet machine"


@given(
    st.integers(0, 2**32 - 1), st.integers(0, 5000), st.integers(20, 200), st.booleans(), st.booleans(),
    st.floats(0, 0.9), st.floats(0.01, 1),
)  # fmt: skip
def test_whatever_is_in_sight_is_drawn_in_its_column(
    seed: int, count: int, width: int, log_x: bool, log_y: bool, start: float, part: float
) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.integers(-50, 10_000, count)).astype(float)
    y = rng.choice([0.0, np.nan, -3.0, 1e-3, 1.0, 500.0], count) * rng.random(count)
    low, high = (0, 4) if log_x else (-50, 10_000)
    x0 = low + start * (high - low)
    view = View(x0, x0 + part * (high - low), width=width, log_x=log_x, log_y=log_y)
    at, values = thinned(view, x, y)
    assert len(at) <= RAW * width
    across, up = view.seen(x, y)
    inside = (across >= view.x0) & (across <= view.x1) & np.isfinite(up)
    if len(at) == count or not inside.any():
        return
    begins = np.unique(at)
    column = begins[np.searchsorted(begins, x[inside], "right") - 1]
    lows = np.array([np.nanmin(values[at == each]) for each in column])
    highs = np.array([np.nanmax(values[at == each]) for each in column])
    assert ((lows <= y[inside]) & (y[inside] <= highs)).all()
    assert (view.px_x(across[inside]) - view.px_x(view.seen(column, column)[0]) <= 2 * THIN + 1e-6).all()


def test_of_a_long_line_what_is_in_sight_is_drawn_in_full() -> None:
    x = np.linspace(0, 1, 100_000)
    at, values = thinned(View(0.5, 0.51, width=400), x, np.sin(9 * x))
    assert len(at) == pytest.approx(1000, abs=5)
    assert values == pytest.approx(np.sin(9 * at))


def test_of_a_long_band_all_that_it_holds_is_filled() -> None:
    rng = np.random.default_rng(0)
    x, middle = np.linspace(0, 1, 100_000), rng.normal(size=100_000)
    at, low, high = banded(View(0, 1, width=400), x, middle - 1, middle + 1)
    assert len(at) <= 400
    assert (low[np.searchsorted(at, x, "right") - 1] <= middle - 1).all()
    assert (high[np.searchsorted(at, x, "right") - 1] >= middle + 1).all()


@pytest.mark.parametrize("logs", [{"log_x": True}, {"log_y": True}, {"log_x": True, "log_y": True}])
def test_a_smoothed_curve_lies_within_what_log_axes_show(logs: Any) -> None:
    steps = np.arange(20_000)
    values = np.where(steps % 5, 0.5, -30.0)
    at, means = smoothed(View(0, 4.3 if "log_x" in logs else 20_000, width=400, smoothing=0.9, **logs), steps, values)
    assert 100 < len(at) <= 401
    assert at[0] == ("log_x" in logs)
    if "log_y" in logs:
        assert means == pytest.approx(0.5)
    assert [len(each) for each in smoothed(View(**logs), [], [])] == [0, 0]


def test_ranges_stay_grow_with_room_and_shrink() -> None:
    now = ranges.fit(None, 0, 10)
    assert now == pytest.approx((-0.4, 10.4))
    assert ranges.fit(now, 0, 10.2) is now
    grown = ranges.fit(now, 0, 12)
    assert grown[1] > 13
    assert ranges.fit(grown, 0, 13) is grown
    assert ranges.fit(grown, 0, 1)[1] < 1.1


def test_an_end_that_still_serves_stays_when_the_other_is_passed() -> None:
    now = ranges.close(0, 10)
    low, high = ranges.fit(now, 3, 12)
    assert low == now[0]
    assert high > 12


def test_a_range_comes_to_rest_over_data_of_one_distribution() -> None:
    rng, now, moved = np.random.default_rng(0), None, 0
    for _ in range(300):
        values = rng.normal(size=2000)
        before, now = now, ranges.fit(now, values.min(), values.max())
        moved += now is not before
    assert moved < 8


def test_a_range_forgets_what_early_data_needed() -> None:
    rng, axis = np.random.default_rng(0), ranges.Following()
    for k in range(300):
        values = rng.normal(scale=1.6 if k < 10 else 1, size=2000)
        low, high = axis.take(values.min(), values.max(), 0.04, k / 30)
        assert low <= values.min()
        assert values.max() <= high
    assert -6.5 < low < -3
    assert 3 < high < 6.5


def test_a_range_under_a_hand_only_grows() -> None:
    axis = ranges.Following()
    wide = axis.take(0, 10, 0.04, 0)
    assert all(axis.take(0, 1, 0.04, k / 30, growing=True) is wide for k in range(300))
    assert axis.take(0, 20, 0.04, 10, growing=True)[1] > 20


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (3, 3),
        (0, 0),
        (np.nan, 1),
        (np.inf, -np.inf),
        (1e300, 1e300),
        (-1e-300, 1e-300),
        (1e308, 1e308),
        (-1e308, 1e308),
    ],
)
def test_no_range_is_empty_or_without_end(low: float, high: float) -> None:
    found = ranges.fit(ranges.close(0, 1), *ranges.close(low, high))
    assert found[1] > found[0]
    assert np.isfinite([*found, found[1] - found[0]]).all()
