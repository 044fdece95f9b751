"""Numbers as a person reads them."""

from __future__ import annotations

_EXACT = 2**53
"""Up to here every whole number is a float of its own."""


def numeral(value: float, digits: int = 6) -> str:
    """A whole number of at most 2^53 with all its digits, which is often a count; another to `digits` of them."""
    return str(int(value)) if abs(value) <= _EXACT and value == int(value) else f"{value:.{digits}g}"
