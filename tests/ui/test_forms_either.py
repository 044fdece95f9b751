"""Fields that take a file or a folder, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from workbench.api import File, FileOrFolder, Folder, Group, OneOf, P, Params
from workbench.ui.forms import Form
from workbench.ui.forms.editors.path import PathEditor

from .forms_sample import click, make, node, widget, write


class Reader(Params):
    paths: tuple[Annotated[Path, FileOrFolder()], ...] = P((Path("a.txt"),), "Texts")


def test_either_is_chosen_with_its_own_button(qtbot: QtBot, tmp_path: Path) -> None:
    form = make(qtbot, Reader)
    editor = node(form, "paths.0").findChild(PathEditor)
    assert editor is not None
    folder, file = (each for each in editor.stops() if isinstance(each, QToolButton))
    assert (folder.toolTip(), file.toolTip()) == ("Choose a folder…", "Choose a file…")
    for button, mode in ((folder, QFileDialog.FileMode.Directory), (file, QFileDialog.FileMode.ExistingFile)):
        click(button)
        (dialog,) = form.findChildren(QFileDialog)
        assert dialog.fileMode() == mode
        dialog.fileSelected.emit(str(tmp_path / mode.name))
        dialog.reject()
        assert form.values() == {"paths": [str(tmp_path / mode.name)]}
        qtbot.waitUntil(lambda: not form.findChildren(QFileDialog))


def test_a_pattern_is_written_and_not_looked_for(qtbot: QtBot) -> None:
    form = make(qtbot, Reader)
    assert isinstance(write(form, "paths.0", "news/*.txt"), QLineEdit)
    assert form.values() == {"paths": ["news/*.txt"]}
    qtbot.wait(100)
    assert form.problems() == []


class Images(Group):
    kind: Literal["images"] = "images"
    path: Annotated[Path, Folder()] = P(Path(), "Folder")


class Words(Group):
    kind: Literal["words"] = "words"
    path: str = P("", "Path")


class Extra(Group):
    file: Annotated[Path, File("*")] = P(Path("/nowhere/notes"), "File")


class Learner(Params):
    data: Annotated[Words | Images, OneOf()] = P(Words(), "Data")
    extra: Extra | None = P(None, "Extra")
    loss: Literal["hinge", "table"] = P("hinge", "Loss")
    table: Annotated[Path, File("*")] = P(Path(), "Table", when={"loss": "table"})


def missing(form: Form) -> list[str]:
    return [path for path, _ in form.problems()]


def test_what_is_missing_counts_only_while_its_field_does(qtbot: QtBot) -> None:
    form = make(qtbot, Learner)
    choices = widget(form, "data", QComboBox)
    QTest.keyClick(choices, Qt.Key.Key_Down)
    form.complete()
    write(form, "data.path", "/nowhere/mnist")
    qtbot.waitUntil(lambda: missing(form) == ["data.path"])
    QTest.keyClick(choices, Qt.Key.Key_Up)
    assert missing(form) == []
    QTest.keyClick(choices, Qt.Key.Key_Down)
    assert missing(form) == ["data.path"]
    form.set_values({"data": {"kind": "words", "path": "of another kind"}})
    assert missing(form) == []


def test_nothing_is_missing_in_a_group_that_is_switched_off(qtbot: QtBot) -> None:
    form = make(qtbot, Learner)
    form.hub.switch("extra", True)
    form.complete()
    qtbot.waitUntil(lambda: missing(form) == ["extra.file"])
    form.hub.switch("extra", False)
    assert missing(form) == []


def test_nothing_is_missing_where_a_field_is_hidden_or_varied(qtbot: QtBot) -> None:
    form = make(qtbot, Learner)
    form.put("loss", "table")
    write(form, "table", "/nowhere/table")
    qtbot.waitUntil(lambda: missing(form) == ["table"])
    form.put("loss", "hinge")
    assert missing(form) == []
    form.put("loss", "table")
    form.hub.set_vary("table", "a.csv, b.csv")
    assert missing(form) == []
