"""What is found in many documents: words, counts, tokens in their order; and of whom it is asked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .lattice.numbering import Numbering

Ids = NDArray[np.int32]
Ints = NDArray[np.int64]


class Cutter(Protocol):
    """What is needed of `cutting.Cutter`; see there."""

    @property
    def numbering(self) -> Numbering | None:
        """Tokens as numbers, where the tokenizer has them."""

    @property
    def counts_all(self) -> bool:
        """Whether every exact token is counted, and as it is."""

    def cut(self, text: str) -> list[str]:
        """Quick tokens, of which `settle` makes the exact counts."""

    def settle(self, counts: Counter[str]) -> Counter[str]:
        """The exact counts."""

    def tokens(self, text: str) -> list[str]:
        """The exact tokens in their order, those too that are not counted."""

    def before(self, text: str) -> str:
        """A text as it is cut."""

    def raw(self, text: str) -> list[str]:
        """Quick tokens of a text that `before` has folded."""

    def exact(self, text: str) -> list[str]:
        """The same of a text that `before` has folded."""

    def after(self, word: str) -> str:
        """A word as it is counted."""


class Words(NamedTuple):
    """Different words: first those with numbers that are the same everywhere (`lattice.stock.Names`), then others."""

    known: Ids
    others: list[str]


class Counts(Protocol):
    """Counts of tokens."""

    def add(self, text: str) -> None:
        """Counts a document or a piece of one."""

    def settled(self) -> tuple[Words, Ints]:
        """The words of all that was added, and how often they occur."""


class Stream(Protocol):
    """Tokens in their order."""

    def add(self, text: str) -> None:
        """Adds a document or a piece of one."""

    def settled(self) -> tuple[Words, Ids, Ints]:
        """w words; the place among them of every token of all documents; how many tokens each document has."""


def apart(counts: Counter[str]) -> tuple[Words, Ints]:
    """Words by name, and their counts."""
    return by_name([*counts]), np.fromiter(counts.values(), np.int64, len(counts))


def by_name(words: list[str]) -> Words:
    """Words of which none has a number."""
    return Words(np.zeros(0, np.int32), words)
