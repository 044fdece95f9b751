"""Qt's own words, in the window's language."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.speech import Speech, read


@pytest.mark.usefixtures("qapp")
def test_qts_words_last_as_long_as_the_language() -> None:
    speech = Speech("en")
    speech.speak("zh_CN", read("zh_CN", ()))
    size = len(read("zh_CN", ()))
    crowd = [bytes([k % 256]) * size for k in range(50)]  # takes whatever place has become free
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert QCoreApplication.translate("QShortcut", "Space") == "空格"
    speech.end()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert len(crowd) == 50


def test_a_file_dialog_speaks_the_language(qtbot: QtBot) -> None:
    speech = Speech("en")
    speech.speak("zh_CN", read("zh_CN", ()))
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    assert [dialog.labelText(each) for each in QFileDialog.DialogLabel] == [
        "查找范围(&L)：", "文件名称(&N)：", "文件类型(&T)：", "打开(&O)", "取消",
    ]  # fmt: skip
    speech.end()


def test_no_widget_is_told_of_a_language_by_qt(qtbot: QtBot) -> None:
    """It would tell every one of them, in one turn."""
    speech, window, told = Speech("en"), QWidget(), []

    class Child(QWidget):
        def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
            told.append(event.type())

    child = Child(window)
    qtbot.addWidget(window)
    window.show()
    speech.speak("zh_CN", read("zh_CN", ()))
    qtbot.waitUntil(lambda: not speech.turns.busy)
    assert child.isVisible()
    assert QEvent.Type.LanguageChange not in told
    speech.end()
