"""Above a form: presets, search, the switch for advanced fields, and the menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from workbench.texts import T
from workbench.tool import Preset
from workbench.ui.forms.button import Button
from workbench.ui.forms.editors.choice import combo
from workbench.ui.forms.hub import Hub


class Toolbar(QWidget):
    """preset: one was chosen, by its id. asked: what the menu is asked for."""

    preset = Signal(str)
    searched = Signal(str)
    advanced = Signal(bool)
    asked = Signal(str)

    def __init__(self, hub: Hub, domain: str) -> None:
        super().__init__()
        self.hub, self.domain = hub, domain
        self.choices: QComboBox = combo()
        self.search, self.switch = QLineEdit(), QToolButton()
        self.more = Button(hub, "more", T("Copy as command, reset all, …"))
        self._presets: Sequence[Preset] = ()
        self._has_tool = False
        self._pause = QTimer(self, singleShot=True, interval=60)
        self._pause.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self._lay_out()
        self.choices.activated.connect(lambda index: self.preset.emit(self._presets[index].id))
        self.search.textChanged.connect(self._pause.start)
        self.switch.toggled.connect(self.advanced)
        self.more.clicked.connect(self.open_menu)
        self.retranslate()

    def _lay_out(self) -> None:
        self.choices.hide()
        self.switch.setCheckable(True)
        self.search.setClearButtonEnabled(True)
        box, line = QVBoxLayout(self), QHBoxLayout()
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        line.setSpacing(4)
        line.addWidget(self.search, 1)
        line.addWidget(self.switch)
        line.addWidget(self.more)
        box.addWidget(self.choices)
        box.addLayout(line)

    def offer(self, presets: Sequence[Preset]) -> None:
        """The presets of a tool."""
        self._presets, self._has_tool = presets, True
        self.choices.clear()
        for preset in presets:
            self.choices.addItem("", preset.id)
        self.choices.setVisible(bool(presets))
        self.choices.setCurrentIndex(-1)
        self.retranslate()

    def show_preset(self, id: str) -> None:
        """Shows which preset the values are those of; "" for none."""
        ids = [preset.id for preset in self._presets]
        self.choices.setCurrentIndex(ids.index(id) if id in ids else -1)

    def show_counts(self, hidden: int, locked: bool) -> None:
        """Whether there are advanced fields to show, and whether presets can be taken now."""
        self.switch.setVisible(hidden > 0)
        self.choices.setEnabled(not locked)

    def retranslate(self) -> None:
        """Says its texts in the person's language."""
        self.choices.setPlaceholderText(self.hub.say(T("Own values")))
        self.choices.setAccessibleName(self.hub.say(T("Preset")))
        for index, preset in enumerate(self._presets):
            self.choices.setItemText(index, self.hub.say(preset.title, self.domain))
        self.search.setPlaceholderText(self.hub.say(T("Search parameters")))
        self.switch.setText(self.hub.say(T("Advanced")))
        self.switch.setToolTip(self.hub.say(T("Show advanced parameters too")))
        self.more.retranslate()

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        self.more.recolour()

    def stops(self) -> list[QWidget]:
        """What the tab key stops at."""
        return [self.choices, self.search, self.switch, self.more]

    def open_menu(self) -> QMenu:
        """The menu of the whole form."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for what, text in self._entries():
            action = menu.addAction(self.hub.say(text), partial(self.asked.emit, what))
            action.setEnabled(what not in ("reset", "paste") or not self.hub.running)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))
        return menu

    def _entries(self) -> list[tuple[str, str]]:
        entries: list[tuple[str, str]] = []
        if self._has_tool:
            entries += [("command", T("Copy as command")), ("python", T("Copy as Python"))]
        entries += [("copy", T("Copy all as JSON")), ("paste", T("Paste")), ("reset", T("Reset all to default"))]
        return [*entries, ("unfold", T("Unfold all")), ("fold", T("Fold all"))]
