"""All words of a text: every place where one can be read, as jieba's graph has them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .alphabet import KIND, OTHER, Codes, Flags, Ints
from .trie import Trie


class Text(NamedTuple):
    """A text of n characters with the 0 that ends it, all (n + 1,). begins: where a run begins.

    Runs are what jieba takes for words and what lies between, there every character by itself.
    """

    codes: Codes
    kinds: NDArray[np.uint8]
    begins: Flags


class Edges(NamedTuple):
    """pairs: (n + 1,), the node of the two characters at each place, 0 for none. Of words of three characters and more
    (m,): lengths, places where they begin, nodes and weights, shorter ones first and each length by place.
    """

    pairs: NDArray[np.int32]
    lengths: Ints
    places: Ints
    nodes: Ints
    weights: NDArray[np.float64]


def text_of(codes: Codes) -> Text:
    """The runs of a text."""
    kinds = KIND.take(codes)
    inside = kinds != OTHER
    begins = np.ones(len(codes), bool)
    begins[1:] = ~(inside[1:] & inside[:-1])
    return Text(codes, kinds, begins)


def edges(text: Text, trie: Trie) -> Edges:
    """The words in all runs, followed from all places at once as long as they go on."""
    pairs = trie.pairs(text.codes)
    alive = trie.inner.take(pairs[:-2])
    alive &= ~text.begins[2:]
    places = np.flatnonzero(alive)
    nodes = pairs.take(places).astype(np.int64)
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    length = 2
    while len(places):
        which, nodes = trie.children(nodes, text.codes.take(places + length))
        length, places = length + 1, places.take(which)
        weights = trie.weights.take(nodes)
        word = np.flatnonzero(weights > -np.inf)
        found.append((np.full(len(word), length), places.take(word), nodes.take(word), weights.take(word)))
        goes_on = trie.inner.take(nodes) & ~text.begins.take(places + length)
        places, nodes = places.compress(goes_on), nodes.compress(goes_on)
    return Edges(pairs, *(np.concatenate(each) for each in zip(*found, strict=True)))
