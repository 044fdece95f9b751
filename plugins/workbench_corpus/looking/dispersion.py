"""How evenly words are spread over the parts of a corpus: Juilland's D and Gries's DP, over a sparse table.

D: A. Juilland & E. Chang-Rodríguez, *Frequency Dictionary of Spanish Words*, 1964, over frequencies relative to the
parts' sizes, as S. Th. Gries computes it, "Dispersions and adjusted frequencies in corpora", IJCL 13(4), 2008. DP: the
same paper; DPnorm: J. Lijffijt & S. Th. Gries, IJCL 17(1), 2012.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Dispersion:
    """Sums over a table parts × words, of which only the cells with occurrences are named, in any order and number.

    sizes: tokens of each of the P parts; empty ones do not count. totals: occurrences of each of the V words in all
    parts. Memory is a few numbers a word, however many parts there are. A measure is NaN where it has no meaning: for
    a word that does not occur, and for all words where fewer than two parts have text.
    """

    def __init__(self, sizes: Any, totals: Any) -> None:
        self._sizes, self._totals = np.asarray(sizes, float), np.asarray(totals, float)
        self._shares = self._sizes / max(self._sizes.sum(), 1)
        self._parts = int(np.count_nonzero(self._sizes))
        self._sum, self._squares, self._apart, self._met = np.zeros((4, len(self._totals)))

    def add(self, parts: Any, words: Any, counts: Any) -> None:
        """Cells (M,): word `words[k]` occurs `counts[k]` > 0 times in part `parts[k]`. Each cell is added once."""
        words = np.asarray(words)
        rate = np.asarray(counts) / self._sizes[parts]
        share = self._shares[parts]
        self._sum += self._by_word(words, rate)
        self._squares += self._by_word(words, rate**2)
        self._apart += self._by_word(words, np.abs(np.asarray(counts) / self._totals[words] - share))
        self._met += self._by_word(words, share)

    def _by_word(self, words: Any, cells: Floats) -> Floats:
        sums: Floats = np.bincount(words, cells, len(self._totals)).astype(float)
        return sums

    def juilland(self) -> Floats:
        """D = 1 − V / √(P − 1), V the coefficient of variation of the rates: 1 is even, 0 all in one part; (V,)."""
        mean = self._sum / max(self._parts, 1)
        variance = np.maximum(self._squares / max(self._parts, 1) - mean**2, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            even: Floats = 1 - np.sqrt(variance) / mean / np.sqrt(self._parts - 1 if self._parts > 1 else np.nan)
        return np.clip(even, 0, 1)

    def dp(self) -> Floats:
        """DP = ½ Σ |share of the word − share of the text|: 0 is even, towards 1 all in one small part; (V,)."""
        apart: Floats = np.clip((self._apart + 1 - self._met) / 2, 0, 1)
        return np.where((self._totals > 0) & (self._parts > 1), apart, np.nan)

    def dp_norm(self) -> Floats:
        """DP / (1 − the smallest part's share): its greatest value is 1 whatever the parts; (V,)."""
        smallest = self._shares[self._shares > 0].min() if self._parts > 1 else 0.0
        return np.clip(self.dp() / (1 - smallest), 0, 1)
