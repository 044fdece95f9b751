"""What runs are called beside each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.runs.compare import bands, compare, told_apart
from workbench.runs.index import Index
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace

from .conftest import Make, recording


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


def test_runs_of_different_tools_are_no_repetitions(workspace: Workspace, make: Make) -> None:
    for tool, seed, loss in (("one", 0, 1.0), ("one", 1, 3.0), ("two", 0, 8.0)):
        with recording(make(tool=tool, params={"seed": seed, "rate": 0.1})) as recorder:
            recorder.scalars(1, 0.0, {"loss": loss})
    index = Index(workspace)
    index.refresh()
    arms = {str(arm.params["tool"]): arm for arm in compare(index.list_runs())}
    index.close()
    assert {tool: arm.metrics["loss"].mean for tool, arm in arms.items()} == {"one": 2.0, "two": 8.0}
    assert all(arm.params.keys() == {"tool"} for arm in arms.values())
