"""Two counts beside each other."""

from __future__ import annotations

from typing import Any

from ..artifacts import TokenIndex


def compared(one: TokenIndex, other: TokenIndex, most: int) -> list[dict[str, Any]]:
    """Words whose counts differ, those with the greatest difference first."""
    a, b = dict(one.counted()), dict(other.counted())
    differences = {word: b.get(word, 0) - a.get(word, 0) for word in a.keys() | b.keys()}
    words = sorted((word for word, change in differences.items() if change), key=lambda w: (-abs(differences[w]), w))
    return [
        {"word": word, "here": a.get(word, 0), "there": b.get(word, 0), "change": differences[word]}
        for word in words[:most]
    ]
