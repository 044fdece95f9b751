"""A list whose elements can be added, removed, copied and put into another order."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from workbench.fields import title_of
from workbench.texts import T
from workbench.ui.forms.button import Button
from workbench.ui.forms.element import Element
from workbench.ui.forms.heading import Heading
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.node import Node, Retranslated
from workbench.ui.forms.painted import Inside, Muted
from workbench.ui.forms.place import Place
from workbench.ui.forms.state import New


class Listing(Node):
    """Elements are addressed by their number, so what stands at a number is shown anew when the order changes.

    In a list in phases each begins below its title, and elements are moved inside their own only.
    """

    def __init__(self, hub: Hub, place: Place, bare: bool = False) -> None:
        super().__init__(hub, place)
        self.body = Inside(hub, self)
        self.inside = QVBoxLayout(self.body)
        self.inside.setContentsMargins(Inside.LINE + 4, 2, 0, 2)
        self.inside.setSpacing(3)
        self.heading = Heading(hub, place, self.body)
        self.add = Button(hub, "add", T("Add an element"))
        self.heading.line.insertWidget(self.heading.line.count() - 2, self.add)
        self.add.clicked.connect(self._add)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.heading)
        box.addWidget(self.body)
        self.heading.fold.setHidden(bare)
        self._elements: list[Element] = []
        self._phases: list[Muted] = []
        self._ranks: list[int] = []
        self._count = self._wanted = 0

    INDENT = 110

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        self.heading.refresh()
        value = self.hub.state.shown(self.place.path)
        value = value if isinstance(value, list | tuple) else ()
        self._ranks = [self.place.kind.phase(each) for each in value]
        self._fit(len(value))
        kind, locked = self.place.kind, self.hub.locked(self.place)
        may_grow = kind.most is None or self._count < kind.most
        self.add.setEnabled(may_grow and not locked and self.heading.fold.isEnabled())
        self.heading.count.setText(str(self._count))
        self._show_phases()
        for each in self.elements():
            allowed = {"up": self._near(each.index, -1), "down": self._near(each.index, 1)}
            allowed |= {"copy": may_grow, "remove": self._count > kind.least}
            each.allow(locked, [name for name, may in allowed.items() if may])
            each.node.refresh()

    def _near(self, index: int, way: int) -> bool:
        """Whether the element beside this one exists and is of the same phase."""
        beside = index + way
        return 0 <= beside < self._count and self._ranks[beside] == self._ranks[index]

    def _show_phases(self) -> None:
        phases = self.place.kind.phased.phases if self.place.kind.phased else ()
        for index, label in enumerate(self._phases):
            first = index < self._count and not self._near(index, -1)
            label.setVisible(bool(phases) and first)
            if phases and first:
                label.setText(self.hub.say(phases[self._ranks[index]][1], self.place.domain))

    def _fit(self, count: int) -> None:
        for index in range(self._wanted, count):
            self.hub.growth.want(partial(self._make_element, index))
        self._wanted = max(self._wanted, count)
        if count != self._count:
            self._count = count
            for index, each in enumerate(self._elements):
                each.setVisible(index < count)
            self.hub.rebuilt.emit()

    def _make_element(self, index: int) -> None:
        element = Element(self.hub, index, self.make_node(self.place.element(index), bare=True))
        element.asked.connect(lambda what: self.do(what, index))
        element.grip.dragged.connect(lambda at: self._drag(index, at))
        element.grip.dropped.connect(lambda at: self._drop(index, at))
        self._elements.append(element)
        self._phases.append(Muted(self.hub, self.body))
        self._phases[-1].setObjectName("phase")
        self._phases[-1].setContentsMargins(0, 3, 0, 0)
        self.inside.addWidget(self._phases[-1])
        self.inside.addWidget(element)
        element.setVisible(index < self._count)
        self.refresh()

    def elements(self) -> list[Element]:
        """Those that there are now."""
        return self._elements[: self._count]

    def inner(self) -> list[Node]:
        return [each.node for each in self.elements()]

    def made(self) -> list[Node]:
        return [each.node for each in self._elements]

    def parts(self) -> list[Retranslated]:
        return [self.heading, self.add, *self._phases, *(part for each in self._elements for part in each.parts())]

    def stops(self) -> list[QWidget]:
        first, *rest = self.heading.stops()[::-1], self.add
        return [*reversed(first), *rest, *(stop for each in self.elements() for stop in each.stops())]

    def show_up(self, forced: bool = False) -> bool:
        shown = super().show_up(forced)
        for each in self.elements():
            each.setHidden(each.node.isHidden())
        return shown

    def say_wrong(self, text: str) -> None:
        self.heading.say_wrong(text)

    def say_note(self, text: str) -> None:
        self.heading.say_note(text)

    def unfold(self) -> None:
        self.heading.fold.setChecked(True)

    # ------------------------------------------------------------------ changing

    def do(self, what: str, index: int) -> None:
        """Moves an element up or down, copies or removes it."""
        order: list[int | New] = list(range(self._count))
        target = index
        if what in ("up", "down"):
            way = -1 if what == "up" else 1
            if not self._near(index, way):
                return
            target = index + way
            order[index], order[target] = order[target], order[index]
        elif what == "copy" and (self.place.kind.most is None or self._count < self.place.kind.most):
            target = index + 1
            order.insert(target, New(self.hub.state.shown(f"{self.place.path}.{index}")))
        elif what == "remove" and self._count > self.place.kind.least:
            del order[index]
            target = min(index, len(order) - 1)
        self._apply(order, target)

    def place_at(self, index: int, target: int) -> None:
        """Puts an element at another place."""
        order: list[int | New] = list(range(self._count))
        order.insert(target, order.pop(index))
        self._apply(order, target)

    def append(self, member: str = "") -> None:
        """Adds an element: the member of a variant, else a blank."""
        value = {"kind": member} if member else self.place.kind.items[0].blank()
        self._apply([*range(self._count), New(value)], self._count)

    def _apply(self, order: list[int | New], focus: int) -> None:
        if order == list(range(self._count)):
            return
        places = self.hub.state.reorder(self.place.path, order)
        self.hub.check(self.place.path)
        self.hub.growth.finish()
        if 0 <= focus < self._count:
            self._elements[places[focus]].grip.setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self) -> None:
        models = self.place.kind.items[0].models
        if self.place.kind.items[0].name != "variant":
            self.append()
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        phased, phase = self.place.kind.phased, -1
        for kind, model in models.items():
            if phased and phased.rank(model) != phase:
                phase = phased.rank(model)
                menu.addSection(self.hub.say(phased.phases[phase][1], self.place.domain))
            menu.addAction(self.hub.say(title_of(model)), partial(self.append, kind))
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    # ------------------------------------------------------------------ dragging

    def _target(self, index: int, at: QPoint) -> int:
        """Before which element the pointer is; no farther than the phase of the one that is dragged."""
        y = self.body.mapFromGlobal(at).y()
        first, end = self._phase_of(index)
        return min(max(sum(y > each.geometry().center().y() for each in self.elements()), first), end)

    def _phase_of(self, index: int) -> tuple[int, int]:
        """The first element of a phase, and the one after its last."""
        first = self._ranks.index(self._ranks[index])
        return first, first + self._ranks.count(self._ranks[index])

    def _drag(self, index: int, at: QPoint) -> None:
        target, (_, end) = self._target(index, at), self._phase_of(index)
        marked = {target: "above"} if target < end else {target - 1: "below"}
        for each in self.elements():
            each.mark_drop(marked.get(each.index, "") if target not in (index, index + 1) else "")

    def _drop(self, index: int, at: QPoint) -> None:
        for each in self.elements():
            each.mark_drop("")
        target = self._target(index, at)
        self.place_at(index, target - (target > index))
