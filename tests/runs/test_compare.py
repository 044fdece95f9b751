"""What runs are called beside each other."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.runs.compare import told_apart


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
