"""What is remembered is on the disk soon after it changed, and not only when the window is closed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from workbench.ui.background import Background
from workbench.ui.remembered import Remembered, as_text

from .frame import sitting

SOON = 300
"""Milliseconds: so much a crash may take."""


def kept(file: Path) -> dict[str, Any]:
    """What lies in the file."""
    return dict(json.loads(file.read_text("utf-8"))["values"]) if file.exists() else {}


@pytest.fixture
def remembered(tmp_path: Path, qtbot: QtBot) -> Iterator[Remembered]:
    """Nothing yet; errors go on."""
    assert qtbot
    background = Background(lambda error: pytest.fail(str(error)))
    yield Remembered(tmp_path / "window.json", background)
    background.close()


def test_who_goes_on_typing_is_kept_too(remembered: Remembered, tmp_path: Path, qtbot: QtBot) -> None:
    typing = QTimer(interval=40)
    typing.timeout.connect(lambda: remembered.put("typed", remembered.get("typed", 0) + 1))
    typing.start()
    qtbot.waitUntil(lambda: kept(tmp_path / "window.json").get("typed", 0) > 12, timeout=5000)
    assert remembered.get("typed") - kept(tmp_path / "window.json")["typed"] <= 2 * SOON / typing.interval()


def test_what_is_put_is_written_soon(remembered: Remembered) -> None:
    remembered.put("a", 1)
    assert 0 < remembered._timer.remainingTime() <= SOON
    remembered.write()
    remembered.put("a", 1)
    assert not remembered._timer.isActive()


def test_size_and_state_of_the_window_are_kept_while_it_is_open(runs: list[Path], home: Path, qtbot: QtBot) -> None:
    file = home / "kexue-workbench" / "window.json"
    with sitting(qtbot) as person:
        assert runs
        for change in (partial(person.window.resize, 790, 640), person.window.showMaximized):
            before = as_text(person.window.saveGeometry())
            change()
            person.wait(lambda: kept(file).get("geometry") == as_text(person.window.saveGeometry()), 5000)
            assert kept(file)["geometry"] != before
        assert person.window.isMaximized()
