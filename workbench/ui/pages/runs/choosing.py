"""Which columns the list of runs shows: a list to tick, found by some letters, open while one ticks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from workbench.texts import T
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

_ID = Qt.ItemDataRole.UserRole
_TICKS = """
QListView::item {{ padding: 3px 2px; color: {text}; }}
QListView::item:selected {{ background: {raised}; }}
QListView::indicator {{ width: 11px; height: 11px; border: 1px solid {quiet}; border-radius: 3px; }}
QListView::indicator:checked {{ background: {accent}; border-color: {accent}; }}
"""
"""Fusion's own boxes cannot be seen on a dark ground while they are empty."""
_SIZE = 260, 380


class Columns(QFrame):
    """A popup. `chosen(columns)` at every tick, in the order of the table; None: as at first."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, speech: Speech, theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.search = QLineEdit(clearButtonEnabled=True)
        speech.bind(self.search, "setPlaceholderText", T("Search columns"))
        self.list = QListWidget()
        self._theme = theme
        self.first = QPushButton()
        speech.bind(self.first, "setText", T("As at first"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        for widget in (self.search, self.list, self.first):
            layout.addWidget(widget)
        self._shown: list[str] = []
        self.search.textChanged.connect(self._filter)
        self.list.itemChanged.connect(self._ticked)
        self.first.clicked.connect(self._as_at_first)
        self.resize(*_SIZE)

    def offer(self, offered: Sequence[str], shown: Sequence[str], title: Callable[[str], str]) -> None:
        """Lists columns: those that are shown first."""
        self.list.setStyleSheet(_TICKS.format(**vars(self._theme.colours)))
        self._shown = [each for each in shown if each in set(offered)]
        self.search.clear()
        self.list.blockSignals(True)
        self.list.clear()
        for column in [*self._shown, *(each for each in offered if each not in set(self._shown))]:
            item = QListWidgetItem(title(column), self.list)
            item.setData(_ID, column)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if column in self._shown else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)

    def pop_up(self, corner: QPoint) -> None:
        """Opens with its right upper corner here."""
        self.move(corner.x() - self.width(), corner.y())
        self.show()
        self.search.setFocus()

    def _as_at_first(self) -> None:
        self.chosen.emit(None)
        self.close()

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for item in (self.list.item(row) for row in range(self.list.count())):
            item.setHidden(not all(word in item.text().lower() for word in words))

    def _ticked(self, item: QListWidgetItem) -> None:
        column = str(item.data(_ID))
        self._shown = [each for each in self._shown if each != column]
        if item.checkState() == Qt.CheckState.Checked:
            self._shown.append(column)
        self.chosen.emit(tuple(self._shown))
