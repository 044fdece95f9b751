"""What is being written and what is written: a running job takes a value once it is whole."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from workbench.ui.forms import Form
from workbench.ui.forms.editors.number import NumberLine

from .forms_sample import click, leaf, make, turn, widget, write
from .frame import Person


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    return make(qtbot)


@pytest.fixture
def heard(form: Form) -> list[str]:
    """The fields that were finished."""
    found: list[str] = []
    form.finished.connect(found.append)
    return found


def test_what_is_typed_counts_at_once_and_is_finished_by_return(form: Form, heard: list[str]) -> None:
    line = write(form, "rate", "0.0035")
    assert (form.values(), form.draft()["values"], heard) == ({"rate": 0.0035}, {"rate": 0.0035}, [])
    QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert heard == ["rate"]


def test_it_is_finished_when_the_focus_goes(form: Form, heard: list[str]) -> None:
    for path in ("note", "centre", "sizes", "free"):
        QTest.keyClick(write(form, path, "3"), Qt.Key.Key_Tab)
    assert heard == ["note", "centre", "sizes", "free"]


def test_what_is_wrong_is_said_while_it_is_written(form: Form, heard: list[str]) -> None:
    write(form, "rate", "-")
    assert leaf(form, "rate").row.problem.text()
    assert heard == []


def test_steps_choices_arrows_and_handles_are_finished_at_once(form: Form, heard: list[str]) -> None:
    line = write(form, "rate", "0.003")
    QTest.keyClick(line, Qt.Key.Key_Up)
    turn(line, 1)
    click(leaf(form, "rate").row.reset)
    form.put("rate", 0.5)
    QTest.keyClick(widget(form, "loss", QComboBox), Qt.Key.Key_Down)
    assert heard == ["rate"] * 4 + ["loss"]


def test_a_slow_models_value_is_checked_before_it_is_finished(form: Form, heard: list[str]) -> None:
    form.hub.cheap = 0.0
    told: list[str] = []
    form.changed.connect(told.append)
    QTest.keyClick(write(form, "rate", "0.0035"), Qt.Key.Key_Return)
    assert (told, heard) == (["rate"], ["rate"])


def test_a_number_that_nobody_is_at_shows_how_it_begins(form: Form) -> None:
    line = widget(form, "size", NumberLine)
    form.focus("note")
    form.put("size", 1.3516944477123)
    assert (line.text(), line.cursorPosition()) == ("1.3516944477123", 0)


# --------------------------------------------------------------------------- in the window


def sent(person: Person, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the job that is shown is told from now on."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(person.work.job, "set", lambda **values: found.append(values))
    return found


def test_a_running_job_takes_only_whole_values(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    told = sent(person, monkeypatch)
    line = write(person.page.form, "pause", "0.0035", 20)
    assert told == []
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert told == [{"pause": 0.0035}]
    write(person.page.form, "pause", "0.004", 20)
    person.click("pause")
    assert told == [{"pause": 0.0035}, {"pause": 0.004}]
    person.page.form.reset("pause")
    assert told[2:] == [{"pause": 0.0}]


def test_what_is_typed_is_what_a_run_starts_with(person: Person) -> None:
    write(person.page.form, "steps", "3777")
    person.start()
    assert person.runs()[0].params["steps"] == 3777


def test_choosing_a_preset_says_what_to_look_for(person: Person) -> None:
    person.page.form.apply_preset("short")
    assert person.page.about.isHidden()
    person.page.form.apply_preset("slow")
    assert not person.page.about.isHidden()


def test_a_runs_parameters_are_told_as_the_preset_that_they_are(person: Person) -> None:
    form = person.page.form
    form.hub.set_vary("steps", "0:6")
    person.page.entry.take({"version": 1, "seed": 0, "steps": 4000, "pause": 0.01, "fault": ""})
    assert (form.preset, form.vary()) == ("slow", {})
    assert [path for path in ("steps", "pause", "fault") if leaf(form, path).row.reset.isVisible()] == [
        "steps",
        "pause",
    ]
    person.page.entry.take({"steps": 4001})
    assert form.preset == ""
