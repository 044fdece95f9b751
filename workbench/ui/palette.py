"""The palette of commands: type some letters of what you want, in either language, and press Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.texts import T
from workbench.ui.commands import Command, Commands
from workbench.ui.ink import Place, ink
from workbench.ui.speech import Speech

_WIDTH, _HEIGHT = 560, 380
_EDGE, _ABOVE = 8, 3
"""Pixels that are free beside and above what a row says."""
_ID, _KEYS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QDialog):
    """A line to type in, and the commands that fit. Up and down choose while the line keeps the focus."""

    def __init__(self, commands: Commands, speech: Speech, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands, self._speech = commands, speech
        self.query = QLineEdit(placeholderText=speech.say(T("Type a command")), clearButtonEnabled=True)
        self.found = QListWidget()
        self.found.setUniformItemSizes(True)
        self.found.setItemDelegate(_Rows(self.found))
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
        item = QListWidgetItem(self._speech.say(command.name, command.domain), self.found)
        item.setData(_ID, command.id)
        item.setData(_KEYS, self._commands.action(command.id).shortcut().toString())

    def _take(self) -> None:
        item = self.found.currentItem()
        self.close()
        if item is not None:
            self._commands.action(item.data(_ID)).trigger()


class _Rows(QStyledItemDelegate):
    """Draws a command: its title, and at the right the keys for it. As widgets they took a frame to make."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Place) -> QSize:  # noqa: N802
        """Room above and below the line."""
        return super().sizeHint(option, index).grownBy(QMargins(0, _ABOVE, 0, _ABOVE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Place) -> None:
        """The ground, the title, the keys."""
        rows = self.parent()
        assert isinstance(rows, QWidget)
        rows.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, rows)
        room = option.rect.adjusted(_EDGE, 0, -_EDGE, 0)
        for data, side, role in (
            (Qt.ItemDataRole.DisplayRole, Qt.AlignmentFlag.AlignLeft, QPalette.ColorRole.Text),
            (_KEYS, Qt.AlignmentFlag.AlignRight, QPalette.ColorRole.PlaceholderText),
        ):
            painter.setPen(ink(option, role))
            painter.drawText(room, (side | Qt.AlignmentFlag.AlignVCenter).value, index.data(data))
