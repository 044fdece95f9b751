"""What runs are called beside each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.runs.compare import bands, told_apart
from workbench.runs.reader import Reader

from .conftest import recording


@pytest.mark.parametrize(
    ("runs", "names"),
    [
        ([{"seed": 0}], [""]),
        ([{"seed": 0, "lr": 0.1}, {"seed": 3, "lr": 0.1}], ["seed=0", "seed=3"]),
        ([{"seed": 0, "lr": 0.1 + 0.2}, {"seed": 3, "lr": 1e-4}], ["seed=0, lr=0.3", "seed=3, lr=0.0001"]),
        ([{"data": {"kind": "ring8"}}, {"data": {"kind": "grid25"}}], ["data=ring8", "data=grid25"]),
        ([{"on": True}, {"on": False}, {}], ["on=true", "on=false", "on=null"]),
        ([{"seed": 0}, {"seed": 0}], ["", ""]),  # the same once more
        ([{"text": "x" * 50}, {"text": "y" * 50}], ["", ""]),
    ],
)
def test_runs_are_called_by_what_tells_them_apart(runs: list[dict[str, Any]], names: list[str]) -> None:
    assert told_apart(runs) == names


def test_a_band_lies_where_all_runs_were(make: Callable[[], Path], read: Callable[[Path], Reader]) -> None:
    readers = []
    for first, last in ((1, 4), (3, 6), (5, 8)):  # a fork begins where its run was left
        run = make()
        with recording(run) as recorder:
            for step in range(first, last + 1):
                recorder.scalars(step, 0.0, {"loss": first})
        readers.append(read(run))
    assert bands(readers[:2], "loss").tolist() == [[3, 2, 1, 3], [4, 2, 1, 3]]
    assert bands(readers, "loss").tolist() == []
