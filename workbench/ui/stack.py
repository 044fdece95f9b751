"""The pages of the window, of which one is in front."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.parts import Parts


class Stack(QStackedWidget):
    """front: the page that is wanted in front; it comes there in the next turn of the event loop, for it may have been
    made in this one. Then `changed` is emitted."""

    changed = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self.front = QWidget()
        self.addWidget(self.front)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)

    def addWidget(self, page: QWidget) -> int:  # noqa: N802 - Qt's name
        """See Qt."""
        return super().addWidget(self._parts.letter(page))

    def bring(self, page: QWidget) -> None:
        """Brings a page of the stack to the front, soon."""
        self.front = page
        self._soon.start()

    def _show(self) -> None:
        self.setCurrentWidget(self.front)
        self.changed.emit()
