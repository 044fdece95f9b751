"""Tags as chips: each with a cross to take it away, and a line to type more, completed from those that there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.runs.labels import split_tags
from workbench.texts import T
from workbench.ui.named import named
from workbench.ui.speech import Speech

_GAP = 4


class TagField(QWidget):
    """`added(tags)` by Enter, a comma or a choice of the completion; `removed(tag)` by a click, or Backspace."""

    added = Signal(list)
    removed = Signal(str)

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech
        self.tags: Sequence[str] = ()
        self.line = named(TagLine(), "tag-line")
        speech.bind(self.line, "setPlaceholderText", T("Add a tag"))
        speech.bind(self.line, "setAccessibleName", T("Add a tag"))
        self._known = QStringListModel()
        self._complete()
        self._room = QWidget()
        self._chips = Flow(self._room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(self._room)
        layout.addWidget(self.line)
        self.line.ended.connect(self._add)
        self.line.emptied.connect(lambda: self.tags and self.removed.emit(self.tags[-1]))

    def show_tags(self, tags: Sequence[str], known: Sequence[str]) -> None:
        """Shows these; known: those that the completion offers."""
        if list(known) != self._known.stringList():
            self._known.setStringList(list(known))
        if list(tags) == list(self.tags):
            return
        self.tags = tags
        self._chips.clear()
        for tag in tags:
            self._chips.addWidget(self._chip(tag))
        self._room.setVisible(bool(tags))
        self._room.updateGeometry()

    @property
    def chips(self) -> list[QToolButton]:
        """The chips that can be clicked."""
        return [each for each in self._room.children() if isinstance(each, QToolButton)]

    def _chip(self, tag: str) -> QToolButton:
        chip = named(QToolButton(), "chip")
        chip.setText(f"{tag}  ✕")
        chip.setToolTip(self._speech.say(T("Take the tag {tag} away", tag=tag)))
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)  # as high as those beside it
        chip.clicked.connect(partial(self.removed.emit, tag))
        return chip

    def _complete(self) -> None:
        completer = QCompleter(self._known, self.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._add, Qt.ConnectionType.QueuedConnection)
        self.line.setCompleter(completer)

    def _add(self) -> None:
        tags = split_tags(self.line.text())
        self.line.clear()
        if tags:
            self.added.emit(tags)


class TagLine(QLineEdit):
    """`ended` by Enter or a comma, `emptied` by Backspace where nothing is typed."""

    ended = Signal()
    emptied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See above."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.text() in (",", "，"):
            self.ended.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        else:
            super().keyPressEvent(event)


class Flow(QLayout):
    """Widgets in rows, as words in lines."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def clear(self) -> None:
        """Takes the widgets away."""
        while self._items:
            widget = self.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """See `QLayout`."""
        self._items.append(item)

    def count(self) -> int:
        """See `QLayout`."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """See `QLayout`."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem:  # noqa: N802 - Qt's name
        """See `QLayout`."""
        return self._items.pop(place)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Narrower is taller."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """See `QLayout`."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `QLayout`."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest of the widgets."""
        sizes = [each.minimumSize() for each in self._items]
        return QSize(
            max((each.width() for each in sizes), default=0), max((each.height() for each in sizes), default=0)
        )

    def setGeometry(self, room: QRect) -> None:  # noqa: N802 - Qt's name
        """See `QLayout`."""
        super().setGeometry(room)
        self._place(room, move=True)

    def _place(self, room: QRect, move: bool) -> int:
        """Places the widgets, all of one height, or only says how high they stand."""
        x, y = room.x(), room.y()
        high = max((each.sizeHint().height() for each in self._items), default=0)
        for item in self._items:
            wide = item.sizeHint().width()
            if x > room.x() and x + wide > room.right() + 1:
                x, y = room.x(), y + high + _GAP
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(min(wide, room.width()), high)))
            x += wide + _GAP
        return y + high - room.y()
