"""Numbers as a person reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.statistics import Interval, numeral


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_has_all_its_digits(value: int) -> None:
    assert numeral(float(value)) == numeral(value) == str(value)


@given(st.floats().filter(lambda x: not (math.isfinite(x) and x.is_integer())))
def test_another_has_as_many_as_are_asked_for(value: float) -> None:
    assert numeral(value, 5) == f"{value:.5g}"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1567170.0, "1567170"), (0.5, "0.5"), (-0.0, "0"), (2.0**60, "1.15292e+18"), (math.inf, "inf"), (math.nan, "nan")],
)
def test_a_count_is_no_power_of_ten(value: float, said: str) -> None:
    assert numeral(value) == said


def test_an_interval_is_written_in_the_form_of_its_numbers() -> None:
    gain = Interval(0.12, -0.01, 0.25, 5)
    assert f"{gain:+.3f}" == "+0.120 (-0.010 … +0.250)"
    assert f"{gain:.1f}" == "0.1 (-0.0 … 0.2)"
    assert f"{gain}" == str(gain) == "0.12 ± 0.13"
