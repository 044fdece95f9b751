"""Tests of the window draw into memory: no screen is needed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from .runs_made import made

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def runs(plant: Callable[[str], Path], home: Path) -> list[Path]:
    """Four runs of a tool that is there, newest first."""
    plant("drip")
    return [home / "workspace" / "runs" / name for name in made(home / "workspace")]
