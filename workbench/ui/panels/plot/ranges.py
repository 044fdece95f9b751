"""Ranges that follow the data without moving at every frame.

A range that moves a little with each frame redraws its axis each time, which costs more than the curve. So a range
grows with some headroom at the end that is passed, the other one stays, and it is fitted closely when the data has
come to rest, has left much of it empty, or has for a while not come near its ends.
"""

from __future__ import annotations

import math

Range = tuple[float, float]
_PAD, _HEADROOM, _EMPTY = 0.04, 0.12, 0.4
"""Shares: of margin, of room to grow, and of a range that must be filled for it to stay."""
_WHILE, _LOOSE = 2.0, 0.7
"""Seconds that are looked back upon, and the share of a range that data must have filled in them for it to stay."""
_FARTHEST = 1e300
"""What is larger lies outside: the greatest numbers are so far apart that no number says how far."""


class Following:
    """The range of one axis, of data that comes frame by frame."""

    def __init__(self) -> None:
        self.shown: Range | None = None
        self._low, self._high, self._since = math.inf, -math.inf, 0.0

    def take(self, low: float, high: float, pad: float, moment: float, growing: bool = False) -> Range:
        """The range for a frame with data from low to high. moment: in seconds, of any clock. growing: it does not
        shrink."""
        low, high = spread(low, high)
        self._low, self._high = min(self._low, low), max(self._high, high)
        self.shown = fit(self.shown, low, high, pad, growing)
        if moment - self._since > _WHILE and not growing:
            if self._high - self._low < _LOOSE * (self.shown[1] - self.shown[0]):
                self.shown = close(self._low, self._high, pad)
            self._forget(moment)
        return self.shown

    def renew(self) -> None:
        """The next frame is fitted closely."""
        self.shown = None

    def _forget(self, moment: float) -> None:
        self._low, self._high, self._since = math.inf, -math.inf, moment


def fit(now: Range | None, low: float, high: float, pad: float = _PAD, growing: bool = False) -> Range:
    """The range for data from low to high, where `now` is shown: the same while it still serves. growing: it does not
    shrink."""
    low, high = spread(low, high)
    size, bottom, top = high - low, low - pad * (high - low), high + pad * (high - low)
    if now is None:
        return bottom, top
    grown = (
        now[0] if now[0] <= low else bottom - _HEADROOM * size,
        now[1] if high <= now[1] else top + _HEADROOM * size,
    )
    if not growing and size < _EMPTY * (grown[1] - grown[0]):
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
