"""Where guesses of new words can be equally likely: jieba's model takes one of them, rjieba's may take another.

Two guesses have the same sum where the terms are the same in another order. By the states that may follow each other
that takes two ideographs more than there are different ones: 一临临临且, not 一临且临. So few stretches have as many
that all of those are guessed once more.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any

_HAN = "[\u4e00-\u9fd5]"
_IDEOGRAPHS = re.compile(f"{_HAN}{_HAN}{_HAN}+")  # found sooner than by {3,}
BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")
"""What jieba's words can be made of; a word with other characters is never found in a text. A run of these is cut
without regard to what stands before and after."""
Stretch = tuple[int, str]
"""Where it begins in a run, and its characters."""


def runs(text: str, jieba: Any) -> Iterator[tuple[int, int]]:
    """Where runs begin and end in which guesses may be equally likely; jieba: an rjieba.Jieba, whose words count."""
    end = 0
    while found := _IDEOGRAPHS.search(text, end):
        end = found.end()
        if _twice(found[0]):
            begin, end = _around(text, *found.span())
            if any(_guessed_of(text[begin:end], jieba)):
                yield begin, end


def taken(run: str, jieba: Any) -> list[str]:
    """The tokens of a run."""
    words: list[str] = jieba.cut(run, True)
    places = {begin: place for place, begin in enumerate(accumulate(map(len, words), initial=0))}
    whole = _whole(words, jieba)
    tokens: list[str] = []
    done = 0
    for begin, stretch in _guessed_of(run, jieba):
        end = begin + len(stretch)
        if not whole.issuperset(range(begin, end)):
            tokens += words[done : places[begin]]
            tokens += _guess(stretch)
            done = places[end]
    return tokens + words[done:]


def _around(text: str, begin: int, end: int) -> tuple[int, int]:
    """The run that a part of it is in."""
    while begin and BLOCK.match(text, begin - 1, begin):
        begin -= 1
    more = BLOCK.match(text, end)
    return begin, more.end() if more else end


def _twice(run: str) -> bool:
    """Whether two characters more are in it than there are different ones."""
    return len(run) - len(set(run)) > 1


def _guessed_of(run: str, jieba: Any) -> Iterator[Stretch]:
    """The stretches of ideographs that the likeliest way leaves by themselves, if guesses of them can tie."""
    return (each for each in _joined(jieba.cut(run, False), _ideograph) if _twice(each[1]))


def _whole(words: Iterable[str], jieba: Any) -> set[int]:
    """The places of characters that jieba does not guess of, since all those left by themselves there are a word."""
    alone = _joined(words, lambda word: len(word) == 1)
    return {begin + k for begin, word in alone if jieba.has_word(word) for k in range(len(word))}


def _joined(words: Iterable[str], chosen: Callable[[str], bool]) -> Iterator[Stretch]:
    """Neighbours that are chosen."""
    begin = 0
    for wanted, group in groupby(words, chosen):
        stretch = "".join(group)
        if wanted:
            yield begin, stretch
        begin += len(stretch)


def _ideograph(word: str) -> bool:
    return len(word) == 1 and "\u4e00" <= word <= "\u9fd5"


@lru_cache(maxsize=10_000)  # 哈哈哈 comes again
def _guess(stretch: str) -> tuple[str, ...]:
    """By name, for it takes time to load and hardly any text needs it."""
    return tuple(importlib.import_module(".lattice.guess", __package__).guessed(stretch))
