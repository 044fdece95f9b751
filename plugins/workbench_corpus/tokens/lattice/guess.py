"""New words, as jieba's finalseg guesses them: its hidden Markov model over many stretches at once.

Its states are, of a word, the beginning B, the middle M and the end E, and a word by itself S. Of states equally likely
jieba takes the one whose letter comes last.
"""

from __future__ import annotations

from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .alphabet import CODES, Codes, Flags, Ints, codes

Floats = NDArray[np.float64]
States = NDArray[np.uint8]
"""Places in `STATES`."""
STATES = "BEMS"
BEFORE = {"B": ("E", "S"), "E": ("B", "M"), "M": ("B", "M"), "S": ("E", "S")}
"""What can stand before a state; the later letter last."""
NEVER = -3.14e100
"""jieba's logarithm of a probability of none."""


class Model(NamedTuple):
    """Logarithms: of beginning in a state, of one state after another, and of characters by state: (CODES,) each."""

    start: dict[str, float]
    after: dict[str, dict[str, float]]
    emitted: dict[str, Floats]


@cache
def model() -> Model:
    """jieba's, without the import of jieba."""
    emitted = {state: np.full(CODES, NEVER) for state in STATES}
    for state, values in _table("emit").items():
        emitted[state][[*map(ord, values)]] = [*values.values()]
    return Model(_table("start"), _table("trans"), emitted)


def _table(name: str) -> Any:
    found = find_spec("jieba")
    assert found is not None
    path = Path(str(found.origin)).parent / "finalseg" / f"prob_{name}.py"
    spec = spec_from_loader(path.stem, SourceFileLoader(path.stem, str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.P


def guessed(stretch: str) -> list[str]:
    """The words of one stretch."""
    marks = np.zeros(len(stretch), bool)
    guess(codes(stretch), np.array([0]), np.array([len(stretch)]), marks)
    borders = [*np.flatnonzero(marks).tolist(), len(stretch)]
    return [stretch[begin:end] for begin, end in pairwise(borders)]


def guess(text: Codes, begins: Ints, lengths: Ints, marks: Flags) -> None:
    """Marks where words begin in stretches of ideographs, of which there are some; marks: of the whole text."""
    order = np.argsort(-lengths, kind="stable")
    begins, lengths = begins.take(order), lengths.take(order)
    longer = (len(lengths) - np.cumsum(np.bincount(lengths))[:-1]).tolist()  # how many have a place k
    last, backwards = _forwards(text, begins, longer)
    states = np.zeros(0, np.uint8)
    for k in range(len(longer) - 1, -1, -1):
        ended = last[k][len(states) :]
        if len(states):
            states = np.take_along_axis(backwards[k], states[None].astype(np.int64), 0)[0]
        states = np.concatenate([states, ended])
        marks[begins[: longer[k]] + k] = (states == STATES.index("B")) | (states == STATES.index("S"))
    marks[begins] = True


def _forwards(text: Codes, begins: Ints, longer: list[int]) -> tuple[list[States], list[States]]:
    """At each place k the likelier of E and S, for stretches that end there, and for each state at k + 1 the likeliest
    at k, (4, those that go on)."""
    known = model()
    emitted = {state: known.emitted[state].take(text.take(begins)) for state in STATES}
    values = {state: known.start[state] + emitted[state] for state in STATES}
    last, backwards = [_later("E", "S", values)[1]], []
    for k, count in enumerate(longer[1:], 1):
        seen = text.take(begins[:count] + k)
        values = {state: each[:count] for state, each in values.items()}
        chosen = [_best(state, values, known, known.emitted[state].take(seen)) for state in STATES]
        values = {state: value for state, (value, _) in zip(STATES, chosen, strict=True)}
        last.append(_later("E", "S", values)[1])
        backwards.append(np.stack([before for _, before in chosen]))
    return last, backwards


def _best(state: str, values: dict[str, Floats], known: Model, emitted: Floats) -> tuple[Floats, States]:
    """The likeliest way to come to a state, and from which; the sums in jieba's order."""
    ways = {before: values[before] + known.after[before][state] + emitted for before in BEFORE[state]}
    return _later(*BEFORE[state], ways)


def _later(first: str, second: str, values: dict[str, Floats]) -> tuple[Floats, States]:
    """The greater value, and whose it is, of two; of equal ones the second's."""
    numbers = np.array([STATES.index(first), STATES.index(second)], np.uint8)
    chosen = values[second] >= values[first]
    return np.maximum(values[first], values[second]), numbers.take(chosen.view(np.uint8))
