"""The heading of a group or list: folds it, switches it off where it is optional, and has a menu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from workbench.params import Group
from workbench.texts import T
from workbench.ui.forms import icons, nested
from workbench.ui.forms.button import Button
from workbench.ui.forms.clipboard import Clipboard
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.painted import Dot, Fold, Muted, Said
from workbench.ui.forms.place import Place
from workbench.ui.forms.toggle import Toggle


class Heading(QWidget):
    """Its menu copies and pastes what is below it as JSON, resets it, and takes what a group offers of itself."""

    def __init__(self, hub: Hub, place: Place, body: QWidget) -> None:
        super().__init__()
        self.hub, self.place, self.body = hub, place, body
        self.fold, self.none, self.count = Fold(hub), Toggle(hub, self), Muted(hub)
        self.problem, self.note = Said(hub, "problem", self), Said(hub, "note", self)
        self.more = Button(hub, "more", T("Copy, paste, reset"))
        self.reset = Button(hub, "reset", T("Reset to default"))
        self.live = Dot(hub)
        self.clipboard = Clipboard(hub, place.path)
        self._lay_out()
        self.fold.toggled.connect(self._fold)
        self.none.clicked.connect(lambda on: hub.switch(place.path, on))
        self.more.clicked.connect(lambda: self.open_menu(self.more.mapToGlobal(QPoint(0, 20))))
        self.reset.clicked.connect(lambda: hub.put_default(place.path))
        self.fold.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.fold.customContextMenuRequested.connect(lambda at: self.open_menu(self.fold.mapToGlobal(at)))
        self.fold.installEventFilter(self)
        self.retranslate()
        self._fold(True)
        self.recolour()

    def _lay_out(self) -> None:
        self.fold.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        for label in (self.problem, self.note):
            label.setIndent(20)
        self.reset.keep_room()
        self.line = QHBoxLayout()
        self.line.setSpacing(4)
        for each in (self.none, self.fold, self.live, self.count):
            self.line.addWidget(each)
        self.line.addStretch(1)
        self.line.addWidget(self.more)
        self.line.addWidget(self.reset)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(2)
        box.addLayout(self.line)
        box.addWidget(self.problem)
        box.addWidget(self.note)
        self.live.setVisible(bool(self.place.flags.get("live")))
        self.none.setVisible(self.place.kind.optional)

    def refresh(self) -> None:
        """Whether it is on, set, and may be changed."""
        state, locked = self.hub.state, self.hub.locked(self.place)
        on = not self.place.kind.optional or state.shown(self.place.path) is not None
        self.none.setChecked(on)
        self.none.setEnabled(not locked)
        self.hub.tell_difference(self.place.path, self.reset, self.reset.setVisible)
        self.reset.setEnabled(not locked)
        self.body.setVisible(on and self.fold.isChecked())
        self.fold.setEnabled(on)

    def say_wrong(self, text: str) -> None:
        """Says what is wrong with the group as a whole."""
        self.problem.say(text)

    def say_note(self, text: str) -> None:
        """Says what is worth knowing of the group as a whole."""
        self.note.say(text)

    def retranslate(self) -> None:
        """Says title and help in the person's language."""
        self.fold.setText(self.hub.say(self.place.title))
        self.fold.setToolTip("\n".join(filter(None, (self.hub.say(self.place.help), self.place.path))))
        self.none.setToolTip(self.hub.say(T("Off: none")))
        self.live.setToolTip(self.hub.say(T("May change while the job runs")))
        self.none.setAccessibleName(self.fold.text())
        self.more.retranslate()
        self.reset.retranslate()

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        for each in (self.more, self.reset, self.count, self.problem, self.note):
            each.recolour()
        self._draw_fold()

    def _draw_fold(self) -> None:
        self.fold.setIcon(icons.icon("open" if self.fold.isChecked() else "closed", self.hub.colours.text))

    def stops(self) -> list[QWidget]:
        """What the tab key stops at."""
        return [self.none, self.fold, self.more, self.reset]

    def open_menu(self, at: QPoint) -> QMenu:
        """The menu, beside the button or where it was asked for."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.hub.say(T("Copy")), self.clipboard.copy)
        paste = menu.addAction(self.hub.say(T("Paste")), self.clipboard.paste)
        reset = menu.addAction(self.hub.say(T("Reset to default")), self.reset.click)
        for each in (paste, reset, *self._add_offers(menu)):
            each.setEnabled(not self.hub.locked(self.place))
        menu.popup(at)
        return menu

    def _add_offers(self, menu: QMenu) -> list[QAction]:
        """What the group offers of itself; returns the entries that would change it."""
        value, model = self.hub.state.shown(self.place.path), self.place.kind.models.get("")
        code = value.as_python() if isinstance(value, Group) else ""
        if code:
            menu.addAction(self.hub.say(T("Copy as Python")), partial(QGuiApplication.clipboard().setText, code))
        examples = model.examples() if model is not None and issubclass(model, Group) else ()
        if not examples:
            return []
        offered = menu.addMenu(self.hub.say(T("Examples")))
        offered.setToolTipsVisible(True)
        for each in examples:
            action = offered.addAction(self.hub.say(each.title, self.place.domain))
            action.setToolTip(self.hub.say(each.why, self.place.domain))
            action.triggered.connect(partial(self._take, each.values))
        return [offered.menuAction()]

    def _take(self, values: Mapping[str, Any]) -> None:
        """Sets what an example names; all else in the group stays as it is."""
        held = nested.get(self.hub.state.values, self.place.path)
        self.hub.put(self.place.path, {**(held if isinstance(held, dict) else {}), **values})

    def _fold(self, shown: bool) -> None:
        self.body.setVisible(shown)
        self._draw_fold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The help of the group that has the focus is shown."""
        if event.type() == QEvent.Type.FocusIn:
            self.hub.explained.emit(self.place)
        return super().eventFilter(watched, event)
