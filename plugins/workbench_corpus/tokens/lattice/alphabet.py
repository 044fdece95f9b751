"""Texts as arrays of codes, and what jieba takes each character for."""

from __future__ import annotations

import string

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint16]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
CODES = 1 << 16
BEYOND = CODES - 1
"""Stands for every character beyond the first plane; it is itself none."""
OTHER, HAN, LETTER, SIGN = range(4)
"""What no word is made of; then what the parts of runs are: ideographs, ASCII letters and digits, and signs."""


def _kinds() -> NDArray[np.uint8]:
    kinds = np.full(CODES, OTHER, np.uint8)
    kinds[0x4E00:0x9FD6] = HAN
    kinds[[*map(ord, string.ascii_letters + string.digits)]] = LETTER
    kinds[[*map(ord, "+#&._%-")]] = SIGN
    return kinds


KIND = _kinds()
"""The kind of each code, as in jieba's `re_han_default`."""


def codes(text: str) -> Codes:
    """The codes of a text of n characters, halves of characters too, and a 0 that ends them: (n + 1,)."""
    ended = text + "\0"
    narrow = ended.encode("utf-16-le", "surrogatepass")
    if len(narrow) == 2 * len(ended):
        return np.frombuffer(narrow, np.uint16)
    wide = np.frombuffer(ended.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(wide, BEYOND).astype(np.uint16)


def stretches(flags: Flags) -> tuple[Ints, Ints]:
    """Where neighbours are all true: the first places, and those after the last ones."""
    around = np.concatenate([[False], flags, [False]])
    turns = np.flatnonzero(around[1:] != around[:-1])
    return turns[::2], turns[1::2]


def spread(begins: Ints, lengths: Ints) -> Ints:
    """All places of stretches, one stretch after the other."""
    before = np.cumsum(lengths) - lengths
    return np.asarray(np.arange(int(lengths.sum())) + np.repeat(begins - before, lengths))
