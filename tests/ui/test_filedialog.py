"""Dialogs for files begin where the last one was left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from workbench.ui.filedialog import FileDialog


def leave(qtbot: QtBot, into: Path, mode: QFileDialog.FileMode) -> None:
    """Opens a dialog, types a path, and accepts it."""
    dialog = FileDialog(None, "one")
    qtbot.addWidget(dialog)
    dialog.setFileMode(mode)
    if mode == QFileDialog.FileMode.AnyFile:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.open()
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.setText(str(into))
    dialog.accept()
    assert dialog.result() == QFileDialog.DialogCode.Accepted


@pytest.mark.parametrize("mode", [QFileDialog.FileMode.AnyFile, QFileDialog.FileMode.Directory])
def test_a_dialog_begins_where_the_last_one_was_left(qtbot: QtBot, tmp_path: Path, mode: QFileDialog.FileMode) -> None:
    for name in ("first", "second"):
        (tmp_path / name / "inner").mkdir(parents=True)
        chosen = tmp_path / name / ("inner" if mode == QFileDialog.FileMode.Directory else "film.gif")
        leave(qtbot, chosen, mode)
        found = FileDialog(None, "another")
        qtbot.addWidget(found)
        assert Path(found.directory().absolutePath()) == tmp_path / name
    told = FileDialog(None, "told", str(tmp_path / "first"))
    qtbot.addWidget(told)
    assert Path(told.directory().absolutePath()) == tmp_path / "first"


def test_a_dialog_that_is_called_off_is_forgotten(qtbot: QtBot, tmp_path: Path) -> None:
    leave(qtbot, tmp_path / "film.gif", QFileDialog.FileMode.AnyFile)
    other = tmp_path / "other"
    other.mkdir()
    dialog = FileDialog(None, "one")
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.findChild(QLineEdit).setText(f"{other}/film.gif")  # type: ignore[union-attr]
    dialog.reject()
    found = FileDialog(None, "another")
    qtbot.addWidget(found)
    assert Path(found.directory().absolutePath()) == tmp_path
