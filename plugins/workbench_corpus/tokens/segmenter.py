"""rjieba with jieba's frequencies, to the last one."""

from __future__ import annotations

from collections.abc import Sequence

import rjieba

from .lattice.stock import stock

_NOWHERE = "\ue000"
"""A word that no text can be cut into: it bears the frequencies that jieba sums up twice. Without it the sum is not
jieba's, the rounding of its logarithm is another, and 明明明 is cut in another place.
"""


def segmenter(added: Sequence[tuple[str, int]], deleted: Sequence[str], slack: int) -> rjieba.Jieba:
    """rjieba with words added, others deleted, and the sum of all frequencies by so much greater."""
    made = _without(deleted)
    for word, frequency in (*added, (_NOWHERE, slack)):
        made.add_word(word, frequency, None)
    return made


def _without(deleted: Sequence[str]) -> rjieba.Jieba:
    """rjieba, or where words of the dictionary are deleted, which it cannot do, a new one that never knew them."""
    whole = rjieba.Jieba()
    gone = {word for word in deleted if whole.has_word(word)}
    if not gone:
        return whole
    made: rjieba.Jieba = rjieba.Jieba.empty()  # type: ignore[no-untyped-call]
    for line in stock().splitlines():
        word, frequency, _ = line.split(" ")
        if word not in gone:
            made.add_word(word, int(frequency), None)
    return made
