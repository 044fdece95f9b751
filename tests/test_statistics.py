"""Means and their intervals."""

from __future__ import annotations

import math

import pytest

from workbench.evidence import judged
from workbench.statistics import interval, paired, t95


def test_an_interval_is_students() -> None:
    found = interval([1.0, 2.0, 3.0, 4.0])
    assert (found.mean, found.n) == (2.5, 4)
    assert (found.low, found.high) == pytest.approx((0.4457, 4.5543), abs=1e-4)
    assert interval([7.0] * 5).low == interval([7.0] * 5).high == 7.0
    assert interval([3.0]).high == math.inf
    assert [t95(each) for each in (31, 60, 10**6)] == pytest.approx([2.0395, 2.0003, 1.96], abs=1e-4)


@pytest.mark.parametrize("values", [[math.nan], [math.nan, 1.0], [1.0, math.inf], [math.inf, -math.inf]])
def test_of_what_is_not_finite_no_interval_is_known(values: list[float]) -> None:
    found = interval(values)
    assert not math.isfinite(found.mean)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert "nan" in str(found) or "inf" in str(found)
    assert judged([paired(values, [0.0] * len(values))]) == "inconclusive"


def test_a_mean_of_huge_values_is_one() -> None:
    assert interval([1e308, 1e308, 1e308]).mean == 1e308
