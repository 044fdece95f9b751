"""What becomes of neighbouring single characters: new words that are guessed, numbers, runs of letters."""

from __future__ import annotations

import re

import numpy as np

from .alphabet import HAN, LETTER, OTHER, SIGN, Flags, Ints, spread, stretches
from .edges import Edges, Text
from .guess import guess
from .routes import Steps
from .trie import Trie

_NUMBER = re.compile(r"[a-zA-Z0-9]+(?:\.\d+)?%?")
"""What jieba keeps whole of what are no ideographs."""


class LeftOver:
    """hmm: as jieba's; forced: words that are split if they are guessed."""

    def __init__(self, trie: Trie, hmm: bool, forced: frozenset[str]) -> None:
        self._trie, self._hmm, self._forced = trie, hmm, forced

    def mark(self, block: str, text: Text, words: Edges, lengths: Steps, marks: Flags) -> None:
        """Changes `marks`, where words begin by the likeliest way, to where tokens begin."""
        single = marks & (lengths == 1)
        if self._hmm:
            single &= text.kinds != OTHER
            places = spread(*self._unknown(single, words))
            if len(places):
                self._guess(block, text, places, marks)
        else:
            single &= text.kinds == LETTER
            marks[1:] &= ~(single[1:] & single[:-1])
        marks[1:] &= ~((text.codes[:-1] == ord("\r")) & (text.codes[1:] == ord("\n")))

    def _unknown(self, single: Flags, words: Edges) -> tuple[Ints, Ints]:
        """Where neighbouring single characters begin and how many they are, but for those that together are a word."""
        begins, ends = stretches(single)
        sizes = ends - begins
        more = sizes > 1
        begins, sizes = begins.compress(more), sizes.compress(more)
        size_at = np.zeros(len(single), np.int64)
        size_at[begins] = sizes
        size_at[words.places.compress(size_at.take(words.places) == words.lengths)] = 0
        two = (sizes == 2) & (self._trie.weights.take(words.pairs.take(begins)) > -np.inf)
        unknown = (size_at.take(begins) > 0) & ~two
        return begins.compress(unknown), sizes.compress(unknown)

    def _guess(self, block: str, text: Text, places: Ints, marks: Flags) -> None:
        """Ideographs by the model, what is between them by its looks."""
        kinds = text.kinds.take(places)
        han = kinds == HAN
        new = np.ones(len(places), bool)
        new[1:] = (np.diff(places) != 1) | (han[1:] != han[:-1])
        at = np.flatnonzero(new)
        sizes = np.diff(at, append=len(places))
        begins, ideographs = places.take(at), han.take(at)
        self._model(block, text, begins.compress(ideographs), sizes.compress(ideographs), marks)
        marks[places.compress(~han & ~new)] = False
        signs = np.add.reduceat(kinds == SIGN, at, dtype=np.int64)
        mixed = np.flatnonzero((signs > 0) & (signs < sizes) & ~ideographs)
        ends = begins + sizes
        found: list[int] = []
        for begin, end in zip(begins.take(mixed).tolist(), ends.take(mixed).tolist(), strict=True):
            for number in _NUMBER.finditer(block, begin, end):
                found += number.span()
        marks[found] = True

    def _model(self, block: str, text: Text, begins: Ints, sizes: Ints, marks: Flags) -> None:
        more = sizes > 1
        begins, sizes = begins.compress(more), sizes.compress(more)
        if len(begins):
            guess(text.codes, begins, sizes, marks)
        if self._forced:
            self._split(block, spread(begins, sizes), marks)

    def _split(self, block: str, places: Ints, marks: Flags) -> None:
        borders = np.flatnonzero(marks)
        begins = places.compress(marks.take(places))
        ends = borders.take(np.searchsorted(borders, begins, side="right"))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            if block[begin:end] in self._forced:
                marks[begin:end] = True
