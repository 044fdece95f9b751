"""rjieba brought to exactly jieba's tokens. It differs in two things, both of which are undone here.

Of characters and signs outside all words jieba's model makes numbers, runs of letters and what stands between them;
rjieba keeps `github.com` and `F-35` whole. That depends on the token alone, so it may as well be done to a table of
counts: `exact`. And rjieba joins rare ideographs that to jieba are signs, each by itself: the text is cut around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import rjieba

BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")
"""What jieba's words can be made of; a word with other characters is never found in a text."""
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
_NOWHERE = "\ue000"
"""A word that no text can be cut into: it bears the frequencies that jieba sums up twice. Without it the sum is not
jieba's, the rounding of its logarithm is another, and 明明明 is cut in another place.
"""
_TWICE = 3
"""What that is without any other words: jieba's dictionary holds B超 two times."""


class Rjieba:
    """jieba in accurate mode. dictionary: see `words.spec`."""

    def __init__(self, spec: Mapping[str, Any], dictionary: Mapping[str, Any] | None = None) -> None:
        self._hmm: bool = spec["hmm"]
        words = dictionary["words"] if dictionary else []
        deleted = [word for word, frequency, _ in words if not frequency]
        self._jieba = _without(deleted)
        for word, frequency, _ in words:
            if frequency and BLOCK.fullmatch(word):
                self._jieba.add_word(word, frequency, None)
        self._jieba.add_word(_NOWHERE, dictionary["slack"] if dictionary else _TWICE, None)
        self._whole = frozenset(dictionary["whole"] if dictionary else STOCK)
        self._forced = frozenset(filter(_HAN.fullmatch, deleted))
        self.exact = self._exact if self._hmm else None
        self.sure = self._sure if not self._forced else None

    def cut(self, text: str) -> list[str]:
        """Tokens as rjieba gives them, save that rare ideographs stand by themselves."""
        if _RARE.search(text) is None:
            return self._jieba.cut(text, self._hmm)
        parts = _RARE.split(text)  # what stands between, and by turns the rare ones
        return [token for k, part in enumerate(parts) for token in ((part,) if k % 2 else self._cut(part))]

    def _cut(self, text: str) -> list[str]:
        return self._jieba.cut(text, self._hmm) if text else []

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


def stock() -> str:
    """The lines of jieba's dictionary, without the import of jieba: word, frequency, part of speech."""
    found = find_spec("jieba")
    assert found is not None
    return Path(str(found.origin)).with_name("dict.txt").read_text("utf-8")
