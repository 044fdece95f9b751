"""Yes or no."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place
from workbench.ui.forms.toggle import Toggle


class SwitchEditor(Editor):
    """A check box; the row's title says what of."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.check = Toggle(hub, self)
        self.check.clicked.connect(self._edit)
        self.box.addWidget(self.check)
        self.box.addStretch()

    def show_value(self, value: Any) -> None:
        self.check.setChecked(value in (True, "true", "True", 1))

    def stops(self) -> list[QWidget]:
        return [self.check]

    def _edit(self, on: bool) -> None:
        self.edited.emit(on)
