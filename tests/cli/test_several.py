"""Many runs from the command line: sweeps, what compares them, experiments with their verdicts."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean

import pytest

from .conftest import Write
from .program import done, workbench

pytestmark = pytest.mark.usefixtures("walker")


def test_a_sweep_is_a_group_that_is_compared() -> None:
    vary = ("--vary", "lr=0.01", "--vary", "seed=0:2", "--vary", "lr=0.1")
    swept = done("sweep", "walk", *vary, "--set", "steps=10", "--json").object
    spreads = defaultdict(list)
    for run in swept["runs"]:
        assert run["status"] == "done"
        spreads[run["params"]["lr"]].append(run["metrics"]["spread"])
    assert {lr: len(each) for lr, each in spreads.items()} == {0.01: 2, 0.1: 2}
    arms = done("compare", swept["group"], "--curve", "spread", "--json").object["arms"]
    assert {arm["params"]["lr"]: arm["metrics"]["spread"]["mean"] for arm in arms} == {
        lr: pytest.approx(mean(each)) for lr, each in spreads.items()
    }
    assert [[point[0] for point in arm["curve"]] for arm in arms] == [list(range(1, 11))] * 2
    assert "1 (n=2)" in done("compare", swept["group"]).out
    assert "has no metric nope." in workbench("compare", swept["group"], "--curve", "nope", "--json").complaint


def test_an_experiment_says_its_verdict_and_its_numbers() -> None:
    found = done("experiment", "faster-spreads", "--quick", "--json").object
    assert (found["verdict"], found["quick"], found["numbers"]["gain/n"]) == ("held", True, 2)
    slow, fast = done("compare", found["group"], "--json").object["arms"]
    gain = fast["metrics"]["spread"]["mean"] - slow["metrics"]["spread"]["mean"]
    assert found["numbers"]["gain"] == pytest.approx(gain)
    assert found["numbers"]["gain/low"] < gain < found["numbers"]["gain/high"]


def test_an_experiment_in_full_is_printed() -> None:
    statement, verdict, *numbers = done("experiment", "faster-spreads").out.splitlines()
    assert statement == "A walk with a higher rate spreads further."
    assert verdict.startswith("held: The spread grew by ")
    assert ["gain/n", "3"] in [each.split() for each in numbers]


def test_an_experiment_whose_runs_fail_is_an_object_too(write: Write) -> None:
    write(
        "doomed",
        """
        from workbench.api import Arm, Experiment, Params, Tool, hookimpl

        @hookimpl
        def workbench_declare():
            arms = (Arm("one", "fails", {}, {"seed": (0, 1)}),)
            told = {"statement": "It works.", "source": "Hope", "arms": arms, "verdict": ".job:run"}
            return [Tool("fails", "Fails", Params, run=".job:run"), Experiment("works", **told)]
        """,
        """
        def run(params, context):
            1 / 0
        """,
    )
    found = workbench("experiment", "works", "--json")
    assert found.status == 1
    assert (found.object["verdict"], found.object["run_id"], found.object["numbers"]) == ("failed", None, {})
    listed = done("runs", "--json").object["runs"]
    assert [(each["group"], each["state"]) for each in listed] == [(found.object["group"], "failed")] * 2
