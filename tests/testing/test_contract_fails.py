"""The contract finds what is wrong with a tool, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.testing.contract import ToolContract
from workbench.testing.leaks import processes_of
from workbench.testing.stage import Stage, staged

DECLARATION = """
from workbench.api import Action, Layer, P, Panel, Params, Tool, domain, hookimpl

T = domain("sloppy")

class Settings(Params):
    steps: int = P(10, "Steps")
    fault: str = P("", "Fault")
    size: float = P(1.0, "Size", gt=0)

@hookimpl
def workbench_declare():
    panel = Panel("p", parts=(Layer("points", "here"), Layer("points", "nowhere")))
    return [Tool("sloppy", "A sloppy tool", Settings, run=".job:run", panels=(panel,), actions=(Action("kick"),))]
"""
JOB = """
import os, subprocess, threading, time, torch

def run(params, context):
    x = torch.zeros(4, 2)
    if params.fault != "untracked":
        context.track(x=x)
    else:
        context.track(other=x.clone())
    if params.fault == "deaf":
        return context.scalars(x=0.0)
    if params.fault == "leaks":
        subprocess.Popen(["sleep", "60"], start_new_session=True)
        threading.Thread(target=time.sleep, args=(5,), name="forgotten", daemon=True).start()
    for step in context.steps(params.steps):
        x += torch.randn(4, 2)
        context.scalars(x=x.mean())
        if context.screen.due("here") and params.fault == "looks":
            torch.randn(1)
        if context.wants("here"):
            if params.fault == "draws":
                torch.randn(1)
            context.points("here", x)
        if params.fault == "rebinds":
            x = torch.where(x > 0, x, -x)
        if params.fault == "raises":
            raise ValueError("planted")
"""


class Sloppy(ToolContract):
    tool = "sloppy"
    where = "thread"


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin") / "sloppy"
    folder.mkdir()
    (folder / "__init__.py").write_text(DECLARATION)
    (folder / "job.py").write_text(JOB)
    return folder


@pytest.fixture
def stage(plugin: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The sloppy tool with one of its faults."""
    trial = type("Trial", (Sloppy,), {"quick": {"fault": request.param}, "plugins": (plugin,)})
    with staged(trial(), tmp_path) as found:
        yield found
        for each in processes_of(tmp_path):
            each.kill()


@pytest.mark.parametrize(
    ("stage", "test", "said"),
    [
        ("raises", "test_a_short_run_finishes", "ValueError: planted"),
        ("untracked", "test_it_resumes_exactly", r"name everything .* context.track"),
        ("rebinds", "test_it_resumes_exactly", "change it in place"),
        ("looks", "test_watching_changes_nothing", "context.aside"),
        ("draws", "test_watching_changes_nothing", "random numbers for it too: it went another way"),
        ("deaf", "test_it_stops_at_a_boundary", "loop with context.steps"),
        ("", "test_every_stream_that_a_panel_shows_is_reported", "panels show .'nowhere'"),
        ("", "test_it_answers_its_actions", r"answer .'kick'. with context.on"),
        ("leaks", "test_nothing_is_left_behind", "(?s)process .* sleep 60.*thread 'forgotten'|thread.*process"),
    ],
    indirect=["stage"],
)
def test_it_says_what_is_wrong(stage: Stage, test: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        getattr(Sloppy(), test)(stage)


@pytest.mark.parametrize("stage", [""], indirect=True)
@pytest.mark.parametrize(
    "test",
    ["test_a_short_run_finishes", "test_it_resumes_exactly", "test_watching_changes_nothing", "test_it_is_cancelled"],
)
def test_and_only_that(stage: Stage, test: str) -> None:
    getattr(Sloppy(), test)(stage)


@pytest.mark.parametrize("stage", [""], indirect=True)
def test_a_plugin_with_a_catalogue_translates_everything(stage: Stage) -> None:
    Sloppy().test_every_text_is_there_in_every_language(stage)
    catalogue = stage.home / "kexue-workbench/plugins/sloppy/locale/zh_CN/LC_MESSAGES/sloppy.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(EMPTY)
    with pytest.raises(AssertionError, match="zh_CN: 'A sloppy tool'"):
        Sloppy().test_every_text_is_there_in_every_language(stage)


EMPTY = bytes.fromhex("de120495" + "00000000" * 2 + "1c000000" * 2 + "00000000" + "1c000000")
"""A .mo without texts."""
