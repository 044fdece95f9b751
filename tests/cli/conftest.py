"""A finished run, made once and copied into each test's workspace, and plugins that a test writes itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from workbench.settings import Places

from .program import done

Write = Callable[..., Path]
SETTINGS = ("lr=2e-4", "fault_at=60")


@pytest.fixture
def walker(plant: Callable[[str], Path]) -> Path:
    """The tool `walk` is on offer."""
    return plant("walker")


@pytest.fixture(scope="session")
def made() -> list[Path]:
    """Where the finished run lies, once it was made."""
    return []


@pytest.fixture
def finished(
    home: Path, plant: Callable[[str], Path], made: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A finished run of 20 steps, its checkpoints of steps 0 and 20, in this test's workspace."""
    plant("walker")
    if not made:
        keep = tmp_path_factory.mktemp("kept") / "workspace"
        done("run", "walk", "--preset", "short", "--set", *SETTINGS, "--workspace", keep)
        made.append(next((keep / "runs").glob("[!.]*")))
    target = home / "workspace" / "runs" / made[0].name
    shutil.copytree(made[0], target)
    return target


@pytest.fixture
def write() -> Write:
    """Writes a plugin into the user's folder: its declarations and its job, as source."""

    def put(name: str, declares: str, job: str = "") -> Path:
        folder = Places.of().plugins / name
        folder.mkdir(parents=True)
        for file, source in (("__init__.py", declares), ("job.py", job)):
            (folder / file).write_text(dedent(source), "utf-8")
        return folder

    return put
