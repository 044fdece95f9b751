"""What would be ignored is refused, and what goes wrong says where and what to do."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from workbench.runs.reader import Reader

from .conftest import Write
from .program import done, runs, workbench

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--repeat", "@last", "--set", "steps=10"], "its parameters cannot be others"),
        (["run", "--resume", "@last", "--preset", "short"], "--preset is for new runs."),
        (["run", "gan", "--resume", "@last", "--set", "steps=30"], "is of the tool walk, not of gan."),
        (["run", "--resume", "@last"], "is already at step 20."),
        (["screenshot", "x.png", "--tool", "gan", "--run", "@last"], "is of the tool walk, not of gan."),
        (["compare", "@last", "--curve", "spread"], "Add --json."),
        (["experiment", "--quick"], "--quick and --continue go with an experiment."),
        (["run", "wolk"], "did you mean walk?"),
        (["screenshot", "x.png", "--tool", "wolk"], "did you mean walk?"),
    ],
)
def test_nothing_that_was_asked_for_is_ignored(finished: Path, arguments: list[str], said: str) -> None:
    found = workbench(*arguments)
    assert (found.status, found.out) == (2, "")
    assert said in found.complaint
    assert runs() == [finished]


@pytest.mark.usefixtures("walker")
def test_hidden_tools_are_not_named() -> None:
    complaint = workbench("run", "nothing-like-it").complaint
    assert "walk" in complaint
    assert "verdict" not in complaint


DECLARES = """
    from workbench.api import P, Params, Tool, hookimpl

    class Settings(Params):
        size: int = P(3, "Size", ge=1)
        steps: int = P(4, "Steps", ge=1)
        fault: str = P("", "Fault")

    @hookimpl
    def workbench_declare():
        return [Tool("shapes", "Shapes", Settings, run=".job:run")]
"""
JOB = """
    import numpy as np, torch

    def run(params, context):
        x = torch.zeros(params.size, 2)
        step = 0.0 if params.fault == "track" else x
        context.track(x=x, y=np.zeros(2), net=torch.nn.Linear(params.size, 1), step=step)
        for step in context.steps(params.steps):
            if params.fault == "raise":
                raise ValueError("in the loop")
            if params.fault == "scalars":
                context.scalars(a=1.0, b=torch.zeros(10))
            if params.fault == "points":
                context.points("here", x, color=x[:, 0])
"""


def test_a_fork_with_other_shapes_says_which(write: Write) -> None:
    write("shapes", DECLARES, JOB)
    done("run", "shapes")
    found = workbench("run", "--fork", "@last", "--set", "size=5", "steps=6")
    assert found.status == 1
    assert "net.weight has the shape (1, 3) in the checkpoint and (1, 5) here." in found.complaint or (
        "x has the shape (3, 2) in the checkpoint and (5, 2) here." in found.complaint
    )
    assert "start a new run with it" in found.complaint


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("raise", "ValueError: in the loop (job.py, line 10). The log holds the details."),
        ("scalars", "scalars(b=…): a number or a 0-d tensor is needed, not a Tensor of shape (10,) (job.py, line 12)."),
        ("points", "here: no column color is known; did you mean colour?"),
        ("track", "track(step=…): a float cannot be tracked. Track a tensor"),
    ],
)
def test_a_fault_of_a_job_says_where_it_is(write: Write, fault: str, said: str) -> None:
    write("shapes", DECLARES, JOB)
    found = workbench("run", "shapes", "--set", f"fault={fault}", "--runner", "thread")
    assert found.status == 1
    assert said in found.complaint


def test_a_resumed_runs_record_says_what_is_in_force(finished: Path) -> None:
    found = done("run", "--resume", finished.name, "--set", "steps=24", "lr=0.5", "--json").object
    assert (found["params"]["steps"], found["params"]["lr"]) == (24, 0.5)
    with closing(Reader(finished)) as reader:
        assert (reader.params["steps"], reader.now["steps"]) == (20, 24)
    shown = done("runs", finished.name, "--json").object
    assert shown["params"]["lr"] == 0.5
    assert [(each["step"], each["values"]) for each in shown["changes"]] == [(20, {"lr": 0.5, "steps": 24})]


def test_of_a_variant_the_defaults_of_its_default_are_shown_and_of_a_list_what_can_stand_in_it() -> None:
    shown = done("tools", "gan", "--profile", "").out
    assert "optimizer.base.amsgrad=false" in shown
    assert "optimizer.stages.N.every=5" in shown
    assert "| lookahead" in shown


@pytest.mark.usefixtures("walker")
def test_what_a_parameter_is_called_is_shown_and_said() -> None:
    shown = done("tools", "walk").out
    assert "steps=100" in shown
    assert "Rate (live)" in shown
    assert "--set steps=…" in workbench("run", "walk", "--steps", "5").complaint
    complaint = workbench("run", "walk", "--set", "steps=0", "pause=-1").complaint
    assert "steps: must be at least 1." in complaint
    assert "pause: must be at least 0" in complaint
