"""The likeliest way through each run, as jieba's `calc` finds it: the same sums in the same order, to the last bit.

Runs lie beside each other, the longest first, and are gone through from their ends. What is k characters before the end
of its run stands in column k, so that of all runs still going on one step is a sum of neighbouring numbers. Where few
of them go on, what is left of them is done one character after the other: no text takes more than so much for each.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .alphabet import Flags, Ints
from .edges import Edges, Text
from .trie import Trie

FEW, COLUMNS = 40, 400
"""Fewer runs than that do not pay for a column; more columns than that there are not."""
Floats = NDArray[np.float64]
Steps = NDArray[np.int16]


class Runs(NamedTuple):
    """r runs. first, last: (r,), in the text; order: the longest first; rank: the place of each in that.

    offsets: (c + 1,), where each of c columns begins and the last one ends; places: where in the text what stands in
    the columns has its place; left: how many runs are longer than c.
    """

    first: Ints
    last: Ints
    order: Ints
    rank: Ints
    offsets: Ints
    places: Ints
    left: int


class Sparse(NamedTuple):
    """Words of three characters and more in the columns, column by column, shorter ones first: where they begin and
    where they end there, lengths, weights. bounds: (c + 1,), where those of each column begin."""

    source: Ints
    target: Ints
    lengths: Ints
    weights: Floats
    bounds: list[int]


def steps(text: Text, words: Edges, trie: Trie) -> Steps:
    """At each place the length of the word that the likeliest way from there to the end of the run begins with."""
    found = np.ones(len(text.codes), np.int16)
    runs = laid_out(text.begins)
    single = _single(text, words, trie)
    sparse, far = _sparse(words, runs)
    values = np.append(single.take(runs.places), 0.0)  # the last is that of all ends
    found[runs.places] = _columns(values, trie.weights.take(words.pairs.take(runs.places)), sparse, runs)
    if runs.left:
        _rest(found, values, single, trie.weights, words, far, runs)
    return found


def walked(steps: Steps, begins: Flags) -> Flags:
    """Where words begin, when every run is gone through from its beginning."""
    marks, inside = begins.copy(), ~begins
    at = np.flatnonzero(begins)
    while len(at) > FEW:
        at = at + steps.take(at)
        at = at.compress(inside.take(at, mode="clip"))
        marks[at] = True
    _walked(at.tolist(), steps, begins, marks)
    return marks


def _walked(at: list[int], steps: Steps, begins: Flags, marks: Flags) -> None:
    """The same, one word after the other, from some places on."""
    starts = np.append(np.flatnonzero(begins), len(begins))
    ends = starts.take(np.searchsorted(starts, at, side="right"))
    for place, end in zip(at, ends.tolist(), strict=True):
        lengths = steps[place:end].tolist()
        k = lengths[0]
        while k < len(lengths):
            marks[place + k] = True
            k += lengths[k]


def laid_out(begins: Flags) -> Runs:
    """The columns of all runs."""
    first = np.flatnonzero(begins)
    lengths = np.diff(first, append=len(begins))
    capped = np.minimum(lengths, COLUMNS + 1).astype(np.uint16)  # so small, they are sorted in no time
    order = np.argsort(np.uint16(COLUMNS + 1) - capped, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    longer = len(first) - np.cumsum(np.bincount(capped, minlength=COLUMNS + 2))[: COLUMNS + 1]
    columns = max(min(int(np.searchsorted(-longer, -FEW, side="right")), COLUMNS), 1)
    offsets = np.concatenate([[0], np.cumsum(longer[:columns])])
    last = first + lengths - 1
    places = np.empty(int(offsets[-1]), np.int64)
    ordered = last.take(order)
    for k, (begin, end) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)):
        np.subtract(ordered[: end - begin], k, out=places[begin:end])
    return Runs(first, last, order, rank, offsets, places, int(longer[columns]))


def _single(text: Text, words: Edges, trie: Trie) -> Floats:
    """What each character is worth by itself: one that is no word but begins some counts only where none of them is."""
    values = trie.singles.take(text.codes)
    alone = values == -np.inf
    at = np.flatnonzero(alone)
    alone[at.compress(trie.weights.take(words.pairs.take(at)) > -np.inf)] = False
    alone[words.places] = False
    values[alone] = trie.single
    return values


def _sparse(words: Edges, runs: Runs) -> tuple[Sparse, Ints]:
    """Words in the columns, and which are beyond."""
    run = np.repeat(np.arange(len(runs.first)), runs.last - runs.first + 1).take(words.places)
    column = runs.last.take(run) - words.places
    columns = len(runs.offsets) - 1
    far, near = np.flatnonzero(column >= columns), np.flatnonzero(column < columns)
    near = near.take(np.argsort(column.take(near) << 16 | words.lengths.take(near)))
    column, rank, length = column.take(near), runs.rank.take(run.take(near)), words.lengths.take(near)
    target = runs.offsets.take(column - length, mode="clip") + rank
    target[column < length] = runs.offsets[-1]
    bounds = np.searchsorted(column, np.arange(columns + 1)).tolist()
    return Sparse(runs.offsets.take(column) + rank, target, length, words.weights.take(near), bounds), far


def _columns(values: Floats, two: Floats, sparse: Sparse, runs: Runs) -> Steps:
    """Fills in the values of the columns, which hold those of single characters, and gives the steps.

    two: what the two characters at each place are worth as a word. Of ways equally likely jieba takes the longer word.
    """
    longer, offsets, spare = np.zeros(len(two), bool), runs.offsets.tolist(), np.empty_like(two)
    for k in range(1, len(offsets) - 1):
        begin, end = offsets[k], offsets[k + 1]
        best, other = values[begin:end], spare[: end - begin]
        best += values[offsets[k - 1] : offsets[k - 1] + end - begin]
        after = values[offsets[k - 2] : offsets[k - 2] + end - begin] if k > 1 else 0.0
        np.add(two[begin:end], after, out=other)
        np.greater_equal(other, best, out=longer[begin:end])
        np.maximum(best, other, out=best)
        if sparse.bounds[k] < sparse.bounds[k + 1]:
            these = slice(sparse.bounds[k], sparse.bounds[k + 1])
            sums = sparse.weights[these] + values.take(sparse.target[these])
            np.maximum.at(values, sparse.source[these], sums)
    steps = longer.astype(np.int16) + np.int16(1)
    chosen = sparse.weights + values.take(sparse.target) == values.take(sparse.source)
    steps[sparse.source.compress(chosen)] = sparse.lengths.compress(chosen)  # of several the last, which is the longest
    return steps


def _rest(found: Steps, values: Floats, single: Floats, weights: Floats, words: Edges, far: Ints, runs: Runs) -> None:
    """The steps of what is beyond the columns."""
    longer = _by_place(words, far)
    columns = len(runs.offsets) - 1
    last = runs.offsets[max(columns - int(words.lengths.max(initial=2)), 0) : columns]
    for rank, run in enumerate(runs.order[: runs.left].tolist()):
        begin, end = int(runs.first[run]), int(runs.last[run]) + 1 - columns
        after = [0.0, *values.take(last + rank).tolist()]
        pairs = weights.take(words.pairs[begin:end]).tolist()
        taken = []
        alone = single[begin:end].tolist()
        for k in range(end - begin - 1, -1, -1):
            best, step = alone[k] + after[-1], 1
            for length, weight in ((2, pairs[k]), *longer.get(begin + k, ())):
                value = weight + after[-length]
                if value >= best:
                    best, step = value, length
            after.append(best)
            taken.append(step)
        found[begin:end] = taken[::-1]


def _by_place(words: Edges, which: Ints) -> dict[int, list[tuple[int, float]]]:
    """Lengths and weights of some words by their places, shorter ones first."""
    found: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    columns = (each.take(which).tolist() for each in (words.places, words.lengths, words.weights))
    for place, length, weight in zip(*columns, strict=True):
        found[place].append((length, weight))
    return found
