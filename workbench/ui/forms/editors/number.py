"""A number, in a line: every digit is kept; arrow keys, page keys and (when focused) the wheel step it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.ui.forms import numbers
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.kinds import Kind
from workbench.ui.forms.nested import UNSET
from workbench.ui.forms.place import Place

STEPS = {
    Qt.Key.Key_Up: (1, False),
    Qt.Key.Key_Down: (-1, False),
    Qt.Key.Key_PageUp: (1, True),
    Qt.Key.Key_PageDown: (-1, True),
}


class NumberLine(QLineEdit):
    """The line itself. `textEdited` says what was typed; a step is told as if it were typed."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self._value: Any = None
        self._turned = 0
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.000"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def read(self) -> Any:
        """The number, the text where it is none, UNSET where there is nothing."""
        return numbers.read(self.text(), self.kind.name == "integer") if self.text().strip() else UNSET

    def show_value(self, value: Any) -> None:
        """Shows a value, unless the person is just writing it in another way."""
        self._value = value
        text = numbers.show(value)
        self.setPlaceholderText(text)
        emptied = self.hasFocus() and not self.text().strip() and self.isModified()
        if emptied or (self.text() and type(self.read()) is type(value) and self.read() == value):
            return
        if self.text() != text:
            self._write(text)

    def _write(self, text: str) -> None:
        """A line that nobody is at shows how its number begins: the end alone would read as another number."""
        self.setText(text)
        if not self.hasFocus():
            self.setCursorPosition(0)

    def step(self, by: int, page: bool = False) -> None:
        """Steps the value; a text that is no number stays."""
        value = self.read()
        value = self._value if value is UNSET else value
        if isinstance(value, bool) or not isinstance(value, int | float) or self.isReadOnly():
            return
        whole, log = self.kind.name == "integer", self.kind.log
        moved = numbers.step(value, by, self.kind.bounds, whole=whole, log=log, page=page)
        if moved != value:
            self.setText(numbers.show(moved))
            self.textEdited.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        found = STEPS.get(Qt.Key(event.key()))
        if found and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.step(*found)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """A notch is a step; fine wheels add up to notches."""
        if not self.hasFocus():
            event.ignore()
            return
        self._turned += event.angleDelta().y()
        notches, self._turned = int(self._turned / 120), self._turned - 120 * int(self._turned / 120)
        if notches:
            self.step(notches, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """An emptied line shows again what the field takes."""
        super().focusOutEvent(event)
        self.setModified(False)
        if not self.text().strip():
            self._write(numbers.show(self._value))


class NumberEditor(Editor):
    """A real or whole number."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.line = NumberLine(place.kind)
        self.line.textEdited.connect(lambda: self.edited.emit(self.line.read()))
        self.box.addWidget(self.line)

    def show_value(self, value: Any) -> None:
        self.line.show_value(value)

    def stops(self) -> list[QWidget]:
        return [self.line]
