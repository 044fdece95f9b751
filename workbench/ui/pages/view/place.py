"""Where a view stands: the view itself, or a sentence that says why it is not there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from workbench.texts import T
from workbench.ui.bar import show_text
from workbench.ui.named import named
from workbench.ui.speech import Speech


class Place(QStackedWidget):
    """Holds one view at a time. `again` when a person wants another try."""

    again = Signal()

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech
        self._view: QWidget | None = None
        self._log = ""
        self.said = named(QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True), "view-said")
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = self._button(T("Details"), self._show_log)
        self.retry = self._button(T("Try again"), self.again.emit)
        self.addWidget(self._message())
        self.wait()

    @property
    def shown(self) -> bool:
        """Whether the view can be seen, not a sentence."""
        return self._view is not None and self.currentWidget() is self._view

    def wait(self) -> None:
        """The view is being made."""
        self._say(T("Opening …"), "")

    def hold(self, view: QWidget) -> None:
        """Shows a view; the one before is let go of."""
        before, self._view = self._view, view
        self.addWidget(view)
        self.setCurrentWidget(view)
        if before is not None and before is not view:
            self.removeWidget(before)
            before.deleteLater()

    def show_view(self) -> None:
        """Shows the view that is held again."""
        if self._view is not None:
            self.setCurrentWidget(self._view)

    def fail(self, text: str, log: str) -> None:
        """Shows a sentence instead of the view, which stays as it is. log: what Details shows."""
        self._say(text, log)

    def _say(self, text: str, log: str) -> None:
        self._log = log
        self._speech.bind(self.said, "setText", text)
        self.details.setVisible(bool(log))
        self.retry.setVisible(bool(log))
        self.setCurrentIndex(0)

    def _show_log(self) -> None:
        show_text(self._speech.say(T("Details")), self._log, self)

    def _button(self, text: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        self._speech.bind(button, "setText", text)
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _message(self) -> QWidget:
        page, row, column = QWidget(), QHBoxLayout(), QVBoxLayout()
        row.addStretch(1)
        for each in (self.details, self.retry):
            row.addWidget(each)
        row.addStretch(1)
        column.addStretch(1)
        column.addWidget(self.said)
        column.addLayout(row)
        column.addStretch(1)
        page.setLayout(column)
        return page
