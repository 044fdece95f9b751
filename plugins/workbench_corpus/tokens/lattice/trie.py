"""The dictionary as a tree of characters, in tables that are looked up for many places at once.

A node is a number: that of a character its code, others from `CODES` on, the likeliest first, so that what is often
read lies together. `growing` makes the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .alphabet import Codes, Flags, Ints, codes
from .stock import names

Ids = NDArray[np.int32]
Keys = NDArray[np.uint64]
_CHARACTER, _NODE = np.uint64(16), np.uint64(24)
"""Bits of them in a key (parent, last character) and in an entry (key, node)."""
_NODES = np.uint64(1 << 24)
EMPTY = np.uint64(2**64 - 1)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""Spreads keys over the upper bits: Knuth, The Art of Computer Programming 3, 6.4."""
SIDE = 1024
"""Of a square of nodes by two characters: those most frequent, all that is no word's, and all others."""
NO_WORD, RARE = SIDE - 2, SIDE - 1


class Trie:
    """Nodes of words and of their beginnings. tables: see `growing.tables`; own: words that jieba's dictionary has
    not, or otherwise; cache: see `kept.kept`.

    weights: (nodes,), the log-likelihood of the word that ends at a node, -inf where none does. singles: (CODES,), that
    of a character by itself: -inf for one that begins words and is none, 0 for what is outside all runs. inner:
    (nodes,), whether words go on. single: what a character gets that is no word.
    """

    def __init__(self, tables: Mapping[str, NDArray[Any]], own: Sequence[str], cache: str = "") -> None:
        self.weights, self.singles = tables["weights"], tables["singles"]
        self.inner: Flags = tables["inner"]
        self.single = float(tables["single"][0])
        self._table = _Table(tables["entries"], tables["sieve"])
        self._place, self._square = tables["place"], tables["square"]
        self._numbers, self._own = tables["numbers"], own
        self._end, self._cache = int(tables["end"][0]), cache

    def pairs(self, text: Codes) -> NDArray[np.int32]:
        """Of each two neighbours the node, 0 where there is none; the last has no neighbour: (n,) -> (n,)."""
        places = self._place.take(text)
        at = places.astype(np.int64) * SIDE
        at[:-1] += places[1:]
        at[-1:] = NO_WORD * SIDE
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
        """The numbers that the words of these nodes have everywhere (see `stock.Names`), -1 for those without."""
        numbers = self._numbers.take(nodes)
        numbers[numbers >= self._end] = -1
        return numbers

    def words(self, nodes: Ids | Ints) -> list[str]:
        """The words that end at these nodes."""
        numbers = self._numbers.take(nodes)
        known = iter(names(self._cache).of(numbers.compress(numbers < self._end)))
        return [next(known) if each < self._end else self._own[each - self._end] for each in numbers.tolist()]


class _Table:
    """Nodes by parent and character: hashed, open; before it a sieve that stops most others."""

    def __init__(self, entries: Keys, sieve: NDArray[np.uint8]) -> None:
        self._entries, self._sieve = entries, sieve

    def find(self, parents: Codes | Ints, characters: Codes) -> tuple[Ints, Ints]:
        """See `Trie.children`."""
        keys = keys_of(parents, characters)
        hashed = hashes(keys)
        byte, bit = sifted(hashed, self._sieve)
        which = np.flatnonzero((self._sieve.take(byte) >> bit & np.uint8(1)).view(bool))
        found = self._look(keys.take(which) << _NODE, slots_of(hashed.take(which), self._entries))
        there = found < _NODES
        return which.compress(there), found.compress(there).view(np.int64)

    def _look(self, wanted: Keys, slots: Ints) -> Keys:
        """What is found of each, below _NODES if it is a node: an entry is a key and a node, so they differ by that."""
        entries = self._entries.take(slots)
        found = entries ^ wanted
        left = np.flatnonzero((found >= _NODES) & (entries != EMPTY))
        wanted, slots = wanted.take(left), slots.take(left)
        while len(left):
            slots = after(slots, self._entries)
            entries = self._entries.take(slots)
            found[left] = differing = entries ^ wanted
            again = np.flatnonzero((differing >= _NODES) & (entries != EMPTY))
            left, wanted, slots = left.take(again), wanted.take(again), slots.take(again)
        return found


def keys_of(parents: Codes | Ints, characters: Codes) -> Keys:
    """The keys of nodes below others."""
    return np.asarray(parents.astype(np.uint64) << _CHARACTER | characters)


def hashes(keys: Keys) -> Keys:
    """Keys, spread."""
    return np.asarray(keys * _GOLDEN)


def entries_of(keys: Keys, nodes: Ints) -> Keys:
    """What the table holds: keys with their nodes."""
    return np.asarray(keys << _NODE | nodes.astype(np.uint64))


def slots_of(hashed: Keys, entries: Keys) -> Ints:
    """Where in the table to look first."""
    return (hashed >> np.uint64(65 - len(entries).bit_length())).view(np.int64)


def after(slots: Ints, entries: Keys) -> Ints:
    """Where to look next."""
    return np.asarray(slots + 1 & len(entries) - 1)


def sifted(hashed: Keys, sieve: NDArray[np.uint8]) -> tuple[Ints, NDArray[np.uint8]]:
    """Byte and bit of the sieve."""
    bits = (8 * len(sieve)).bit_length() - 1
    byte = (hashed >> np.uint64(64 - bits + 3)).view(np.int64)
    return byte, (hashed >> np.uint64(64 - bits) & np.uint64(7)).astype(np.uint8)
