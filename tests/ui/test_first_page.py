"""What a newcomer sees first: samples that start at once, language, colours, places; by real clicks and keys."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from workbench import texts
from workbench.testing.fixtures import Audit
from workbench.ui.pages.first import FirstPage

from .frame import Person, sitting
from .test_frame_start import painted


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before the window for the first time."""
    for name in ("drip", "lens", "counter"):
        plant(name)
    with sitting(qtbot) as found:
        yield found


def first(person: Person) -> FirstPage:
    """The page, looked at."""
    found = person.window.first
    assert found is not None
    person.wait(found.isVisible)
    return found


@contextmanager
def again(person: Person) -> Iterator[Person]:
    """The same person, another time."""
    person.window.close()
    with sitting(person.qtbot) as found:
        yield found


def test_it_is_there_at_the_first_start_only(person: Person) -> None:
    page = first(person)
    assert list(page.cards) == ["count", "drip", "lens"]
    assert page.cards["count"].hasFocus()
    assert not person.window.at_tool
    with again(person) as later:
        assert later.window.first is None
        assert later.window.at_tool
        later.window.host.commands.action("program.welcome").trigger()
        assert first(later).isVisible()


def test_a_card_starts_the_first_preset_on_its_tools_page(person: Person, audit: Audit) -> None:
    page = first(person)
    with audit():
        person.click(page.cards["drip"])
        person.wait(lambda: person.window.at_tool and person.page.work is not None)
        person.wait(lambda: person.steps() > 3)
    assert person.page.tool.id == "drip"
    assert person.page.form.preset == "slow"
    (row,) = person.runs()
    assert (row.preset, row.params["steps"]) == ("slow", 4000)


def test_a_live_tool_comes_up_with_its_sample(person: Person) -> None:
    person.click(first(person).cards["lens"])

    def answered() -> bool:
        stage = person.page.stage if person.window.at_tool else None
        frame = stage.sources[0].frame("bump") if stage and stage.sources else None
        return frame is not None and frame.data["centre"] == [-0.5, 0.0]

    person.wait(answered)
    assert person.page.tool.id == "lens"
    assert len([each for each in person.jobs.works if each.live]) == 1


def test_a_tool_without_a_sample_is_opened(person: Person) -> None:
    card = first(person).cards["count"]
    assert card.sample.text() == "Open"
    person.click(card)
    person.wait(lambda: person.window.at_tool and person.page.tool.id == "count")
    assert not person.jobs.works


def test_a_card_pressed_before_jobs_can_start_waits_for_them(plant: Callable[[str], Path], qtbot: QtBot) -> None:
    plant("drip")
    chosen: list[str] = []

    def press(window: object) -> None:
        page: FirstPage = window.first  # type: ignore[attr-defined]
        QTest.mouseClick(page.cards["drip"], Qt.MouseButton.LeftButton)
        chosen.append(page.cards["drip"].sample.text())

    with sitting(qtbot, at_once=press) as person:
        assert chosen == ["Starting…"]
        person.wait(lambda: person.page.work is not None and person.steps() > 3)
        assert person.window.at_tool


def test_keys_reach_everything(person: Person) -> None:
    page = first(person)
    reached: list[str] = []
    for _ in range(40):
        found = QApplication.focusWidget()
        reached.append(found.text() if isinstance(found, QToolButton) else found.objectName() if found else "")
        QTest.keyClick(found or page, Qt.Key.Key_Tab)
    assert {"English", "简体中文", "Light", "Dark", "As the system", "card"} <= set(reached)
    page.cards["drip"].setFocus()
    QTest.keyClick(page.cards["drip"], Qt.Key.Key_Return)
    person.wait(lambda: person.window.at_tool and person.page.work is not None)


def test_language_and_theme_are_chosen_by_clicks(person: Person) -> None:
    page = first(person)
    choices = {each.text(): each for each in page.findChildren(QToolButton) if each.objectName() == "choice"}
    assert choices["English"].isChecked()
    person.click(choices["简体中文"])
    kept = texts.translate("Runs", "zh_CN")
    person.wait(lambda: person.window.host.speech.language == "zh_CN" and choices["简体中文"].isChecked())
    person.settled()
    assert not choices["English"].isChecked()
    assert kept in [each.text() for each in page.findChildren(type(page.places["logs"]))]
    person.click(choices["Dark"])
    person.wait(lambda: person.window.host.theme.dark and choices["Dark"].isChecked())


def test_it_says_where_things_are_kept(person: Person, home: Path) -> None:
    said = {name: label.text() for name, label in first(person).places.items()}
    assert said["workspace"] == "~/workspace"
    assert Path(said["settings"]).name == "settings.toml"
    assert all(Path(text.replace("~", str(home))).is_relative_to(home) for text in said.values())


def test_cards_stand_in_as_many_columns_as_there_is_room_for(person: Person) -> None:
    page, window = first(person), person.window

    def columns() -> int:
        return len({card.x() for card in page.cards.values()})

    window.resize(1300, 700)
    person.wait(lambda: columns() == 3)
    window.resize(800, 600)
    person.wait(lambda: columns() == 2)
    assert page.body.width() <= page.viewport().width()


def test_the_first_paint_shows_it_and_stays_light(home: Path) -> None:
    found = painted(home)
    assert not found["heavy"]
    code = "import sys, json, workbench.ui.pages.first; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "pyqtgraph", "numpy"} & set(json.loads(done.stdout))
