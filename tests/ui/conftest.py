"""Tests of the window draw into memory: no screen is needed."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from .frame import Person, sitting
from .runs_made import made
from .views_played import written

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # read where an application is made


@pytest.fixture
def runs(plant: Callable[[str], Path], home: Path) -> list[Path]:
    """Four runs of a tool that is there, newest first."""
    plant("drip")
    return [home / "workspace" / "runs" / name for name in made(home / "workspace")]


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window with two tools for tests: a long job, whose page is shown, and a live one."""
    plant("drip")
    plant("lens")
    with sitting(qtbot) as found:
        found.open("drip", "slow")
        yield found


@pytest.fixture
def path(plant: Callable[[str], Path], home: Path) -> Path:
    """Notes of which half have labels; the plugin that edits them is there."""
    plant("notes")
    return written(home)
