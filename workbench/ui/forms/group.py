"""A nested model: a heading and the fields below it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workbench.ui.forms.heading import Heading
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.node import Node, Retranslated
from workbench.ui.forms.painted import Inside
from workbench.ui.forms.place import Place


class Group(Node):
    """bare: without a heading, as an element of a list."""

    def __init__(self, hub: Hub, place: Place, bare: bool = False) -> None:
        super().__init__(hub, place)
        self.bare = bare
        self.body = QFrame(self) if bare else Inside(hub, self)
        self.inside = QVBoxLayout(self.body)
        self.inside.setContentsMargins(0 if bare else Inside.LINE + 6, 0, 0, 2)
        self.inside.setSpacing(2)
        self.heading = Heading(hub, place, self.body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.heading)
        box.addWidget(self.body)
        self.heading.setHidden(bare)
        for each in (self.heading.fold, self.heading.more) if bare else ():
            each.hide()
        self._nodes: list[Node] | None = None

    def inner(self) -> list[Node]:
        if self.hub.state.shown(self.place.path) is None and self.place.kind.optional:
            return []
        if self._nodes is None:
            self._nodes = []
            self.grow(self.place.kind.models[""], self._nodes, self.inside)
        return self._nodes

    def made(self) -> list[Node]:
        return self._nodes or []

    def parts(self) -> list[Retranslated]:
        return [self.heading]

    def refresh(self) -> None:
        self.heading.refresh()
        for each in self.inner():
            each.refresh()

    def stops(self) -> list[QWidget]:
        return [*self.heading.stops(), *(stop for each in self.inner() for stop in each.stops())]

    def say_wrong(self, text: str) -> None:
        self.heading.say_wrong(text)
        if self.bare:
            self.heading.setVisible(bool(text))

    def say_note(self, text: str) -> None:
        self.heading.say_note(text)

    def unfold(self) -> None:
        self.heading.fold.setChecked(True)

    def hides_empty(self) -> bool:
        return bool(self.inner())
