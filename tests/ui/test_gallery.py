"""Pictures of every page; and every key asks for one thing."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from workbench import settings
from workbench.cli import main
from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.settings import Places, Settings
from workbench.ui import gallery, screenshot
from workbench.ui.program import Program
from workbench.ui.screenshot import calm, stirring

from .frame import BUILT_IN, sitting


def test_every_page_is_drawn_in_every_language_and_theme(tmp_path: Path, plant: Callable[[str], Path]) -> None:
    plant("walker")
    settings.save(Places.of(), Settings(disabled_plugins=BUILT_IN))
    session = Session.of(argparse.Namespace(workspace="", profile="", lang="en", safe_mode=False))
    written = list(gallery.take_all(session, tmp_path / "pictures", (900, 600)))
    pages = {each.stem.rsplit("-", 2)[0] for each in written}
    assert pages >= {"welcome", "runs", "experiments", "settings", "plugins"}
    assert len(written) == 4 * len(pages)
    for page in pages:
        kinds = ("en-light", "en-dark", "zh_CN-light", "zh_CN-dark")
        images = [QImage(str(tmp_path / "pictures" / f"{page}-{kind}.png")) for kind in kinds]
        assert all((each.width(), each.height()) == (900, 600) for each in images)
        assert all(images[0] != other for other in images[1:]), page
        assert images[0].pixelColor(450, 2).lightness() > 128 > images[1].pixelColor(450, 2).lightness()
    assert settings.load(Places.of()).language == Settings().language


def test_a_fault_of_the_window_fails_the_command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    plant: Callable[[str], Path],
) -> None:
    plant("walker")

    def fails(_: Program) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(gallery, "COMMANDS", {"plugins": "program.plugins"})
    monkeypatch.setattr(Program, "show_plugins", fails)
    settings.save(Places.of(), Settings(disabled_plugins=BUILT_IN))
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    assert main(["screenshot", str(tmp_path), "--all", "--size", "900x600"]) == 1
    assert "ZeroDivisionError: planted" in capsys.readouterr().err


def test_a_key_asks_for_one_thing(qtbot: QtBot, plant: Callable[[str], Path]) -> None:
    plant("walker")
    with sitting(qtbot) as person:
        keys = Counter(each.shortcut for each in person.window.host.commands if each.shortcut)
        assert [key for key, count in keys.items() if count > 1] == []


def test_a_picture_waits_for_work_that_changes_it(qtbot: QtBot, plant: Callable[[str], Path]) -> None:
    plant("walker")
    with sitting(qtbot) as person:
        calm(person.window)
        assert not set(stirring(person.window))
        gate, seen = Event(), []
        person.window.host.background.do(gate.wait, lambda _: seen.append("answered"))
        person.window.host.turns.put(person.window, lambda: seen.append("turn"))
        assert set(stirring(person.window)) >= {"files", "turns"}
        QTimer.singleShot(200, gate.set)
        calm(person.window)
        assert seen == ["turn", "answered"]


def test_what_never_rests_is_said_and_not_drawn(
    qtbot: QtBot, plant: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("walker")
    monkeypatch.setattr(screenshot, "_PATIENCE", 0.3)
    with sitting(qtbot) as person:
        gate = Event()
        person.window.host.background.do(gate.wait)
        with pytest.raises(UserError, match=r"The window does not come to rest: .*files"):
            calm(person.window)
        gate.set()
