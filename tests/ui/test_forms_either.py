"""A field that takes a file or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from workbench.api import FileOrFolder, P, Params
from workbench.ui.forms.editors.path import PathEditor

from .forms_sample import click, make, node, write


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
