"""Where a text stands in a corpus of tokens, however it was cut there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..artifacts import Ints, TokenIndex
from ..tokens import folding

MOST = 256
"""Ways of cutting a text that are looked for."""
Reading = tuple[int, ...]
"""A way of cutting a text: ranks of words."""
R = TypeVar("R")


@dataclass(frozen=True)
class Hits:
    """Occurrences in the order of the corpus. starts (H): of the first token; readings (H): which of `ways` each is.

    texts: what was looked for; owners (ways): to which of these each way belongs.
    """

    texts: Sequence[str]
    ways: Sequence[Reading]
    owners: Ints
    starts: Ints
    readings: Ints

    @property
    def lengths(self) -> Ints:
        """How many tokens each has; (H,)."""
        return np.array([len(way) for way in self.ways], np.int64)[self.readings]

    def of_each(self) -> Ints:
        """Occurrences of each way; (ways,)."""
        return np.bincount(self.readings, minlength=len(self.ways))

    def of_text(self, k: int) -> Ints:
        """The first tokens of a text's occurrences, rising."""
        found: Ints = self.starts[self.owners[self.readings] == k]
        return found

    def taken(self, which: NDArray[Any]) -> Hits:
        """Only these, in this order."""
        return replace(self, starts=self.starts[which], readings=self.readings[which])


def find(index: TokenIndex, text: str, heed: Callable[[], None]) -> Hits:
    """Every occurrence of a text, or of several with | between, that begins and ends where words do, in one document.

    With spaces inside, the words between them as they stand. What no words of the corpus make up is folded as the
    corpus was. heed: called between two searches.
    """
    texts, fold = alternatives(text), folding.whole(index.about.get("words", {}))
    known: dict[Reading, int] = {}
    for k, each in enumerate(texts):
        ways = _ways(index, each) or _ways(index, fold(each))
        known |= {way: k for way in ways if way not in known}
    found, everywhere = [], cache(lambda rank: np.flatnonzero(index.ids == rank).astype(np.int64))
    for way in known:
        heed()
        found.append(places(index, way, everywhere))
    starts = np.concatenate([*found, np.zeros(0, np.int64)])
    which = np.repeat(np.arange(len(found)), [len(each) for each in found])
    owners = np.array(list(known.values()), np.int64)
    return Hits(texts, list(known), owners, starts, which).taken(np.argsort(starts, kind="stable"))


def alternatives(text: str) -> list[str]:
    """The texts between |, each once; | itself where there is nothing else."""
    return list(dict.fromkeys(each.strip() for each in text.split("|") if each.strip())) or text.split()


def _ways(index: TokenIndex, text: str) -> list[Reading]:
    """How a text may stand in the corpus; a word stands for all that it is with something added."""
    if not index.bares:
        return ways_of(text, index.ranks)
    return list(islice((way for each in ways_of(text, index.alike) for way in product(*each)), MOST))


def ways_of(text: str, ranks: Mapping[str, R]) -> list[tuple[R, ...]]:
    """How a text may be cut: with spaces inside just so, otherwise in any way."""
    words = text.split()
    if len(words) > 1 and all(word in ranks for word in words):
        return [tuple(ranks[word] for word in words)]
    return list(readings(text, ranks))


def readings(text: str, ranks: Mapping[str, R]) -> Iterator[tuple[R, ...]]:
    """The ways to write a text with words that the corpus has, long first words first; `MOST` at most."""
    left, fit = MOST, _fit(text, ranks)

    def cut(start: int, before: tuple[R, ...]) -> Iterator[tuple[R, ...]]:
        nonlocal left
        if start == len(text):
            left -= 1
            yield before
        for end in range(len(text), start, -1):
            if end in fit and text[start:end] in ranks and left > 0:
                yield from cut(end, (*before, ranks[text[start:end]]))

    return cut(0, ()) if text else iter(())


def _fit(text: str, ranks: Mapping[str, Any]) -> set[int]:
    """From where the rest of a text can be written with words; without it there are endlessly many dead ends."""
    fit = {len(text)}
    for start in reversed(range(len(text))):
        if any(text[start:end] in ranks for end in fit):
            fit.add(start)
    return fit


def places(index: TokenIndex, way: Reading, everywhere: Callable[[int], Ints]) -> Ints:
    """Where these words stand one after the other within a document, rising; looked for by the rarest of them.

    everywhere: where a word stands, which all its tokens tell: many ways have the same rarest word.
    """
    rarest = int(np.argmin(index.counts[list(way)]))
    at = everywhere(way[rarest]) - rarest
    at = at[(at >= 0) & (at + len(way) <= len(index.ids))]
    for k, rank in enumerate(way):
        at = at[index.ids[at + k] == rank]
    whole: Ints = at[index.documents_of(at) == index.documents_of(at + len(way) - 1)]
    return whole
