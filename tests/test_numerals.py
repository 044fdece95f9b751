"""Numbers as a person reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.statistics import numeral


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
