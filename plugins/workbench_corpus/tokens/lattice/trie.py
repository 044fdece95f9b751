"""The dictionary as a tree of characters, in tables that are looked up for many places at once.

A node is a number: that of a character its code, others from `CODES` on, the likeliest first, so that what is often
read lies together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .alphabet import CODES, KIND, OTHER, Codes, Flags, Ints, codes
from .stock import Words, named

Ids = NDArray[np.int32]
Keys = NDArray[np.uint64]
_CHARACTER, _NODE = np.uint64(16), np.uint64(24)
"""Bits of them in a key (parent, last character) and in an entry (key, node)."""
_NODES = np.uint64(1 << 24)
_EMPTY = np.uint64(2**64 - 1)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""Spreads keys over the upper bits: Knuth, The Art of Computer Programming 3, 6.4."""
_SIDE = 1024
"""Of a square of nodes by two characters: those most frequent, all that is no word's, and all others."""
_NO_WORD, _RARE = _SIDE - 2, _SIDE - 1


class Trie:
    """Nodes of words and of their beginnings.

    weights: (nodes,), the log-likelihood of the word that ends at a node, -inf where none does. singles: (CODES,), that
    of a character by itself: -inf for one that begins words and is none, 0 for what is outside all runs. inner:
    (nodes,), whether words go on. single: what a character gets that is no word.
    """

    def __init__(self, words: Words) -> None:
        ends, levels = _grown(words)
        number, keys = _numbered(ends, levels, words.weights), np.concatenate(levels)
        self._parents = number.take(keys >> 16)
        self._last = (keys & 0xFFFF).astype(np.uint16)
        nodes = len(number)
        self.weights = np.full(nodes, -np.inf)
        self.weights[number.take(ends)] = words.weights
        self.inner: Flags = np.zeros(nodes, bool)
        self.inner[self._parents] = True
        self.single, self.singles = words.single, self._singles(words.single)
        self._table = _Table(self._parents, self._last, number[CODES:])
        self._place, self._square = self._squared(words, number[CODES:])
        self._numbers = np.full(nodes, -1, np.int32)
        np.maximum.at(self._numbers, number.take(ends), words.numbers)
        self._numbers[:CODES] = np.arange(CODES)
        self._first, self._own = words.first, words.own
        del self._parents, self._last

    def pairs(self, text: Codes) -> NDArray[np.int32]:
        """Of each two neighbours the node, 0 where there is none; the last has no neighbour: (n,) -> (n,)."""
        places = self._place.take(text)
        at = places.astype(np.int64) * _SIDE
        at[:-1] += places[1:]
        at[-1:] = _NO_WORD * _SIDE
        nodes = self._square.take(at)
        rare = np.flatnonzero(nodes < 0)
        which, found = self.children(text.take(rare), text.take(rare + 1))
        nodes[rare] = 0
        nodes[rare.take(which)] = found
        return nodes

    def children(self, parents: Codes | Ints, characters: Codes) -> tuple[Ints, Ints]:
        """Which of these there are, and their nodes: (n,), (n,) -> (m,), (m,)."""
        return self._table.find(parents, characters)

    def nodes(self, words: Sequence[str]) -> Ints:
        """The nodes of these words, 0 for what is no word: (n,)."""
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        begins, text = np.cumsum(lengths) - lengths, codes("".join(words))
        nodes, places, level = np.zeros(len(words), np.int64), np.arange(len(words)), 1
        reached = text.take(begins).astype(np.int64)
        while len(places):
            ended = lengths.take(places) == level
            nodes[places.compress(ended)] = reached.compress(ended)
            places, reached = places.compress(~ended), reached.compress(~ended)
            which, reached = self.children(reached, text.take(begins.take(places) + level))
            places, level = places.take(which), level + 1
        return np.where(self.weights.take(nodes) > -np.inf, nodes, 0)

    def everywhere(self, nodes: Ids | Ints) -> Ids:
        """The numbers that the words of these nodes have everywhere (see `stock.named`), -1 for those without."""
        numbers = self._numbers.take(nodes)
        numbers[numbers >= self._first] = -1
        return numbers

    def words(self, nodes: Ids | Ints) -> list[str]:
        """The words that end at these nodes."""
        numbers = self._numbers.take(nodes)
        known = iter(named(numbers.compress(numbers < self._first)))
        return [next(known) if each < self._first else self._own[each - self._first] for each in numbers.tolist()]

    def _singles(self, single: float) -> NDArray[np.float64]:
        singles = self.weights[:CODES].copy()
        singles[np.isneginf(singles) & ~self.inner[:CODES]] = single
        singles[KIND == OTHER] = 0.0
        return singles

    def _squared(self, words: Words, nodes: Ints) -> tuple[Codes, NDArray[np.int32]]:
        """The place of each character in the square, and the square, row by row; -1: look into the table."""
        use = np.bincount(words.codes, np.repeat(np.exp(words.weights), words.lengths), CODES)
        place = np.full(CODES, _RARE, np.uint16)
        place[np.argsort(-use, kind="stable")[:_NO_WORD]] = np.arange(_NO_WORD)
        place[KIND == OTHER] = _NO_WORD
        square = np.zeros((_SIDE, _SIDE), np.int32)
        two = self._parents < CODES
        square[place.take(self._parents.compress(two)), place.take(self._last.compress(two))] = nodes.compress(two)
        square[_RARE], square[:, _RARE] = -1, -1
        square[_NO_WORD], square[:, _NO_WORD] = 0, 0
        return place, square.ravel()


class _Table:
    """Nodes by parent and character: hashed, open, a quarter full; before it a sieve that stops most others."""

    _BITS, _SIEVE = 21, 22

    def __init__(self, parents: Ints, characters: Codes, nodes: Ints) -> None:
        self._bits = max(self._BITS, (4 * len(nodes)).bit_length() - 1)
        keys = _keys(parents, characters)
        self._shift, self._entries = np.uint64(64 - self._bits), np.full(1 << self._bits, _EMPTY)
        self._insert(keys * _GOLDEN, keys << _NODE | nodes.astype(np.uint64))
        self._sieve = np.zeros(1 << self._SIEVE - 3, np.uint8)
        byte, bit = self._sifted(keys * _GOLDEN)
        np.bitwise_or.at(self._sieve, byte, np.uint8(1) << bit)

    def find(self, parents: Codes | Ints, characters: Codes) -> tuple[Ints, Ints]:
        """See `Trie.children`."""
        keys = _keys(parents, characters)
        hashes = keys * _GOLDEN
        byte, bit = self._sifted(hashes)
        which = np.flatnonzero((self._sieve.take(byte) >> bit & np.uint8(1)).view(bool))
        found = self._look(keys.take(which) << _NODE, self._slots(hashes.take(which)))
        there = found < _NODES
        return which.compress(there), found.compress(there).view(np.int64)

    def _look(self, wanted: Keys, slots: Ints) -> Keys:
        """What is found of each, below _NODES if it is a node: an entry is a key and a node, so they differ by that."""
        entries = self._entries.take(slots)
        found = entries ^ wanted
        left = np.flatnonzero((found >= _NODES) & (entries != _EMPTY))
        wanted, slots = wanted.take(left), slots.take(left)
        while len(left):
            slots = self._next(slots)
            entries = self._entries.take(slots)
            found[left] = differing = entries ^ wanted
            again = np.flatnonzero((differing >= _NODES) & (entries != _EMPTY))
            left, wanted, slots = left.take(again), wanted.take(again), slots.take(again)
        return found

    def _insert(self, hashes: Keys, entries: Keys) -> None:
        slots = self._slots(hashes)
        while len(entries):
            free = self._entries.take(slots) == _EMPTY
            self._entries[slots.compress(free)] = entries.compress(free)
            left = self._entries.take(slots) != entries  # taken before, or by another of these
            slots, entries = self._next(slots.compress(left)), entries.compress(left)

    def _slots(self, hashes: Keys) -> Ints:
        return (hashes >> self._shift).view(np.int64)

    def _next(self, slots: Ints) -> Ints:
        return np.asarray(slots + 1 & (1 << self._bits) - 1)

    def _sifted(self, hashes: Keys) -> tuple[Ints, NDArray[np.uint8]]:
        """Byte and bit of the sieve."""
        byte = (hashes >> np.uint64(64 - self._SIEVE + 3)).view(np.int64)
        return byte, (hashes >> np.uint64(64 - self._SIEVE) & np.uint64(7)).astype(np.uint8)


def _keys(parents: Codes | Ints, characters: Codes) -> Keys:
    return np.asarray(parents.astype(np.uint64) << _CHARACTER | characters)


def _grown(words: Words) -> tuple[Ints, list[Ints]]:
    """The node of each word as they come, and level by level of each node parent << 16 | last character."""
    begins = np.cumsum(words.lengths) - words.lengths
    ends, alive = words.codes.take(begins).astype(np.int64), np.arange(len(begins))
    levels, nodes = [], CODES
    for level in range(1, int(words.lengths.max())):
        alive = alive.compress(words.lengths.take(alive) > level)
        keys = ends.take(alive) << 16 | words.codes.take(begins.take(alive) + level)
        different, which = np.unique(keys, return_inverse=True)
        ends[alive] = nodes + which
        levels.append(different)
        nodes += len(different)
    return ends, levels


def _numbered(ends: Ints, levels: list[Ints], weights: NDArray[np.float64]) -> Ints:
    """New numbers of the nodes: those from CODES on by the likeliest word that goes through them."""
    most = np.full(CODES + sum(map(len, levels)), -np.inf)
    most[ends] = weights
    end = len(most)
    for keys in reversed(levels):
        np.maximum.at(most, keys >> 16, most[end - len(keys) : end])
        end -= len(keys)
    number = np.arange(len(most))
    number[CODES + np.argsort(-most[CODES:], kind="stable")] = np.arange(CODES, len(most))
    return number
