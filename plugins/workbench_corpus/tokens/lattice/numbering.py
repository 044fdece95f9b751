"""A text as numbers of words: a known word's number is its node, another's comes after all nodes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .alphabet import BEYOND, CODES, HAN, Ints, codes
from .edges import Text, edges, text_of
from .growing import FORMAT, tables
from .kept import kept
from .left_over import LeftOver
from .routes import COLUMNS, steps, walked
from .stock import identity, words
from .trie import Trie

Ids = NDArray[np.int32]
_BLOCK = 1 << 18
"""Characters that are cut together: so many that calls cost little, so few that arrays stay near the processor."""
_BORDER = re.compile(r"\r\n|[^\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")
"""What stands between runs."""
_OTHERS = 200_000
"""Words by name whose numbers are remembered from one part of a corpus to the next."""


class Numbering:
    """jieba 0.42.1 in accurate mode. dictionary: see `words.spec`; forced: deleted words that are not to be guessed;
    cache: see `kept.kept`."""

    def __init__(
        self, hmm: bool, dictionary: Mapping[str, Any] | None, forced: Collection[str] = (), cache: str = ""
    ) -> None:
        own = [word for word, _, _ in dictionary["words"]] if dictionary else []
        key = [FORMAT, identity(), dictionary]
        self._trie = Trie(kept(cache, "words", key, lambda: tables(words(dictionary))), own, cache)
        self._left_over = LeftOver(self._trie, hmm, frozenset(forced))
        self._numbers: dict[str, int] = {}
        self._others: list[str] = []

    def __len__(self) -> int:
        """How many numbers there are: all are below that."""
        return len(self._trie.weights) + len(self._others)

    def begin(self) -> None:
        """Frees memory before a part of a corpus: numbers of words outside the dictionary may change here alone."""
        if len(self._numbers) > _OTHERS:
            self._numbers.clear()
            self._others.clear()

    def read(self, text: str, ready: Text | None = None) -> Iterator[tuple[Ints, Ids]]:
        """Block by block: where t tokens begin in the text and the last one ends (t + 1,), and their numbers (t,).

        ready: what `ready` has made of the whole text, where that is there.
        """
        for begin, end in _blocks(text):
            block = text[begin:end]
            borders, numbers = self._read(block, ready if ready and block == text else text_of(codes(block)))
            yield borders + begin, numbers

    def ready(self, text: str) -> Text | None:
        """A text for `read`; None where it is not read quickly: it is not mostly ideographs, or a run is very long."""
        ready = text_of(codes(text))
        runs = np.diff(np.flatnonzero(ready.begins))
        quick = 2 * np.count_nonzero(ready.kinds == HAN) > len(text) and runs.max(initial=0) <= COLUMNS
        return ready if quick else None

    def numbered(self, words: Sequence[str]) -> Ids:
        """The numbers of exact tokens."""
        new = [*{*words}.difference(self._numbers)]
        for word, node in zip(new, self._trie.nodes(new).tolist(), strict=True):
            self._numbers[word] = self._number(word, node)
        return np.fromiter(map(self._numbers.__getitem__, words), np.int32, len(words))

    def _number(self, word: str, node: int) -> int:
        """A character's is its code; a word's its node, if it has one."""
        if len(word) == 1 and ord(word) < BEYOND:
            return ord(word)
        if not node:
            self._others.append(word)
        return node or len(self) - 1

    def words(self, numbers: Ids | Ints) -> list[str]:
        """The words that have these numbers, which come in ascending order."""
        nodes, others = np.searchsorted(numbers, [CODES, len(self._trie.weights)])
        late = (numbers[others:] - len(self._trie.weights)).tolist()
        known = self._trie.words(numbers[nodes:others])
        return [*map(chr, numbers[:nodes].tolist()), *known, *map(self._others.__getitem__, late)]

    def everywhere(self, numbers: Ids | Ints) -> Ids:
        """The numbers that these have everywhere (see `stock.Names`), -1 for those that have none."""
        nodes = np.minimum(numbers, len(self._trie.weights) - 1)
        return np.where(numbers == nodes, self._trie.everywhere(nodes), np.int32(-1))

    def _read(self, block: str, text: Text) -> tuple[Ints, Ids]:
        found = edges(text, self._trie)
        lengths = steps(text, found, self._trie)
        marks = walked(lengths, text.begins)
        chosen = np.flatnonzero(marks.take(found.places) & (lengths.take(found.places) == found.lengths))
        found.pairs[found.places.take(chosen)] = found.nodes.take(chosen)
        self._left_over.mark(block, text, found, lengths, marks)
        borders = np.flatnonzero(marks)
        begins, sizes = borders[:-1], np.diff(borders)
        numbers = found.pairs.take(begins)
        single = np.flatnonzero(sizes == 1)
        numbers[single] = text.codes.take(begins.take(single))
        other = np.flatnonzero((sizes > 1) & (sizes != lengths.take(begins)) | (numbers == BEYOND))
        begins, ends = begins.take(other).tolist(), borders.take(other + 1).tolist()
        numbers[other] = self.numbered([block[begin:end] for begin, end in zip(begins, ends, strict=True)])
        return borders, numbers


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Equal blocks, cut where it makes no difference: a run that is longer than a block makes its block longer."""
    begin, size = 0, -(-len(text) // max(round(len(text) / _BLOCK), 1))
    while begin < len(text):
        border = _BORDER.search(text, begin + size - 1)
        end = border.end() if border else len(text)
        yield begin, end
        begin = end
