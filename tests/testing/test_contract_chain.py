"""The contract's chain of stages: a trainer that keeps its optimizer passes, one that forgets it or its form fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.testing.contract import ToolContract
from workbench.testing.stage import Stage, staged

DECLARATION = """
from workbench.api import P, Params, Tool, hookimpl
from workbench.ml.optim.params import Optimizer

class Settings(Params):
    steps: int = P(6, "Steps")
    fault: str = P("", "Fault")
    optimizer: Optimizer = P({}, "Optimizer")

class Bare(Params):
    steps: int = P(6, "Steps")

@hookimpl
def workbench_declare():
    return [Tool("learner", "A learner", Settings, run=".job:run"), Tool("bare", "Bare", Bare, run=".job:bare")]
"""
JOB = """
import torch
from workbench.ml.optim.build import base_of, build

def run(params, context):
    net = torch.nn.Linear(3, 2)
    named = list(net.named_parameters())
    plain = params.fault == "ignores"
    optimizer = base_of(params.optimizer.base, named) if plain else build(params.optimizer, named)
    context.track(net=net, **({} if params.fault == "forgets" else {"optimizer": optimizer}))
    for _ in context.steps(params.steps):
        optimizer.zero_grad()
        loss = (net(torch.randn(8, 3)) - 1).square().mean()
        loss.backward()
        optimizer.step()
        context.scalars(loss=loss)

def bare(params, context):
    x = torch.zeros(2)
    context.track(x=x)
    for _ in context.steps(params.steps):
        x += torch.randn(2)
        context.scalars(x=x.mean())
"""


class Learner(ToolContract):
    tool = "learner"
    where = "thread"


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin") / "learner"
    folder.mkdir()
    (folder / "__init__.py").write_text(DECLARATION)
    (folder / "job.py").write_text(JOB)
    return folder


@pytest.fixture
def stage(plugin: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The learner with one of its faults; "bare": a tool without an optimizer."""
    tool, fault = ("bare", {}) if request.param == "bare" else ("learner", {"fault": request.param})
    trial = type("Trial", (Learner,), {"tool": tool, "quick": fault, "plugins": (plugin,)})
    with staged(trial(), tmp_path) as found:
        yield found


@pytest.mark.parametrize("stage", [""], indirect=True)
def test_a_trainer_that_keeps_its_optimizer_passes(stage: Stage) -> None:
    Learner().test_a_chain_of_stages_resumes_in_the_middle(stage)


@pytest.mark.parametrize("stage", ["ignores", "forgets"], indirect=True)
def test_one_whose_stages_are_ignored_or_forgotten_fails(stage: Stage) -> None:
    with pytest.raises(AssertionError, match=r"build\(params.optimizer"):
        Learner().test_a_chain_of_stages_resumes_in_the_middle(stage)


@pytest.mark.parametrize("stage", ["bare"], indirect=True)
def test_a_tool_without_an_optimizer_is_skipped_with_the_reason(stage: Stage) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"no parameter optimizer\.stages"):
        Learner().test_a_chain_of_stages_resumes_in_the_middle(stage)
