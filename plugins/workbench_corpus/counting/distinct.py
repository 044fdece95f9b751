"""How many different words a stream has had, in 16 KB whatever their number.

HyperLogLog: P. Flajolet, É. Fusy, O. Gandouet & F. Meunier, AofA 2007; the standard error is 1.04 / √m, here 0.8 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

_BITS = 14
_M = 1 << _BITS
_END = np.uint64(1 << 50)
"""Ends a hash whose bits are all 0."""


class Distinct:
    """An estimate; the same word added again changes nothing. Hashes are those of this process."""

    def __init__(self) -> None:
        self._registers = np.zeros(_M, np.uint8)

    def add(self, words: Sequence[str]) -> None:
        """Takes words into account."""
        hashes = np.fromiter(map(hash, words), np.int64, len(words)).view(np.uint64)
        rest = (hashes >> np.uint64(_BITS)) | _END
        lowest = rest & (~rest + np.uint64(1))  # its lowest bit, a power of two and so exact as a float
        ranks = np.log2(lowest.astype(np.float64)).astype(np.uint8) + 1
        np.maximum.at(self._registers, hashes & np.uint64(_M - 1), ranks)

    def __len__(self) -> int:
        raw = 0.7213 / (1 + 1.079 / _M) * _M**2 / float(np.exp2(-self._registers.astype(float)).sum())
        empty = int(np.count_nonzero(self._registers == 0))
        return round(_M * math.log(_M / empty) if raw <= 2.5 * _M and empty else raw)
