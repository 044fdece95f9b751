"""A field with one editor."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.texts import T, Text
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.editors.make import make_editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.node import Node, Retranslated
from workbench.ui.forms.place import Place
from workbench.ui.forms.row import Row

NARROW = 300
"""With less room, titles stand above their fields."""


class Leaf(Node):
    """A row, and nothing inside."""

    def __init__(self, hub: Hub, place: Place, editor: Editor | None = None, bare: bool = False) -> None:
        super().__init__(hub, place)
        self.row = Row(hub, place, editor or make_editor(hub, place), bare)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(2)
        self.box.addWidget(self.row)

    def parts(self) -> list[Retranslated]:
        return [self.row]

    def refresh(self) -> None:
        self.row.refresh()

    def stops(self) -> list[QWidget]:
        return self.row.stops()

    def say_wrong(self, text: str) -> None:
        fault = self.hub.vary_fault(self.place.path)
        vary = self.hub.say(fault) if fault else ""
        self.row.say_wrong("\n".join(filter(None, (text, vary))))

    def _said(self, path: str, text: Text) -> str:
        """Numbers in one line are counted from one, as people count."""
        at = path.removeprefix(f"{self.place.path}.")
        if self.place.kind.name in ("vector", "numbers") and at.isdigit():
            return self.hub.say(T("number {place}: {problem}", place=int(at) + 1, problem=text))
        return super()._said(path, text)

    def say_note(self, text: str) -> None:
        self.row.say_note(text)

    def arrange(self, room: int, width: int) -> None:
        self.row.arrange(room < NARROW, width)
        super().arrange(room, width)
