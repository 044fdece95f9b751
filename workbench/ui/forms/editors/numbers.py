"""Any number of numbers, in one line: `1, 2.5, 3e-4`."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.texts import T
from workbench.ui.forms import numbers
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place


class NumbersEditor(Editor):
    """Separated by commas or spaces; an empty line is an empty list."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.line = QLineEdit()
        self.line.textEdited.connect(lambda: self.edited.emit(self._read()))
        self.box.addWidget(self.line)
        self.retranslate()

    def show_value(self, value: Any) -> None:
        elements = list(value) if isinstance(value, list | tuple) else [value] if value is not None else []
        if not self.line.text() or self._read() != elements:
            self.line.setText(", ".join(numbers.show(each) for each in elements))

    def stops(self) -> list[QWidget]:
        return [self.line]

    def retranslate(self) -> None:
        self.line.setPlaceholderText(self.hub.say(T("none")))

    def _read(self) -> list[Any]:
        whole = self.place.kind.items[0].name == "integer"
        return [numbers.read(each, whole) for each in re.split(r"[\s,;，、；]+", self.line.text()) if each]
