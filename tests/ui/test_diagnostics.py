"""When something is wrong: the bundle and what must not be in it, the log, and what is said after a crash."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from workbench import diagnostics, settings, texts
from workbench.cli import main
from workbench.cli.log import log_to
from workbench.settings import Places, Settings
from workbench.testing.fixtures import Audit

from .frame import BUILT_IN, Person, sitting

CRASH = """
import faulthandler, sys
from pathlib import Path
from workbench.ui.faults import Logbook
logbook = Logbook(Path(sys.argv[1]))
faulthandler._sigsegv()
"""


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    plant("drip")
    (Places.of().plugins / "broken.py").write_text("1 / 0\n", "utf-8")
    with sitting(qtbot) as found:
        yield found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the doctor's children, which import torch and take many seconds: tests of their own cover them."""
    monkeypatch.setattr("workbench.doctor._ask", lambda *_: (None, texts.T("failed")))


@pytest.mark.usefixtures("quick")
def test_the_bundle_tells_all_that_helps_and_nothing_private(person: Person, tmp_path: Path, audit: Audit) -> None:
    person.open("drip", "short")
    person.start()
    person.until("done")
    logs = Places.of().logs
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "workbench.log").write_text(f"old\n{Path.home()}/secret/place: planted\n", "utf-8")
    file = tmp_path / "bundle.zip"
    with audit():
        person.window.program.diagnostics.write_bundle(file)
        person.wait(file.exists)
        person.wait(lambda: str(file) in person.window.bar.text)
    with zipfile.ZipFile(file) as opened:
        parts = {name: opened.read(name).decode() for name in opened.namelist()}
    versions, doctor = json.loads(parts["versions.json"]), json.loads(parts["doctor.json"])
    assert versions["python"] == sys.version
    assert versions["torch"]
    assert {"Python", "Workspace"} <= {each["name"] for each in doctor["checks"]}
    states = {each["name"]: each for each in json.loads(parts["plugins.json"])["plugins"]}
    assert (states["drip"]["state"], states["gan"]["state"]) == ("ok", "disabled")
    assert "ZeroDivisionError" in states["broken"]["problems"][0]["traceback"]
    assert json.loads(parts["settings.json"])["disabled_plugins"] == list(BUILT_IN)
    assert "gan" in parts["settings.toml"]
    assert "~/secret/place: planted" in parts["logs/workbench.log"]
    for name, text in parts.items():
        assert str(Path.home()) not in text, name
    runs = [each.id for each in person.runs()]
    assert runs
    assert not any(run in name for name in parts for run in runs)


@pytest.mark.usefixtures("quick")
def test_a_bundle_that_cannot_be_written_is_said(person: Person, tmp_path: Path) -> None:
    person.window.program.diagnostics.write_bundle(tmp_path / "nowhere" / "bundle.zip")
    person.wait(lambda: person.window.bar.bad)
    assert "cannot be written" in person.window.bar.text


def test_the_command_asks_where_the_bundle_shall_lie(person: Person) -> None:
    person.window.host.commands.action("help.bundle").trigger()
    (dialog,) = person.window.findChildren(QFileDialog)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.reject()


def test_homes_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/al"))
    assert diagnostics.without_home("/home/al/x /home/alice/x '/home/al'") == "~/x /home/alice/x '~'"


def test_only_the_end_of_a_log_is_taken(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("a" * 1000 + "end", "utf-8")
    assert diagnostics.tail(log, 10) == "aaaaaaaend"
    assert diagnostics.tail(tmp_path / "none") == ""


@pytest.mark.usefixtures("quick")
def test_the_command_line_writes_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.save(Places.of(), Settings(disabled_plugins=BUILT_IN))
    file = tmp_path / "bundle.zip"
    assert main(["doctor", "--bundle", str(file)]) == 0
    assert str(file) in capsys.readouterr().out
    assert "doctor.json" in zipfile.ZipFile(file).namelist()
    assert main(["doctor", "--bundle", str(tmp_path / "nowhere" / "bundle.zip")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
def test_a_path_that_is_no_text_is_told_all_the_same(tmp_path: Path) -> None:
    settings.save(Places.of(), Settings(disabled_plugins=BUILT_IN))
    file = tmp_path / "bundle.zip"
    assert main(["doctor", "--bundle", str(file), "--workspace", str(tmp_path / "odd\udcff")]) == 0
    assert "odd\\udcff" in zipfile.ZipFile(file).read("settings.json").decode()


def test_the_log_is_shown(plant: Callable[[str], Path], qtbot: QtBot, audit: Audit) -> None:
    plant("drip")
    log_to(Places.of().logs)
    with sitting(qtbot) as person:
        logging.getLogger("planted").warning("something to read")
        person.wait((Places.of().logs / "workbench.log").exists)
        with audit():
            person.window.host.commands.action("help.log").trigger()
            person.wait(lambda: _text(person))
        assert "something to read" in _text(person)


def test_a_crash_is_told_at_the_next_start(plant: Callable[[str], Path], qtbot: QtBot) -> None:
    plant("drip")
    logs = Places.of().logs
    died = subprocess.run([sys.executable, "-c", CRASH, str(logs)], check=False, capture_output=True)
    assert died.returncode < 0
    with sitting(qtbot) as person:
        person.wait(lambda: person.window.program.diagnostics.crash is not None)
        crash = person.window.program.diagnostics.crash
        assert crash is not None
        assert crash.isVisible()
        assert "Segmentation fault" in crash.text.toPlainText()
        assert "<string>" in crash.text.toPlainText()
        person.window.speak("zh_CN")
        person.wait(lambda: crash.windowTitle() == texts.translate("After a crash", "zh_CN"))
        QTest.mouseClick(crash.bundle, Qt.MouseButton.LeftButton)
        person.wait(lambda: person.window.findChildren(QFileDialog))
        person.window.findChildren(QFileDialog)[0].reject()
        QTest.keyClick(crash, Qt.Key.Key_Escape)
        person.wait(lambda: not any(each.objectName() == "crash" for each in QApplication.topLevelWidgets()
                                    if each.isVisible()))  # fmt: skip
    assert (logs / "last-crash.txt").read_text("utf-8")
    with sitting(qtbot) as person:
        assert person.window.program.diagnostics.crash is None


def test_an_end_without_a_trace_is_no_crash_and_hides_none(plant: Callable[[str], Path], qtbot: QtBot) -> None:
    """A process that was killed leaves an empty file; it must not take the place of an older crash."""
    plant("drip")
    logs = Places.of().logs
    logs.mkdir(parents=True)
    (logs / "crash-4194303.txt").write_text("Fatal Python error: planted\n", "utf-8")
    (logs / "crash-4194302.txt").write_text("", "utf-8")
    with sitting(qtbot) as person:
        person.wait(lambda: person.window.program.diagnostics.crash is not None)
        crash = person.window.program.diagnostics.crash
        assert crash is not None
        assert "planted" in crash.text.toPlainText()
        crash.close()
    assert "planted" in (logs / "last-crash.txt").read_text("utf-8")
    assert not list(logs.glob("crash-*.txt"))


def test_a_missing_chinese_font_is_said_so_that_it_can_be_read(
    plant: Callable[[str], Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Chinese it would be boxes itself."""
    plant("drip")
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: [])
    with sitting(qtbot, lang="zh_CN") as person:
        assert "No installed font has Chinese characters" in person.window.bar.text
        assert "fonts-noto-cjk" in person.window.bar.text


def _text(person: Person) -> str:
    dialogs = [each for each in person.window.findChildren(QDialog) if each.isVisible()]
    return "".join(each.toPlainText() for dialog in dialogs for each in dialog.findChildren(QPlainTextEdit))
