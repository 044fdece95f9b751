"""A tuple of fixed length: a number line for each component, four to a row."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.editors.number import NumberLine
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.nested import UNSET
from workbench.ui.forms.place import Place

ACROSS = 4


class VectorEditor(Editor):
    """The components beside each other; an emptied one takes back what it was."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        grid = QGridLayout()
        grid.setSpacing(4)
        self.box.addLayout(grid)
        self.lines = [NumberLine(each) for each in place.kind.items]
        self._shown: list[Any] = []
        for index, line in enumerate(self.lines):
            grid.addWidget(line, index // ACROSS, index % ACROSS)
            line.textEdited.connect(self._edit)

    def show_value(self, value: Any) -> None:
        self._shown = list(value) if isinstance(value, list | tuple) else []
        for index, line in enumerate(self.lines):
            line.show_value(self._shown[index] if index < len(self._shown) else None)

    def stops(self) -> list[QWidget]:
        return list(self.lines)

    def _edit(self) -> None:
        read = [line.read() for line in self.lines]
        old = [*self._shown, *[""] * (len(read) - len(self._shown))]
        self.edited.emit([before if each is UNSET else each for each, before in zip(read, old, strict=False)])
