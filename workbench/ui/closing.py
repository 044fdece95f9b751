"""Closing the window while jobs run: stop and save them, cancel them, or stay."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from workbench.texts import T
from workbench.ui.speech import Speech

Role = QMessageBox.ButtonRole


class Question(QMessageBox):
    """Asks; `answer("save" or "cancel")` unless one stays."""

    def __init__(self, count: int, speech: Speech, answer: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        say = speech.say
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("Workbench")
        self.setText(say(T("Jobs that have not ended: {count}.", count=count)))
        self.setInformativeText(say(T("A job that is stopped and saved can be continued later.")))
        self.save = self._button(say(T("Stop and save")), Role.AcceptRole)
        self.cancel = self._button(say(T("Cancel the jobs")), Role.DestructiveRole)
        self.stay = self._button(say(T("Stay")), Role.RejectRole)
        self.setDefaultButton(self.save)
        self.setEscapeButton(self.stay)
        self.buttonClicked.connect(lambda button: self._answer(button, answer))

    def _button(self, text: str, role: Role) -> QPushButton:
        button = QPushButton(text)
        self.addButton(button, role)
        return button

    def _answer(self, button: object, answer: Callable[[str], object]) -> None:
        if button is self.save or button is self.cancel:
            answer("save" if button is self.save else "cancel")
