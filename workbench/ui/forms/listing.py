"""A list whose elements can be added, removed, copied and put into another order."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget

from workbench.fields import title_of
from workbench.texts import T
from workbench.ui.forms.button import Button
from workbench.ui.forms.element import Element
from workbench.ui.forms.heading import Heading
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.node import Node, Retranslated
from workbench.ui.forms.place import Place
from workbench.ui.forms.state import New


class Listing(Node):
    """Elements are addressed by their number, so what stands at a number is shown anew when the order changes."""

    def __init__(self, hub: Hub, place: Place, bare: bool = False) -> None:
        super().__init__(hub, place)
        self.body = QFrame(self)
        self.body.setObjectName("inside")
        self.inside = QVBoxLayout(self.body)
        self.inside.setContentsMargins(4, 2, 0, 2)
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
        self._count = 0

    INDENT = 110

    # ------------------------------------------------------------------ showing

    def refresh(self) -> None:
        self.heading.refresh()
        value = self.hub.state.shown(self.place.path)
        self._fit(len(value) if isinstance(value, list | tuple) else 0)
        kind, locked = self.place.kind, self.hub.locked(self.place)
        may_grow = kind.most is None or self._count < kind.most
        self.add.setEnabled(may_grow and not locked and self.heading.fold.isEnabled())
        self.heading.count.setText(str(self._count))
        for each in self.elements():
            each.allow(locked, self._count - 1, may_grow, self._count > kind.least)
            each.node.refresh()

    def _fit(self, count: int) -> None:
        while len(self._elements) < count:
            index = len(self._elements)
            element = Element(self.hub, index, self.make_node(self.place.element(index), bare=True))
            element.asked.connect(lambda what, index=index: self.do(what, index))
            element.grip.dragged.connect(lambda at, index=index: self._drag(index, at))
            element.grip.dropped.connect(lambda at, index=index: self._drop(index, at))
            self._elements.append(element)
            self.inside.addWidget(element)
        if count != self._count:
            self._count = count
            for index, each in enumerate(self._elements):
                each.setVisible(index < count)
            self.hub.rebuilt.emit()

    def elements(self) -> list[Element]:
        """Those that there are now."""
        return self._elements[: self._count]

    def inner(self) -> list[Node]:
        return [each.node for each in self.elements()]

    def made(self) -> list[Node]:
        return [each.node for each in self._elements]

    def parts(self) -> list[Retranslated]:
        return [self.heading, self.add, *(part for each in self._elements for part in each.parts())]

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

    def unfold(self) -> None:
        self.heading.fold.setChecked(True)

    # ------------------------------------------------------------------ changing

    def do(self, what: str, index: int) -> None:
        """Moves an element up or down, copies or removes it."""
        order: list[int | New] = list(range(self._count))
        target = index
        if what in ("up", "down"):
            target = index + (-1 if what == "up" else 1)
            if not 0 <= target < self._count:
                return
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
        self.hub.state.reorder(self.place.path, order)
        self.hub.check(self.place.path)
        if 0 <= focus < self._count:
            self._elements[focus].grip.setFocus(Qt.FocusReason.TabFocusReason)

    def _add(self) -> None:
        models = self.place.kind.items[0].models
        if self.place.kind.items[0].name != "variant":
            self.append()
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, model in models.items():
            menu.addAction(self.hub.say(title_of(model)), partial(self.append, kind))
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    # ------------------------------------------------------------------ dragging

    def _target(self, at: QPoint) -> int:
        """Before which element the pointer is."""
        y = self.body.mapFromGlobal(at).y()
        return sum(y > each.geometry().center().y() for each in self.elements())

    def _drag(self, index: int, at: QPoint) -> None:
        target = self._target(at)
        for each in self.elements():
            above = each.index == target and target not in (index, index + 1)
            below = each.index == self._count - 1 and target == self._count and index != self._count - 1
            each.mark_drop("above" if above else "below" if below else "")

    def _drop(self, index: int, at: QPoint) -> None:
        for each in self.elements():
            each.mark_drop("")
        target = self._target(at)
        self.place_at(index, target - (target > index))
