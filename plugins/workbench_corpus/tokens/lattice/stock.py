"""jieba's dictionary, with words of one's own, as arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .alphabet import BEYOND, CODES, KIND, Codes, Ints, spread
from .kept import kept

Ids = NDArray[np.int32]
FORMAT = 1
"""Of what is kept of it: another with whatever changes in that or in how it is made."""


class Words(NamedTuple):
    """n words: their codes one after the other, lengths (n,), log-likelihoods (n,), -inf for a word that is none, and
    numbers (n,): those of `Names`, which are below `end`, then those of the words that are added, in their order.
    single: the log-likelihood of a character that is no word.
    """

    codes: Codes
    lengths: Ints
    weights: NDArray[np.float64]
    numbers: Ints
    single: float
    end: int


def stock() -> str:
    """The lines of jieba's dictionary, without the import of jieba: word, frequency, part of speech."""
    return _path().read_text("utf-8")


def _path() -> Path:
    found = find_spec("jieba")
    assert found is not None
    return Path(str(found.origin)).with_name("dict.txt")


def words(dictionary: Mapping[str, Any] | None) -> Words:
    """jieba's words and those of `words.spec`. A word may come twice: the last of them counts."""
    codes, lengths, frequencies = _stock()
    end = CODES + len(lengths)
    total = dictionary["total"] if dictionary else int(frequencies.sum())
    own = [(word, frequency) for word, frequency, _ in (dictionary or {"words": ()})["words"]]
    codes = np.concatenate([codes, *(_codes(word) for word, _ in own)])
    lengths = np.concatenate([lengths, np.array([len(word) for word, _ in own], np.int64)])
    frequencies = np.concatenate([frequencies, np.array([each for _, each in own], np.int64)])
    numbers = np.arange(CODES, CODES + len(lengths))
    return _found_in_runs(Words(codes, lengths, _weights(frequencies, total), numbers, -math.log(total), end))


class Names:
    """Words by numbers that are the same everywhere: of a character its code, else CODES + a line of the dictionary.

    cache: see `kept.kept`.
    """

    def __init__(self, cache: str = "") -> None:
        found = kept(cache, "names", identity(), _names)
        self._text, self._begins = found["codes"], found["begins"]

    def of(self, numbers: Ids | Ints) -> list[str]:
        """The words."""
        lines = numbers.compress(numbers >= CODES) - CODES
        begins, ends = self._begins.take(lines), self._begins.take(lines + 1)
        text = self._text.take(spread(begins, ends - begins)).astype("<u2").tobytes().decode("utf-16-le", "replace")
        at = np.cumsum(ends - begins)
        words = iter([text[begin:end] for begin, end in zip([0, *at.tolist()], at.tolist(), strict=False)])
        return [chr(number) if number < CODES else next(words) for number in numbers.tolist()]


@lru_cache(2)
def names(cache: str = "") -> Names:
    """The same again in the same process."""
    return Names(cache)


def identity() -> list[Any]:
    """What tells this dictionary of jieba's from another."""
    status = _path().stat()
    return [FORMAT, status.st_size, status.st_mtime_ns]


def _names() -> dict[str, NDArray[Any]]:
    """All words of the dictionary, and where each begins and the last one ends."""
    codes, lengths, _ = _stock()
    return {"codes": codes, "begins": np.append(0, np.cumsum(lengths))}


def _codes(text: str) -> Codes:
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(wide, BEYOND).astype(np.uint16)


def _stock() -> tuple[Codes, Ints, Ints]:
    """The dictionary's lines "word frequency tag": codes, lengths, frequencies."""
    codes = _codes(stock())
    spaces = np.flatnonzero(codes == ord(" ")).reshape(-1, 2)
    begins = np.concatenate([[0], np.flatnonzero(codes == ord("\n")) + 1])[: len(spaces)]
    lengths = spaces[:, 0] - begins
    return codes.take(spread(begins, lengths)), lengths, _numbers(codes, spaces[:, 0] + 1, spaces[:, 1])


def _numbers(codes: Codes, begins: Ints, ends: Ints) -> Ints:
    """The decimal numbers that stand from `begins` to before `ends`."""
    values = np.zeros(len(begins), np.int64)
    for k in range(int((ends - begins).max())):
        digits = codes.take(begins + k, mode="clip").astype(np.int64) - ord("0")
        values = np.where(begins + k < ends, values * 10 + digits, values)
    return values


def _weights(frequencies: Ints, total: int) -> NDArray[np.float64]:
    """The logarithms as Python's math has them: numpy's may differ in the last bit, which may decide."""
    different, which = np.unique(frequencies, return_inverse=True)
    logs = [math.log(each) - math.log(total) if each else -math.inf for each in different.tolist()]
    return np.array(logs).take(which)


def _found_in_runs(words: Words) -> Words:
    """Without words that hold other characters, which are found in no text."""
    begins = np.cumsum(words.lengths) - words.lengths
    inside = np.logical_and.reduceat(KIND.take(words.codes) > 0, begins)
    codes = words.codes.compress(np.repeat(inside, words.lengths))
    lengths, weights, numbers = (each.compress(inside) for each in words[1:4])
    return words._replace(codes=codes, lengths=lengths, weights=weights, numbers=numbers)
