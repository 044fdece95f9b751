"""Numbers as a person writes them: read and shown without losing a digit, stepped sensibly. Without Qt."""

from __future__ import annotations

import math
from decimal import Decimal

from workbench.ui.forms.kinds import Bounds

SERIES = tuple(map(Decimal, ("1", "1.25", "1.6", "2", "2.5", "3.15", "4", "5", "6.3", "8")))
"""The preferred numbers of a decade: ten steps of 10^(1/10), rounded so that they read well."""


def show(value: object) -> str:
    """The shortest text that reads back as the value; 0.0002 is 2e-4, 0.999 stays 0.999."""
    if isinstance(value, bool) or not isinstance(value, float):
        return "" if value is None else str(value)
    if not math.isfinite(value):
        return repr(value)
    plain = repr(value).removesuffix(".0")
    if value != 0 and (abs(value) < 1e-3 or abs(value) >= 1e7):
        return min((_scientific(value), plain), key=len)
    return plain


def _scientific(value: float) -> str:
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    assert isinstance(exponent, int)
    written = "".join(map(str, digits)).rstrip("0")
    exponent += len(digits) - 1
    mantissa = written[0] + ("." + written[1:] if len(written) > 1 else "")
    return f"{'-' * sign}{mantissa}e{exponent}"


def read(text: str, whole: bool) -> object:
    """The number that a text is; the text itself where it is none, so that it is kept and the fault can be said."""
    text = text.strip().replace("−", "-").replace("，", ",").replace("。", ".")
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return _whole(text) if whole else text


def _whole(text: str) -> object:
    """1e4 is a whole number too."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return text
    return int(value) if value.is_finite() and value == value.to_integral_value() and value.adjusted() < 30 else text


def step(value: float, by: int, bounds: Bounds, *, whole: bool, log: bool = False, page: bool = False) -> float:
    """The value some steps further, inside the bounds; the value itself where there is no room.

    log: along `SERIES`, a page is a decade. Else by a power of ten that fits the magnitude, a page is ten steps.
    """
    if not math.isfinite(value):
        return value
    current = Decimal(repr(value))
    for _ in range(abs(by)):
        up = by > 0
        moved = _log(current, up, page) if log and (value or whole) else _linear(current, up, bounds, whole, page)
        if whole:
            moved = _whole_step(current, moved, up)
        current = _inside(current, moved, bounds, up)
    return int(current) if whole else float(current)


def _log(value: Decimal, up: bool, page: bool) -> Decimal:
    if not value:
        return Decimal(1 if up else -1)
    if value < 0:
        return -_log(-value, not up, page)
    if page:
        return value * 10 if up else value / 10
    decade = value.adjusted()
    near = [each.scaleb(decade + shift) for shift in (-1, 0, 1) for each in SERIES]
    return min(each for each in near if each > value) if up else max(each for each in near if each < value)


def _linear(value: Decimal, up: bool, bounds: Bounds, whole: bool, page: bool) -> Decimal:
    size = _step_size(value, bounds)
    size = max(size, Decimal(1)) if whole else size
    return value + (size if up else -size) * (10 if page else 1)


def _step_size(value: Decimal, bounds: Bounds) -> Decimal:
    """A tenth of the magnitude; finer, down to a hundredth, where the value is written finer."""
    if not value:
        span = (bounds.high or 0) - (bounds.low or 0) if None not in (bounds.low, bounds.high) else 10
        return Decimal("0.01") if span <= 1 else Decimal("0.1")
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    magnitude = value.adjusted()
    return Decimal(1).scaleb(max(magnitude - 2, min(magnitude - 1, exponent)))


def _whole_step(old: Decimal, new: Decimal, up: bool) -> Decimal:
    rounded = new.to_integral_value()
    return rounded if rounded != old else old + (1 if up else -1)


def _inside(old: Decimal, new: Decimal, bounds: Bounds, up: bool) -> Decimal:
    if bounds.holds(float(new)):
        return new
    edge, is_open = (bounds.high, bounds.open_high) if up else (bounds.low, bounds.open_low)
    if edge is None or is_open or (up and old > Decimal(repr(edge))) or (not up and old < Decimal(repr(edge))):
        return old
    return Decimal(repr(edge))
