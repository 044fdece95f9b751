"""Ranges that follow the data without moving at every frame.

A range that moves a little with each frame redraws its axis each time, which costs more than the curve. So a range
grows with some headroom at the end that is passed, the other one stays, and it is fitted closely when the data has
come to rest or has left much of it empty.
"""

from __future__ import annotations

import math

Range = tuple[float, float]
_PAD, _HEADROOM, _EMPTY = 0.04, 0.12, 0.4
"""Shares: of margin, of room to grow, and of a range that must be filled for it to stay."""
_FARTHEST = 1e300
"""What is larger lies outside: the greatest numbers are so far apart that no number says how far."""


def fit(now: Range | None, low: float, high: float, pad: float = _PAD) -> Range:
    """The range for data from low to high, where `now` is shown: the same while it still serves."""
    low, high = spread(low, high)
    size, bottom, top = high - low, low - pad * (high - low), high + pad * (high - low)
    if now is None:
        return bottom, top
    grown = (
        now[0] if now[0] <= low else bottom - _HEADROOM * size,
        now[1] if high <= now[1] else top + _HEADROOM * size,
    )
    if size < _EMPTY * (grown[1] - grown[0]):
        return bottom, top
    return now if grown == now else grown


def close(low: float, high: float, pad: float = _PAD) -> Range:
    """The range that fits closely."""
    return fit(None, low, high, pad)


def spread(low: float, high: float) -> Range:
    """A range that is not empty."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0.0, 1.0
    low, high = (min(max(each, -_FARTHEST), _FARTHEST) for each in (low, high))
    if high - low > 1e-9 * max(abs(low), abs(high)) and high > low:
        return low, high
    half = max(abs(low), 1.0) * 0.5
    return low - half, high + half
