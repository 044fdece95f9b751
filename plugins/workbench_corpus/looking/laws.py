"""Zipf's and Heaps' laws fitted to counts, with what they are worth.

Zipf: the r-th most frequent word has the share r^-s / H(s) of N types. s is the maximum-likelihood estimate (as in
Clauset, Shalizi & Newman, SIAM Review 51(4), 2009, for a law bounded at N): every token counts alike, so the frequent
words decide. r² is that of log frequency at ranks spaced evenly in log r, so that the tail has its say there.
Heaps: types = K · tokens^β, by least squares in log-log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_HEAD = 1000
"""Terms of the harmonic sum that are added one by one; the rest is Euler and Maclaurin's, exact to 12 digits."""
_STEEPEST = 20.0
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Law:
    """y = scale · x^exponent, and the share r2 of log y's variance that it explains: below 0 it explains nothing."""

    scale: float
    exponent: float
    r2: float

    def __call__(self, x: Any) -> Floats:
        """The fitted y at x > 0."""
        fitted: Floats = self.scale * np.asarray(x, float) ** self.exponent
        return fitted


def zipf(counts: Any) -> Law:
    """Frequency by rank, (N,) counts > 0 in falling order; exponent is −s. Raises ValueError for fewer than 2 types."""
    counts = np.asarray(counts, float)
    if len(counts) < 2:
        raise ValueError("a law needs two types at least")
    tokens = counts.sum()
    mean = float(counts @ np.log(np.arange(1, len(counts) + 1)) / tokens)  # of log rank: all that the estimate needs
    s = _least(lambda s: s * mean + np.log(harmonic(s, len(counts))), 0.0, _STEEPEST)
    law = Law(float(tokens / harmonic(s, len(counts))), -s, 0.0)
    ranks = spaced(len(counts))
    return Law(law.scale, law.exponent, _r2(counts[ranks - 1], law(ranks)))


def heaps(tokens: Any, types: Any) -> Law:
    """Types by tokens, (N,) each, > 0. Raises ValueError for fewer than 2 different numbers of tokens."""
    x, y = np.log(np.asarray(tokens, float)), np.log(np.asarray(types, float))
    if len(x) < 2 or np.ptp(x) == 0:
        raise ValueError("a law needs two points at least")
    slope = float((x - x.mean()) @ (y - y.mean()) / ((x - x.mean()) @ (x - x.mean())))
    r2 = _r2(np.exp(y), np.exp(y.mean() + slope * (x - x.mean())))
    return Law(float(np.exp(y.mean() - slope * x.mean())), slope, r2)


def spaced(n: int, most: int = 200) -> NDArray[np.int64]:
    """At most `most` different whole numbers from 1 to n, evenly spaced in the logarithm: ranks to draw."""
    numbers = np.round(np.geomspace(1, max(n, 1), most)).astype(np.int64)
    return numbers.compress(np.diff(numbers, prepend=0) > 0)  # not `unique`: it imports masked arrays


def harmonic(s: float, n: int) -> float:
    """H(s) = Σ r^-s over r = 1 … n."""
    head = float((np.arange(1, min(n, _HEAD) + 1, dtype=float) ** -s).sum())
    if n <= _HEAD:
        return head
    k, log = float(_HEAD), float(np.log(n / _HEAD))
    area = k ** (1 - s) * (np.expm1((1 - s) * log) / (1 - s) if s != 1 else log)
    return float(head + area + (n**-s - k**-s) / 2 + s * (k ** (-s - 1) - float(n) ** (-s - 1)) / 12)


def _least(f: Any, low: float, high: float) -> float:
    """Where a convex function is least, by golden section, to 1e-7."""
    a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_a, at_b = f(a), f(b)
    while high - low > 1e-7:
        if at_a < at_b:
            high, b, at_b = b, a, at_a
            a = high - _GOLDEN * (high - low)
            at_a = f(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + _GOLDEN * (high - low)
            at_b = f(b)
    return (low + high) / 2


def _r2(y: Floats, fitted: Floats) -> float:
    y, fitted = np.log(y), np.log(fitted)
    spread = float(((y - y.mean()) ** 2).sum())
    left = float(((y - fitted) ** 2).sum())
    return 1 - left / spread if spread > 0 else float(left < 1e-12)
