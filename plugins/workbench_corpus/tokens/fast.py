"""rjieba brought to jieba's tokens. It differs in three things.

Of characters and signs outside all words jieba's model makes numbers, runs of letters and what stands between them;
rjieba keeps `github.com` and `F-35` whole. That depends on the token alone, so it may as well be done to a table of
counts: `exact`. And rjieba joins rare ideographs that to jieba are signs, each by itself: the text is cut around them.
And of two guesses of new words that are equally likely it may take another: see `ties`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import ties

if TYPE_CHECKING:
    from .lattice.numbering import Numbering

ASCII = re.compile(r"[a-zA-Z0-9+#&._%\-]{2,}")
STOCK = ("AT&T", "C#", "C++", "c#", "c++")
"""The words of jieba's own dictionary that are made of these."""
_NUMBER = r"[a-zA-Z0-9]+(?:\.\d+)?%?"
_NUMBERS, _ONE = re.compile(f"({_NUMBER})"), re.compile(_NUMBER)
_JOINED = re.compile(r"[a-zA-Z0-9](?<![a-zA-Z0-9]{2})[a-zA-Z0-9]*+(?:[._\-][a-zA-Z0-9]++)+%?")
"""What rjieba keeps whole; each character is looked at a few times at most, however long the run."""
_RARE = re.compile("([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ud800-\udfff])")
"""Ideographs that are none to jieba, and halves of characters, which rjieba refuses."""
_HAN = re.compile(r"[\u4E00-\u9FD5]+")
"""What the model guesses words of; a deleted one that it guesses none the less jieba splits into characters."""
_TWICE = 3
"""What jieba sums up twice without any other words: its dictionary holds B超 two times."""


class Rjieba:
    """jieba in accurate mode. dictionary: see `words.spec`."""

    def __init__(self, spec: Mapping[str, Any], dictionary: Mapping[str, Any] | None = None) -> None:
        self._hmm: bool = spec["hmm"]
        self._dictionary = dictionary
        self._deleted = [word for word, frequency, _ in self._words if not frequency]
        self._whole = frozenset(dictionary["whole"] if dictionary else STOCK)
        self._forced = frozenset(filter(_HAN.fullmatch, self._deleted))
        self.cache_folder = ""
        self.exact = self._exact if self._hmm else None
        self.sure = self._sure if not self._forced else None

    @cached_property
    def numbering(self) -> Numbering:
        """The same tokens as numbers, for many texts at once; made when it is asked for, by name as `_jieba` is: who
        needs the one seldom needs the other, and each takes its time and memory."""
        module = importlib.import_module(".lattice.numbering", __package__)
        made: Numbering = module.Numbering(self._hmm, self._dictionary, self._forced, self.cache_folder)
        return made

    @cached_property
    def _jieba(self) -> Any:
        added = [(word, frequency) for word, frequency, _ in self._words if frequency and ties.BLOCK.fullmatch(word)]
        slack = self._dictionary["slack"] if self._dictionary else _TWICE
        return importlib.import_module(".segmenter", __package__).segmenter(added, self._deleted, slack)

    @property
    def _words(self) -> Sequence[tuple[str, int, str]]:
        return self._dictionary["words"] if self._dictionary else ()

    def cut(self, text: str) -> list[str]:
        """Tokens as rjieba gives them, save that rare ideographs stand by themselves and that ties go as in jieba."""
        if _RARE.search(text) is None:
            return self._cut(text)
        parts = _RARE.split(text)  # what stands between, and by turns the rare ones
        return [token for k, part in enumerate(parts) for token in ((part,) if k % 2 else self._cut(part))]

    def _cut(self, text: str) -> list[str]:
        tokens: list[str] = []
        done = 0
        for begin, end in ties.runs(text, self._jieba) if self._hmm else ():
            tokens += self._plain(text[done:begin])
            tokens += ties.taken(text[begin:end], self._jieba)
            done = end
        return tokens + self._plain(text[done:])

    def _plain(self, text: str) -> list[str]:
        tokens: list[str] = self._jieba.cut(text, self._hmm) if text else []
        return tokens

    def _sure(self, text: str) -> bool:
        """Whether all tokens of a text are exact as they are: numbers are all that is joined in it."""
        return all(map(_ONE.fullmatch, _JOINED.findall(text)))

    def doubtful(self, tokens: Iterable[str]) -> list[str]:
        """Those that may stand for others."""
        return [token for token in tokens if token.isascii() or token in self._forced]

    def _exact(self, token: str) -> Sequence[str]:
        """The tokens that jieba makes of one of rjieba's."""
        if token in self._forced:
            return tuple(token)
        if token in self._whole or ASCII.fullmatch(token) is None:
            return (token,)
        return [part for part in _NUMBERS.split(token) if part]
