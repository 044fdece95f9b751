"""Runs side by side: in which tool and parameters they differ, and every metric as mean and interval over the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.runs.index import Row
from workbench.runs.reader import Reader
from workbench.statistics import Interval, interval, numeral

AVERAGED = ("seed",)
"""Parameters over which metrics are averaged: runs that differ only here are repetitions."""
_BRIEF = 40
"""Characters."""


@dataclass(frozen=True)
class Arm:
    """Runs with the same parameters but for those that are averaged over."""

    params: Mapping[str, Any]
    runs: tuple[str, ...]
    metrics: Mapping[str, Interval]


def flat(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested parameters by dotted path."""
    found: dict[str, Any] = {}
    for name, value in params.items():
        found |= flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: value}
    return found


def _all_of(row: Row) -> dict[str, Any]:
    """What sets a run apart from others: its parameters by path, and its tool."""
    return {"tool": row.tool, **flat(row.params)}


def _differing(all_params: Sequence[Mapping[str, Any]]) -> list[str]:
    paths = dict.fromkeys(path for params in all_params for path in params)
    return [path for path in paths if len({_text(each.get(path)) for each in all_params}) > 1]


def told_apart(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """What to call runs by the parameters in which they differ: `lr=0.1, seed=3`. Nothing for all of them where these
    do not tell them apart, or not briefly."""
    all_params = [flat(each) for each in runs]
    names = {path: path.removesuffix(".kind").rpartition(".")[2] for path in _differing(all_params)}
    found = [", ".join(f"{names[path]}={_brief(each.get(path))}" for path in names) for each in all_params]
    brief = len(set(found)) == len(found) and max(map(len, found), default=0) <= _BRIEF
    return found if brief else [""] * len(found)


def _brief(value: Any) -> str:
    if isinstance(value, float):
        return numeral(value, 5)
    return value if isinstance(value, str) else _text(value)


def compare(rows: Sequence[Row]) -> list[Arm]:
    """The arms of these runs, in the order of their first run."""
    paths = [path for path in _differing([_all_of(row) for row in rows]) if path not in AVERAGED]
    arms: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda each: each.created):
        params = _all_of(row)
        arms.setdefault(_text([params.get(path) for path in paths]), []).append(row)
    return [_arm(each, paths) for each in arms.values()]


def _arm(rows: Sequence[Row], paths: Sequence[str]) -> Arm:
    params = _all_of(rows[0])
    names = dict.fromkeys(name for row in rows for name in row.last)
    metrics = {name: interval([row.last[name] for row in rows if name in row.last]) for name in names}
    return Arm({path: params.get(path) for path in paths}, tuple(row.id for row in rows), metrics)


def bands(readers: Sequence[Reader], name: str, points: int = 500) -> NDArray[np.float64]:
    """(points, 4): step, mean, lowest and highest of a scalar over several runs, at steps that all of them went
    through; there may be none."""
    curves = [reader.scalars(name) for reader in readers]
    curves = [each for each in curves if len(each)]
    if not curves:
        return np.empty((0, 4))
    first = max(int(each["step"][0]) for each in curves)
    last = min(int(each["step"][-1]) for each in curves)
    if first > last:
        return np.empty((0, 4))
    steps = np.unique(np.linspace(first, last, points).astype(np.int64))
    values = np.stack([np.interp(steps, each["step"], each["value"]) for each in curves])
    return np.column_stack([steps, values.mean(0), values.min(0), values.max(0)])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
