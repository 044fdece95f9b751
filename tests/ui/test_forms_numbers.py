"""Numbers: no digit is lost, and a step lands where a person expects it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.forms import numbers
from workbench.ui.forms.kinds import Bounds

finite = st.floats(allow_nan=False, allow_infinity=False)
FREE = Bounds()


@given(finite)
def test_every_float_reads_back(value: float) -> None:
    assert numbers.read(numbers.show(value), whole=False) == value


@given(st.integers())
def test_every_whole_number_reads_back(value: int) -> None:
    assert numbers.read(numbers.show(value), whole=True) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2e-4, "2e-4"),
        (0.999, "0.999"),
        (1e-3, "0.001"),
        (1.0, "1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1.25e-7, "1.25e-7"),
        (1e16, "1e16"),
        (-3e-5, "-3e-5"),
        (0.0, "0"),
        (None, ""),
        ("abc", "abc"),
    ],
)
def test_what_is_shown(value: object, text: str) -> None:
    assert numbers.show(value) == text


@pytest.mark.parametrize(
    ("text", "value"), [("1e4", 10000), ("3.0", 3), ("2.5", "2.5"), ("", ""), ("−3", -3), ("1e999", "1e999")]
)
def test_whole_numbers_may_be_written_in_other_ways(text: str, value: object) -> None:
    assert numbers.read(text, whole=True) == value


@given(st.floats(1e-12, 1e12))
def test_a_log_step_is_about_a_tenth_of_a_decade_and_comes_back(value: float) -> None:
    up = numbers.step(value, 1, FREE, whole=False, log=True)
    assert value < up <= value * 1.3
    down = numbers.step(up, -1, FREE, whole=False, log=True)
    assert down <= value * (1 + 1e-12)
    assert numbers.step(down, 1, FREE, whole=False, log=True) == up


def test_ten_log_steps_are_exactly_a_decade_and_so_is_a_page() -> None:
    assert numbers.step(2e-4, 10, FREE, whole=False, log=True) == 2e-3
    assert numbers.step(2e-4, 1, FREE, whole=False, log=True, page=True) == 2e-3
    assert numbers.step(2e-4, -1, FREE, whole=False, log=True, page=True) == 2e-5
    assert numbers.step(-2e-4, 1, FREE, whole=False, log=True) == -1.6e-4


@pytest.mark.parametrize(
    ("value", "by", "result"),
    [(1.0, 1, 1.1), (0.998, 1, 0.999), (0.1, 2, 0.12), (4.5, -1, 4.4), (0.0, 1, 0.1), (30.0, 1, 31.0)],
)
def test_a_linear_step_is_a_power_of_ten_that_fits(value: float, by: int, result: float) -> None:
    assert numbers.step(value, by, FREE, whole=False) == result


@pytest.mark.parametrize(("value", "up", "page"), [(0, 1, 10), (7, 8, 17), (64, 65, 74), (4000, 4100, 5000)])
def test_whole_numbers_step(value: int, up: int, page: int) -> None:
    assert numbers.step(value, 1, FREE, whole=True) == up
    assert numbers.step(value, 1, FREE, whole=True, page=True) == page


@given(finite, st.integers(-3, 3), st.booleans(), st.booleans())
def test_a_step_never_leaves_the_bounds(value: float, by: int, log: bool, page: bool) -> None:
    bounds = Bounds(-1.0, 1.0, open_low=True)
    value = max(-0.999, min(1.0, value))
    moved = numbers.step(value, by, bounds, whole=False, log=log, page=page)
    assert bounds.holds(moved)
    assert math.isfinite(moved)


def test_a_step_stops_at_a_bound_that_can_be_reached() -> None:
    assert numbers.step(0.95, 9, Bounds(0, 1), whole=False) == 1.0
    assert numbers.step(0.999, 1, Bounds(0, 1, open_high=True), whole=False) == 0.999
    assert numbers.step(15, 9, Bounds(1, 16), whole=True) == 16
    assert numbers.step(5.0, 1, Bounds(0, 1), whole=False) == 5.0


def test_bounds_say_themselves() -> None:
    assert str(Bounds(0, 1, open_high=True)) == "[0, 1)"
    assert str(Bounds(0, None, open_low=True)) == "(0, ∞)"
    assert str(FREE) == ""
