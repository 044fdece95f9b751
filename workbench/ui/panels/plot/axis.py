"""An axis: which places are named, so that no name lies on another. pyqtgraph has no types."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg

Ticks = list[tuple[float | None, list[float]]]
_ROUND = frozenset({2, 5})


class Axis(pg.AxisItem):  # type: ignore[misc]
    """pyqtgraph's, on which logarithmic places come in levels and names have room."""

    def _updateLabel(self) -> None:  # noqa: N802 - its name
        """It has no title, whose empty text pyqtgraph would lay out at every change of range, size or colour."""
        self.picture = None
        self.update()

    def logTickValues(self, low: float, high: float, size: float, linear: Any) -> Ticks:  # noqa: N802 - its name
        """Levels of logarithms: powers of ten before twos and fives before all other digits."""
        found = super().logTickValues(low, high, size, linear)
        coarse = [(spacing, list(places)) for spacing, places in found if spacing is not None]
        fine = [place for spacing, places in found if spacing is None for place in places]
        tens, rounded, rest = (
            [place for place in fine if _digit(place) in digits] for digits in ({1, 10}, _ROUND, {3, 4, 6, 7, 8, 9})
        )
        named = [*(coarse or [(1.0, tens)]), (None, rounded), (None, rest)] if fine else coarse
        self._narrow = sum(len(places) for _, places in named) < 2
        return [(None, _between(low, high))] if self._narrow else named

    def logTickStrings(self, values: Any, scale: float, spacing: Any) -> list[str]:  # noqa: N802 - its name
        """Between two powers of ten with as many digits as it takes."""
        if self._narrow:
            return [f"{10**value * scale:.10g}" for value in values]
        found: list[str] = super().logTickStrings(values, scale, spacing)
        return found

    _narrow = False


def _between(low: float, high: float) -> list[float]:
    """Logarithms of the round numbers in a range that is narrower than a digit, about four of them."""
    least, most = 10.0**low, 10.0**high
    if not 0 < most - least < math.inf:
        return []
    step = 10.0 ** math.floor(math.log10((most - least) / 2))
    step *= 2 if (most - least) / step > 8 else 1
    first, last = math.ceil(least / step), math.floor(most / step)
    return [min(max(math.log10(k * step), low), high) for k in range(first, last + 1) if k > 0]


def _digit(place: float) -> int:
    """The first digit of ten to this power."""
    return round(10 ** (place % 1))


def levels(ticks: Sequence[tuple[float, str]]) -> list[list[tuple[float, str]]]:
    """Ticks in levels, each between those before it: an axis draws as many levels as have room."""
    stride = 1 << (len(ticks) - 1).bit_length()
    found = [list(ticks[:1])]
    while stride > 1:
        found.append(list(ticks[stride // 2 :: stride]))
        stride //= 2
    return found
