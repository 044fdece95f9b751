"""The view: a table of notes with their labels, a line for another note, and a button that has labels suggested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)  # fmt: skip

from workbench.ui.widgets import Host, View

from . import T
from .document import Change, Document


class NotesView(View):
    """Edits a `Document`: every change is an operation on the undo stack, those of a person and those of a job."""

    def __init__(self, host: Host, document: Document | None = None) -> None:
        super().__init__(host, document)
        self.document = document or Document()
        self.table, self.line = QTableWidget(0, 2), QLineEdit()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        host.bind(self.line, "setPlaceholderText", T("Another note"))
        self.add, self.delete = self._button(T("Add"), self._add), self._button(T("Delete"), self._delete)
        self.suggest = self._button(T("Suggest labels"), self.host.start)
        row, column = QHBoxLayout(), QVBoxLayout(self)
        for widget in (self.line, self.add, self.delete, self.suggest):
            row.addWidget(widget)
        column.addWidget(self.table)
        column.addLayout(row)
        self.table.itemChanged.connect(self._edited)
        self.line.returnPressed.connect(self._add)
        QShortcut(QKeySequence.StandardKey.Delete, self.table, self._delete, context=Qt.ShortcutContext.WidgetShortcut)
        self.worded()
        self._show()

    # ------------------------------------------------------------------ the document, for the window

    @staticmethod
    def read(path: Path) -> Document:
        """See `View`."""
        return Document.load(path)

    @staticmethod
    def write(document: Document, path: Path) -> None:
        """See `View`."""
        document.save(path)

    def snapshot(self) -> Document:
        """See `View`."""
        return self.document.copy()

    @property
    def revision(self) -> int:
        """See `View`."""
        return self.document.revision

    def take_rows(self, run: str, stream: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """See `View`; suggestions of one run are undone in one go."""
        change = self.document.accept(rows) if stream == "suggestions" else None
        if change is not None:
            self._do(T("take suggestions"), change, together=run)

    def save_state(self) -> dict[str, Any]:
        """See `View`."""
        return {"row": self.table.currentRow(), "line": self.line.text()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """See `View`."""
        self.table.setCurrentCell(int(state.get("row", -1)), 0)
        self.line.setText(str(state.get("line", "")))

    def worded(self) -> None:
        """See `View`."""
        self.table.setHorizontalHeaderLabels([self.host.say(T("Note")), self.host.say(T("Label"))])

    # ------------------------------------------------------------------ a person

    def _add(self) -> None:
        if self.line.text().strip():
            self._do(T("add a note"), self.document.add(self.line.text().strip()))
            self.line.clear()
            self.table.scrollToBottom()

    def _delete(self) -> None:
        if self.table.currentRow() >= 0:
            self._do(T("delete a note"), self.document.remove(self._key(self.table.currentRow())))

    def _edited(self, item: QTableWidgetItem) -> None:
        key, text = self._key(item.row()), item.text().strip()
        note = replace(self.document.notes[key], **{"label" if item.column() else "text": text})
        if note != self.document.notes[key]:
            self._do(T("change a note"), self.document.put(key, note))

    def _do(self, text: str, change: Change, together: str = "") -> None:
        self.perform(text, lambda: self._apply(change), lambda: self._apply(change.reverse), together)

    def _apply(self, change: Change) -> None:
        self.document.apply(change)
        self._show()

    # ------------------------------------------------------------------ what is shown

    def _show(self) -> None:
        """The notes in their order; what is selected stays."""
        self.table.blockSignals(True)
        self.table.setRowCount(len(self.document.notes))
        for row, note in enumerate(self.document.notes.values()):
            for column, text in enumerate((note.text, note.label)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.blockSignals(False)
        self.table.viewport().update()

    def _key(self, row: int) -> str:
        return list(self.document.notes)[row]

    def _button(self, text: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        self.host.bind(button, "setText", text)
        button.clicked.connect(lambda _checked=False: run())
        return button
