"""The way of a plugin's author: written in a folder, copied to where plugins are found, run from there, tested."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.settings import Places

from .program import Done

SPINS = Path(__file__).parents[1] / "plugins/spins"
TESTS = """
from pathlib import Path
from workbench.testing.contract import ToolContract

PLUGIN = Path(__file__).parents[1] / "spins"

class TestSpins(ToolContract):
    tool, plugins, quick = "spins", (PLUGIN,), {"steps": 12, "side": 8}

class TestPond(ToolContract):
    tool, plugins, change, slow = "pond", (PLUGIN,), {"length": 0.5}, {"length": 0.02}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the plugin is written, and where its author stands."""
    shutil.copytree(SPINS, tmp_path / "spins", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*command: str | Path) -> Done:
    """A command that must succeed."""
    found = subprocess.run(command, check=False, capture_output=True, text=True, timeout=200)
    assert found.returncode == 0, found.stdout + found.stderr
    return Done(found.returncode, found.stdout, found.stderr)


def test_it_is_found_runs_resumes_and_sweeps(project: Path) -> None:
    (project / "random.py").write_text("1 / 0\n", "utf-8")  # it lies where the author stands, and is no worker's module
    shutil.copytree(project / "spins", Places.of().plugins / "spins")
    workbench = Path(sys.executable).with_name("workbench")
    assert "Spins on a torus" in call(workbench, "tools").out
    assert "Spins on a torus" in call(sys.executable, "-m", "workbench", "tools").out
    call(workbench, "run", "spins", "--set", "steps=12", "side=8")
    resumed = call(workbench, "run", "--resume", "@last", "--set", "steps=20", "heat=9", "--json").object
    assert (resumed["status"], resumed["params"]["heat"]) == ("done", 9)
    assert call(workbench, "run", "pond", "--set", "sources=[[0, 0]]", "--json").object["metrics"]["highest"] <= 1
    swept = call(workbench, "sweep", "spins", "--vary", "heat=1,4", "--set", "steps=12", "side=8", "--json").object
    assert [each["status"] for each in swept["runs"]] == ["done", "done"]


def test_the_base_test_passes_beside_it(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "tests/conftest.py").write_text('pytest_plugins = ["workbench.testing.fixtures"]\n', "utf-8")
    (project / "tests/test_spins.py").write_text(TESTS, "utf-8")
    said = call(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider").out
    assert "28 passed, 10 skipped" in said, said
