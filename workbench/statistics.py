"""Means with 95 % intervals, and numbers as they are written: in the standard library alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

# Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom; beyond, the expansion of Abramowitz and
# Stegun 26.7.5 around the normal quantile is exact to four digits.
_T95 = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
    2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
)  # fmt: skip
_Z = 1.959964
_EXACT = 2**53
"""Up to here every whole number is a float of its own."""


@dataclass(frozen=True)
class Interval:
    """A mean of n values and its 95 % interval (Student's t); infinitely wide for a single value, not-a-number where
    values are not finite."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        spread = (self.high - self.low) / 2
        return f"{self.mean:.4g} ± {spread:.2g}" if self.n > 1 else f"{self.mean:.4g}"

    def __format__(self, form: str) -> str:
        """Mean and interval, each number in the form that is asked for: +0.120 (+0.101 … +0.139) by `+.3f`."""
        return f"{self.mean:{form}} ({self.low:{form}} … {self.high:{form}})" if form else str(self)


def numeral(value: float, digits: int = 6) -> str:
    """A whole number of at most 2^53 with all its digits, which is often a count; another to `digits` of them."""
    return str(int(value)) if abs(value) <= _EXACT and value == int(value) else f"{value:.{digits}g}"


def t95(degrees: int) -> float:
    """The half width of a 95 % interval in standard errors."""
    if degrees <= len(_T95):
        return _T95[degrees - 1]
    z, v = _Z, degrees
    return z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)


def interval(values: Sequence[float]) -> Interval:
    """The mean of `values` with its interval. Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    n = len(values)
    if not all(map(math.isfinite, values)):
        return Interval(sum(values), math.nan, math.nan, n)
    middle = float(mean(values))  # exact: a sum of huge values is no float
    half = t95(n - 1) * stdev(values) / math.sqrt(n) if n > 1 else math.inf
    return Interval(middle, middle - half, middle + half, n)


def paired(a: Sequence[float], b: Sequence[float]) -> Interval:
    """The mean of a − b, pair by pair. Raises ValueError for sequences of different lengths."""
    return interval([x - y for x, y in zip(a, b, strict=True)])
