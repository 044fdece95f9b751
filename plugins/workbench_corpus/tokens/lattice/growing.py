"""The tables of `Trie`, made of a dictionary's words."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .alphabet import CODES, KIND, OTHER, Codes, Ints
from .stock import Words
from .trie import EMPTY, NO_WORD, RARE, SIDE, Keys, after, entries_of, hashes, keys_of, sifted, slots_of

FORMAT = 1
"""Of the tables: another with whatever changes in them or in how they are made."""
_BITS, _SIEVE = 21, 22
"""Of the places in the table, which so is a quarter full, and of those in the sieve."""
Tables = dict[str, NDArray[Any]]


class _Nodes(NamedTuple):
    """All nodes but those of characters: parent, last character and number; (n,) each."""

    parents: Ints
    last: Codes
    numbers: Ints


def tables(words: Words) -> Tables:
    """weights, singles, inner and single: see `Trie`. numbers: (nodes,), those of the words, -1 for none; end: that of
    `Words`. place: (CODES,), of each character in the square; square: of nodes, row by row, -1: look into the table.
    entries, sieve: the table."""
    ends, levels = _grown(words)
    number, keys = _numbered(ends, levels, words.weights), np.concatenate(levels)
    nodes = _Nodes(number.take(keys >> 16), (keys & 0xFFFF).astype(np.uint16), number[CODES:])
    weights = np.full(len(number), -np.inf)
    weights[number.take(ends)] = words.weights
    inner = np.zeros(len(number), bool)
    inner[nodes.parents] = True
    place = _places(words)
    entries, sieve = _table(nodes)
    return {
        "weights": weights, "inner": inner, "numbers": _numbers(ends, number, words),
        "singles": _singles(weights, inner, words.single), "single": np.array([words.single]),
        "end": np.array([words.end]), "place": place, "square": _square(place, nodes),
        "entries": entries, "sieve": sieve,
    }  # fmt: skip


def _numbers(ends: Ints, number: Ints, words: Words) -> NDArray[np.int32]:
    numbers = np.full(len(number), -1, np.int32)
    np.maximum.at(numbers, number.take(ends), words.numbers)
    numbers[:CODES] = np.arange(CODES)
    return numbers


def _singles(weights: NDArray[np.float64], inner: NDArray[np.bool_], single: float) -> NDArray[np.float64]:
    singles = weights[:CODES].copy()
    singles[np.isneginf(singles) & ~inner[:CODES]] = single
    singles[KIND == OTHER] = 0.0
    return singles


def _places(words: Words) -> Codes:
    use = np.bincount(words.codes, np.repeat(np.exp(words.weights), words.lengths), CODES)
    place = np.full(CODES, RARE, np.uint16)
    place[np.argsort(-use, kind="stable")[:NO_WORD]] = np.arange(NO_WORD)
    place[KIND == OTHER] = NO_WORD
    return place


def _square(place: Codes, nodes: _Nodes) -> NDArray[np.int32]:
    square = np.zeros((SIDE, SIDE), np.int32)
    two = nodes.parents < CODES
    parents, last = place.take(nodes.parents.compress(two)), place.take(nodes.last.compress(two))
    square[parents, last] = nodes.numbers.compress(two)
    square[RARE], square[:, RARE] = -1, -1
    square[NO_WORD], square[:, NO_WORD] = 0, 0
    return square.ravel()


def _table(nodes: _Nodes) -> tuple[Keys, NDArray[np.uint8]]:
    keys = keys_of(nodes.parents, nodes.last)
    bits = max(_BITS, (4 * len(keys)).bit_length() - 1)
    entries, sieve = np.full(1 << bits, EMPTY), np.zeros(1 << _SIEVE - 3, np.uint8)
    _insert(hashes(keys), entries_of(keys, nodes.numbers), entries)
    byte, bit = sifted(hashes(keys), sieve)
    np.bitwise_or.at(sieve, byte, np.uint8(1) << bit)
    return entries, sieve


def _insert(hashed: Keys, new: Keys, entries: Keys) -> None:
    slots = slots_of(hashed, entries)
    while len(new):
        free = entries.take(slots) == EMPTY
        entries[slots.compress(free)] = new.compress(free)
        left = entries.take(slots) != new  # taken before, or by another of these
        slots, new = after(slots.compress(left), entries), new.compress(left)


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
