"""Every kind of field, edited with real keys, clicks and wheels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from workbench.params import Artifact, P, Params
from workbench.texts import T
from workbench.ui.forms.editors.number import NumberLine
from workbench.ui.forms.editors.path import PathEditor
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.theme import LIGHT

from .forms_sample import click, make, node, turn, widget, write


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("rate", "3e-4", 3e-4),
        ("decay", "0.9995", 0.9995),
        ("decay", "0.12345678901234567", 0.12345678901234567),
        ("steps", "1e4", 10000),
        ("note", "2e-4", "2e-4"),
        ("sizes", "128, 64 32", [128, 64, 32]),
        ("sizes", "", []),
        ("model", "run:x1/model", "run:x1/model"),
        ("free", '{"a": 1}', {"a": 1}),
        ("free", "abc", "abc"),
        ("head.weights", "1", [1.0]),
        ("optimizer.rate", "1", 1.0),
    ],
)
def test_what_is_typed_is_the_value(qtbot: QtBot, path: str, text: str, value: Any) -> None:
    form = make(qtbot)
    with qtbot.waitSignal(form.changed) as heard:
        write(form, path, text)
    assert heard.args == [path]
    found: Any = form.values()
    for name in path.split("."):
        found = found[name]
    assert found == value
    assert type(found) is type(value)
    assert not form.problems()


def test_numbers_keep_every_digit_and_the_way_they_were_written(qtbot: QtBot) -> None:
    form = make(qtbot)
    assert widget(form, "rate", NumberLine).text() == "2e-4"
    assert widget(form, "decay", NumberLine).text() == "0.999"
    line = write(form, "rate", "0.00020")
    form.focus("note")
    form.refresh()
    assert line.text() == "0.00020"
    assert form.values() == {"rate": 0.0002}


def test_arrow_and_page_keys_step(qtbot: QtBot) -> None:
    form = make(qtbot)
    line = widget(form, "rate", NumberLine)
    for key, text in [
        (Qt.Key.Key_Up, "2.5e-4"),
        (Qt.Key.Key_PageUp, "0.0025"),
        (Qt.Key.Key_Down, "0.002"),
        (Qt.Key.Key_PageDown, "2e-4"),
    ]:
        QTest.keyClick(line, key)
        assert line.text() == text
    assert form.values() == {"rate": 2e-4}
    decay = widget(form, "decay", NumberLine)
    for _ in range(3):
        QTest.keyClick(decay, Qt.Key.Key_Up)
    assert (decay.text(), form.values().get("decay")) == ("0.999", None)


def test_the_wheel_steps_only_what_has_the_focus(qtbot: QtBot) -> None:
    form = make(qtbot)
    line = widget(form, "size", NumberLine)
    form.focus("note")
    assert not turn(line, 1).isAccepted()
    assert form.values() == {}
    line.setFocus()
    assert turn(line, 2).isAccepted()
    assert form.values() == {"size": 1.7}
    choices = widget(form, "loss", QComboBox)
    form.focus("note")
    turn(choices, -1)
    assert "loss" not in form.values()


def test_an_emptied_number_takes_its_default_again(qtbot: QtBot) -> None:
    form = make(qtbot)
    line = write(form, "rate", "5")
    write(form, "rate", "")
    assert form.values() == {}
    assert (line.text(), line.placeholderText()) == ("", "2e-4")
    form.focus("note")
    assert line.text() == "2e-4"


def test_a_number_can_be_written_after_a_blank(qtbot: QtBot) -> None:
    form = make(qtbot)
    write(form, "rate", "")
    assert write(form, "rate", " 5").text() == " 5"
    assert form.values() == {"rate": 5.0}


class Reader(Params):
    """A field that needs a product of a run."""

    index: Annotated[str, Artifact("index/tokens", missing=T("count words first."))] = P(..., "Index")
    more: tuple[Annotated[str, Artifact("index/tokens")], ...] = P((), "More")


def test_an_emptied_artifact_is_missed_as_one_that_was_never_chosen(qtbot: QtBot) -> None:
    form = make(qtbot, Reader)
    assert form.problems() == [("index", "count words first.")]
    line = write(form, "index", "run:a1/tokens")
    assert form.problems() == []
    write(form, "index", "")
    assert (form.values(), form.problems()) == ({}, [("index", "count words first.")])
    QTest.keyClicks(line, "run:b2/tokens")
    assert form.values() == {"index": "run:b2/tokens"}


def test_an_emptied_artifact_leaves_those_beside_it(qtbot: QtBot) -> None:
    form = make(qtbot, Reader)
    form.put("more", ["run:a1/tokens", "run:b2/tokens"])
    form.complete()
    write(form, "more.1", "")
    assert form.values() == {"more": ["run:a1/tokens", ""]}


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("rate", "abc", "abc is not a number."),
        ("rate", "-1", "must be greater than 0.0."),
        ("steps", "1.5", "1.5 is not a whole number."),
        ("decay", "nan", "must be a finite number."),
        ("model", "run:", "write run:ID/NAME, run:ID/NAME@STEP or a path."),
        ("sizes", "1,x", "number 2: x is not a whole number."),
        ("head.stages", "99", "must be at most 16."),
    ],
)
def test_a_fault_is_said_at_its_field_which_is_marked(qtbot: QtBot, path: str, text: str, said: str) -> None:
    form = make(qtbot)
    line = write(form, path, text)
    leaf = node(form, path)
    assert isinstance(leaf, Leaf)
    assert leaf.row.problem.isVisible()
    assert (leaf.row.problem.text(), line.palette().base().color().name()) == (said, LIGHT.wrong_ground)
    assert [field for field, _ in form.problems()] == [path if path != "sizes" else "sizes.1"]
    assert not form.banner.isVisible()
    click(leaf.row.reset)
    assert (leaf.row.problem.isVisible(), form.problems(), form.values()) == (False, [], {})
    assert line.palette().base() == form.palette().base()


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("centre", [float("inf"), 0], "number 1: must be a finite number."),
        ("centre", [0, 101], "number 2: must be at most 100.0."),
        ("vectors.1", [0, float("nan")], "number 2: must be a finite number."),
        ("head.weights", [1, 2, "x"], "number 3: x is not a number."),
    ],
)
def test_a_wrong_number_among_several_is_named_by_its_place(qtbot: QtBot, path: str, value: Any, said: str) -> None:
    form = make(qtbot)
    form.put(path, value)
    leaf = node(form, path)
    assert isinstance(leaf, Leaf)
    assert leaf.row.problem.text() == said


def test_a_group_says_what_is_wrong_with_it_as_a_whole(qtbot: QtBot) -> None:
    form = make(qtbot)
    write(form, "head.weights", "1, 2, 3")
    labels = [each for each in node(form, "head").findChildren(QLabel, "problem") if each.isVisible()]
    assert [each.text() for each in labels] == ["give one weight for each of the 1 scores, or none."]


def test_a_switch(qtbot: QtBot) -> None:
    form = make(qtbot)
    click(widget(form, "smooth", QCheckBox))
    assert form.values() == {"smooth": True}
    QTest.keyClick(widget(form, "smooth", QCheckBox), Qt.Key.Key_Space)
    assert form.values() == {"smooth": False}


def test_a_choice_shows_the_fields_that_it_calls_for(qtbot: QtBot) -> None:
    form = make(qtbot)
    assert not node(form, "slack").isVisible()
    QTest.keyClick(widget(form, "loss", QComboBox), Qt.Key.Key_Down)
    assert form.values() == {"loss": "wasserstein"}
    assert node(form, "slack").isVisible()


def test_a_vector(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.focus("centre")
    first, second = (each for each in node(form, "centre").stops() if isinstance(each, NumberLine))
    second.selectAll()
    QTest.keyClicks(second, "-1e-3")
    assert form.values() == {"centre": [0.0, -1e-3]}
    QTest.keyClick(first, Qt.Key.Key_Up)
    assert form.values() == {"centre": [0.1, -1e-3]}


def test_an_optional_number_is_switched_on_and_off(qtbot: QtBot) -> None:
    form = make(qtbot)
    toggle = widget(form, "cut", QCheckBox)
    click(toggle)
    write(form, "cut", "0.25")
    assert form.values() == {"cut": 0.25}
    click(toggle)
    assert form.values() == {"cut": None}
    click(toggle)
    assert form.values() == {"cut": 0.25}


def test_an_optional_group_shows_its_fields_when_it_is_on(qtbot: QtBot) -> None:
    form = make(qtbot)
    toggle = widget(form, "spare", QCheckBox)
    click(toggle)
    form.complete()
    assert form.values() == {"spare": {}}
    write(form, "spare.stages", "2")
    assert form.values() == {"spare": {"stages": 2}}
    click(toggle)
    assert form.values() == {"spare": None}


def test_a_variant_keeps_what_was_typed_for_each_member(qtbot: QtBot) -> None:
    form = make(qtbot)
    write(form, "optimizer.rate", "0.125")
    choices = widget(form, "optimizer", QComboBox)
    QTest.keyClick(choices, Qt.Key.Key_Down)
    form.complete()
    assert form.values() == {"optimizer": {"kind": "clip"}}
    click(widget(form, "optimizer.limit", QCheckBox))
    write(form, "optimizer.limit", "3")
    QTest.keyClick(choices, Qt.Key.Key_Up)
    assert form.values() == {"optimizer": {"kind": "adam", "rate": 0.125}}
    assert widget(form, "optimizer.rate", NumberLine).text() == "0.125"
    QTest.keyClick(choices, Qt.Key.Key_Down)
    assert form.values() == {"optimizer": {"kind": "clip", "limit": 3.0}}


def test_a_file_that_is_missing_is_said_later(qtbot: QtBot, tmp_path: Path) -> None:
    form = make(qtbot)
    write(form, "table", str(tmp_path / "a.csv"))
    qtbot.waitUntil(lambda: ("table", f"there is no such file: {tmp_path / 'a.csv'}") in form.problems())
    (tmp_path / "b.csv").touch()
    write(form, "table", str(tmp_path / "b.csv"))
    qtbot.waitUntil(lambda: not form.problems())
    write(form, "table", "~nobody-at-all/c.csv")
    qtbot.waitUntil(lambda: [field for field, _ in form.problems()] == ["table"])
    write(form, "table", str(tmp_path / "b.csv"))
    click(widget(form, "folder", QCheckBox))
    write(form, "folder", str(tmp_path / "none"))
    qtbot.waitUntil(lambda: [field for field, _ in form.problems()] == ["folder"])


def test_files_are_chosen_and_dropped(qtbot: QtBot, tmp_path: Path) -> None:
    form = make(qtbot)
    click(widget(form, "table", QToolButton))
    dialog = form.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.nameFilters() == ["*.csv"]
    dialog.fileSelected.emit(str(tmp_path / "chosen.csv"))
    dialog.reject()
    assert form.values() == {"table": str(tmp_path / "chosen.csv")}
    editor = node(form, "table").findChild(PathEditor)
    assert editor is not None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.csv"))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    editor.dropEvent(QDropEvent(QPoint(5, 5), copy, data, left, none))
    assert form.values() == {"table": str(tmp_path / "dropped.csv")}


def test_artifacts_are_picked(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_artifacts("model/energy", ["run:a1/model", "run:b2/model@7"])
    with qtbot.waitSignal(form.picking) as heard:
        click(widget(form, "model", QToolButton))
    assert heard.args == ["model/energy"]
    line = widget(form, "model", QLineEdit)
    popup = line.completer().popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    assert popup.model().rowCount() == 2
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert form.values() == {"model": "run:b2/model@7"}


def test_an_array_is_drawn_in_a_panel_or_loaded(qtbot: QtBot) -> None:
    form = make(qtbot)
    with qtbot.waitSignal(form.drawing) as heard:
        click(widget(form, "picture", QToolButton))
    assert heard.args == ["picture"]
    form.put("picture", [[True, False, True]])
    said = node(form, "picture").findChild(QLabel, "summary")
    assert said is not None
    assert said.text() == "drawn, 1 × 3"
    form.put("picture", "/tmp/none/mask.png")
    assert said.text() == "mask.png"
    form.put("picture", {"$array": "0123"})
    assert said.text() == "kept with its run"


def test_units_and_help_are_shown(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.focus("rate")
    assert form.help.text() == "Learning rate: How far a step goes. (0, ∞)"
    assert "How far a step goes." in widget(form, "rate", NumberLine).toolTip()
    units = [each.text() for each in node(form, "size").findChildren(QLabel, "unit") if each.isVisible()]
    assert units == ["mm"]
