"""One of several models: a combo box, and the chosen member's fields below it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workbench.fields import title_of
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.editors.choice import combo
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.node import Node
from workbench.ui.forms.painted import Inside
from workbench.ui.forms.place import Place


class MemberEditor(Editor):
    """Which member."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.choices = combo()
        for kind in place.kind.models:
            self.choices.addItem("", kind)
        self.choices.activated.connect(self._choose)
        self.box.addWidget(self.choices)
        self.retranslate()

    def show_value(self, value: Any) -> None:
        member = self.hub.state.member_at(self.place.path) if value is not None else ""
        kinds = list(self.place.kind.models)
        self.choices.setCurrentIndex(kinds.index(member) if member in kinds else -1)
        self.choices.setPlaceholderText(member)

    def stops(self) -> list[QWidget]:
        return [self.choices]

    def retranslate(self) -> None:
        for index, member in enumerate(self.place.kind.models.values()):
            self.choices.setItemText(index, self.hub.say(title_of(member)))

    def _choose(self, index: int) -> None:
        kind = list(self.place.kind.models)[index]
        if kind != self.hub.state.member_at(self.place.path):
            self.hub.choose(self.place.path, kind)


class Variant(Leaf):
    """The members' fields are made when a member is first chosen; each keeps what was typed."""

    def __init__(self, hub: Hub, place: Place, bare: bool = False) -> None:
        super().__init__(hub, place, MemberEditor(hub, place), bare)
        self._bodies: dict[str, tuple[QFrame, list[Node]]] = {}

    def inner(self) -> list[Node]:
        member = self.hub.state.member_at(self.place.path)
        if member not in self.place.kind.models or self.hub.state.shown(self.place.path) is None:
            return []
        if member not in self._bodies:
            self._bodies[member] = self._make(member)
        return self._bodies[member][1]

    def _make(self, member: str) -> tuple[QFrame, list[Node]]:
        body = Inside(self.hub, self)
        box = QVBoxLayout(body)
        box.setContentsMargins(Inside.LINE + 6, 0, 0, 2)
        box.setSpacing(2)
        self.box.addWidget(body)
        made: list[Node] = []
        self.grow(self.place.kind.models[member], made, box)
        return body, made

    def made(self) -> list[Node]:
        return [each for _, nodes in self._bodies.values() for each in nodes]

    def refresh(self) -> None:
        super().refresh()
        inner = self.inner()
        for body, nodes in self._bodies.values():
            body.setVisible(nodes is inner and bool(nodes) and self.place.path not in self.hub.vary)
        for each in inner:
            each.refresh()

    def stops(self) -> list[QWidget]:
        return [*super().stops(), *(stop for each in self.inner() for stop in each.stops())]
