"""A text, in a line; for what no other editor knows, JSON in a line."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.nested import plain
from workbench.ui.forms.place import Place


class TextEditor(Editor):
    """A text as it is written."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.line = QLineEdit()
        self.line.textEdited.connect(lambda text: self.edited.emit(self.read(text)))
        self.box.addWidget(self.line)

    def read(self, text: str) -> Any:
        """The value that a text is."""
        return text

    def write(self, value: Any) -> str:
        """The text that a value is."""
        return "" if value is None else str(value)

    def show_value(self, value: Any) -> None:
        if self.line.text() != self.write(value) and not (self.line.text() and self.read(self.line.text()) == value):
            self.line.setText(self.write(value))

    def stops(self) -> list[QWidget]:
        return [self.line]


class JsonEditor(TextEditor):
    """JSON; what is none is a text."""

    def read(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            return text

    def write(self, value: Any) -> str:
        value = plain(value)
        if isinstance(value, str) and self.read(value) == value:
            return value
        return json.dumps(value, ensure_ascii=False, default=str)
