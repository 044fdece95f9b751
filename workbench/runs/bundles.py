"""Scalars on their way from a job to those who take them: reports, packed in bundles once for all."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.events import POINT
from workbench.runs.packing import Points

Report = tuple[int, float, Mapping[str, float]]
"""Scalars as a job reports them: step, wall time, values by name."""


class Bundle(NamedTuple):
    """Reports in packed form, as they travel and wait to be stored.

    names: of the k scalars of each report; then arrays are `steps` (n,), and `rows` (n, 1 + k), wall times with the
    values. Where reports had different ones there are no names, and arrays are the points of each series.
    """

    names: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]

    @property
    def data(self) -> dict[str, Any]:
        """What an event says beside the arrays."""
        return {"names": self.names} if self.names else {}

    @property
    def weight(self) -> int:
        """Bytes."""
        return sum(each.nbytes for each in self.arrays.values())

    @property
    def step(self) -> int:
        """The last one."""
        if self.names:
            return int(self.arrays["steps"][-1])
        return max((int(each["step"][-1]) for each in self.arrays.values()), default=0)

    def series(self) -> Mapping[str, Points]:
        """The points of each series."""
        return _points(self.names, self.arrays["steps"], self.arrays["rows"]) if self.names else self.arrays

    def newest(self) -> dict[str, float]:
        """The last value of each series."""
        if self.names:
            return dict(zip(self.names, self.arrays["rows"][-1, 1:].tolist(), strict=True))
        return {name: float(points["value"][-1]) for name, points in self.arrays.items()}

    def columns(self) -> Iterator[tuple[str, list[int], list[float]]]:
        """Of each series steps and values, as plain numbers."""
        if self.names:
            steps, (_, *columns) = self.arrays["steps"].tolist(), self.arrays["rows"].T.tolist()
            yield from ((name, steps, column) for name, column in zip(self.names, columns, strict=True))
        else:
            for name, points in self.arrays.items():
                yield name, points["step"].tolist(), points["value"].tolist()


def bundle(reports: Sequence[Report]) -> Bundle:
    """Packs reports, in as few calls as can be: the job itself pays for them.

    Raises TypeError for what is not a number, OverflowError for a step beyond 64 bits.
    """
    names = {tuple(values) for _, _, values in reports}
    if len(names) != 1 or () in names:
        return Bundle((), _mixed(reports))
    steps, rows = _rows(reports)
    return Bundle(names.pop(), {"steps": steps, "rows": rows})


def merged(bundles: Sequence[Bundle]) -> list[Bundle]:
    """The same in fewer: neighbours of the same names become one."""
    made: list[Bundle] = []
    for names, group in groupby(bundles, lambda each: each.names):
        found = [each.arrays for each in group]
        if names and len(found) > 1:
            found = [{key: np.concatenate([each[key] for each in found]) for key in ("steps", "rows")}]
        made += [Bundle(names, each) for each in found]
    return made


def joined(bundles: Sequence[Bundle]) -> Mapping[str, Points]:
    """The points of each series in all of them, one after the other."""
    batches = [each.series() for each in merged(bundles)]
    if len(batches) == 1:
        return batches[0]
    names = dict.fromkeys(name for batch in batches for name in batch)
    return {name: np.concatenate([batch[name] for batch in batches if name in batch]) for name in names}


def _mixed(reports: Sequence[Report]) -> dict[str, Points]:
    """The points of each series, in the order of their reports."""
    names = [tuple(values) for _, _, values in reports]
    places: dict[tuple[str, ...], list[int]] = {}
    for place, each in enumerate(names):
        places.setdefault(each, []).append(place)
    pieces: dict[str, list[tuple[list[int], Points]]] = {}
    for together, found in places.items():
        for name, points in _points(together, *_rows([reports[place] for place in found])).items():
            pieces.setdefault(name, []).append((found, points))
    return {name: _in_order(each) for name, each in pieces.items()}


def _rows(reports: Sequence[Report]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Reports of the same k scalars: steps (n,), and wall times with the values (n, 1 + k). No object per number."""
    numbers = array("d", [each for _, wall, values in reports for each in (wall, *values.values())])
    steps = array("q", [step for step, _, _ in reports])
    return np.frombuffer(steps, np.int64), np.frombuffer(numbers).reshape(len(reports), -1)


def _points(names: Sequence[str], steps: NDArray[np.int64], rows: NDArray[np.float64]) -> dict[str, Points]:
    made = np.empty((len(names), len(steps)), POINT)
    made["step"], made["wall"], made["value"] = steps, rows[:, 0], rows[:, 1:].T
    return dict(zip(names, made, strict=True))


def _in_order(pieces: Sequence[tuple[Sequence[int], Points]]) -> Points:
    if len(pieces) == 1:
        return pieces[0][1]
    order = np.argsort(np.concatenate([each[0] for each in pieces]), kind="stable")
    return np.concatenate([each[1] for each in pieces])[order]
