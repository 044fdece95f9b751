"""A label whose lines break, and which is as high as they need.

Qt's own way (a height that depends on the width, asked for through all layouts above) becomes slow, and wrong for a
moment, in layouts as deep as a form's.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Wrapped(QLabel):
    """At least as wide as its longest word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(False)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        if text != self.text():
            super().setText(text)
            self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The longest word; in Chinese a line may break anywhere."""
        words = [word if word.isascii() else word[:4] for word in self.text().split()]
        widest = max((self.fontMetrics().horizontalAdvance(word) for word in words), default=0)
        return QSize(min(widest, 160) + max(self.indent(), 0) + 2, self.fontMetrics().height())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + max(self.indent(), 0) + 2
        return QSize(width, self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        room = QRect(0, 0, max(1, self.width() - max(self.indent(), 0)), 10_000)
        needed = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap.value, self.text()).height()
        needed = max(needed, self.fontMetrics().height())  # `heightForWidth` never gives less than it was fixed to
        if needed != self.minimumHeight():
            self.setFixedHeight(needed)
