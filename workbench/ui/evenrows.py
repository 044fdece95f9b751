"""Rows of one height: a million of them must not be measured."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHeaderView


class EvenRows(QHeaderView):
    """The head of a table's rows, which are as high as its letters and some room (pixels), in every language."""

    def __init__(self, room: int) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._room = room
        self.setSectionsClickable(True)
        self.setHighlightSections(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setDefaultSectionSize(self.fontMetrics().height() + self._room)
