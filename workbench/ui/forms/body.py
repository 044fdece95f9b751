"""All the fields of a form, below each other."""

from __future__ import annotations

from pydantic import BaseModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.texts import T, Text
from workbench.ui import fonts
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.kinds import Kind
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.node import Fault, Node, Retranslated
from workbench.ui.forms.painted import Said
from workbench.ui.forms.place import Place


class Body(Node):
    """The root of the tree."""

    def __init__(self, hub: Hub, model: type[BaseModel], domain: str) -> None:
        super().__init__(hub, Place("", Kind("group", models={"": model}), Text(""), Text(""), domain))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 4, 0)
        box.setSpacing(2)
        fields = QVBoxLayout()
        fields.setSpacing(2)
        self.nothing = Said(hub, "nothing", self)
        box.addWidget(self.nothing)
        box.addLayout(fields)
        box.addStretch(1)
        self._nodes: list[Node] = []
        self.grow(model, self._nodes, fields, domain)

    def make_node(self, place: Place, bare: bool = False) -> Node:
        made = super().make_node(place, bare)
        fonts.wear(made)  # a form's parts take another language's letters one after the other
        return made

    def inner(self) -> list[Node]:
        return self._nodes

    def parts(self) -> list[Retranslated]:
        return [self.nothing]

    def refresh(self) -> None:
        for each in self._nodes:
            each.refresh()

    def stops(self) -> list[QWidget]:
        return [stop for each in self._nodes for stop in each.stops()]

    def say_wrong(self, text: str) -> None:
        """The form's banner says it."""

    def claim(self, faults: list[Fault]) -> list[Fault]:
        for each in self._nodes:
            faults = each.claim(faults)
        return faults

    def show_up(self, forced: bool = False) -> bool:
        found = [each.show_up(forced) for each in self._nodes]
        self._say_nothing(bool(self.hub.needle) and not any(found) and not self.hub.growth.growing)
        return True

    def _say_nothing(self, empty: bool) -> None:
        """Says that the search has found nothing, lest the form look broken."""
        text = T("No parameter here contains “{text}”.", text=self.hub.sought)
        self.nothing.say(self.hub.say(text) if empty else "")

    def way_to(self, path: str) -> list[Node]:
        """The parts from the top down to the one that shows a path."""
        way: list[Node] = []
        nodes = self.inner()
        while nodes:
            found = next((each for each in nodes if f"{path}.".startswith(f"{each.place.path}.")), None)
            if found is None:
                break
            way.append(found)
            nodes = found.inner()
        return way

    def advanced_count(self) -> int:
        """How many parts are for advanced readers."""
        return sum(bool(each.place.flags.get("advanced")) for each in self.every())

    def title_width(self, width: int) -> int:
        """The column of titles: as wide as the widest, but no more than two fifths."""
        titles = [each.row.title for each in self.every() if isinstance(each, Leaf) and not each.row.bare]
        widest = max((each.fontMetrics().horizontalAdvance(each.text()) for each in titles), default=0)
        return max(60, min(widest + 18, width * 2 // 5))
