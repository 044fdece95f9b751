"""The palette of commands: type some letters of what you want, in either language, and press Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.texts import T
from workbench.ui.commands import Command, Commands
from workbench.ui.named import named
from workbench.ui.speech import Speech

_WIDTH, _HEIGHT = 560, 380
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QDialog):
    """A line to type in, and the commands that fit. Up and down choose while the line keeps the focus."""

    def __init__(self, commands: Commands, speech: Speech, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands, self._speech = commands, speech
        self.query = QLineEdit(placeholderText=speech.say(T("Type a command")), clearButtonEnabled=True)
        self.found = QListWidget()
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.query)
        layout.addWidget(self.found)
        self.query.textChanged.connect(self._search)
        self.query.returnPressed.connect(self._take)
        self.found.itemClicked.connect(lambda _: self._take())
        self.query.installEventFilter(self)
        self.resize(_WIDTH, _HEIGHT)
        commands.refresh()
        self._search("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Hands the keys that choose on to the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self.found.event(event)
            return True
        return super().eventFilter(watched, event)

    def _search(self, query: str) -> None:
        self.found.clear()
        for command in self._commands.search(query):
            if self._commands.action(command.id).isEnabled():
                self._add(command)
        self.found.setCurrentRow(0)

    def _add(self, command: Command) -> None:
        item = QListWidgetItem(self.found)
        item.setData(Qt.ItemDataRole.UserRole, command.id)
        row = QWidget()
        row.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(8, 3, 8, 3)
        layout.addWidget(QLabel(self._speech.say(command.title, command.domain)), 1)
        keys = named(QLabel(self._commands.action(command.id).shortcut().toString()), "quiet")
        layout.addWidget(keys)
        item.setSizeHint(row.sizeHint())
        self.found.setItemWidget(item, row)

    def _take(self) -> None:
        item = self.found.currentItem()
        self.close()
        if item is not None:
            self._commands.action(item.data(Qt.ItemDataRole.UserRole)).trigger()
