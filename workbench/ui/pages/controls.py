"""The buttons with which a job is started and steered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.texts import HOST, T
from workbench.tool import Action
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

_RUNNING = frozenset({"running", "idle", "paused"})
_WAITING = frozenset({"queued", "running", "idle", "paused"})
_RESUMABLE = frozenset({"stopped", "failed", "interrupted"})
_SIDE_BY_SIDE = 3
"""Actions that have a button each; more of them share a menu."""


@dataclass(frozen=True)
class Situation:
    """What the buttons depend on. state: of the job that is shown, "" for none; ready: a job can be started."""

    state: str = ""
    live: bool = False
    ready: bool = False
    slow: bool = False
    many: bool = False

    @property
    def running(self) -> bool:
        """Whether it can be steered."""
        return self.state in _RUNNING

    def allows(self, deed: str) -> bool:
        """Whether a deed makes sense."""
        return {
            "start": self.ready and not (self.live and self.running),
            "pause": self.running and not self.live,
            "step": self.running and not self.live,
            "slow": self.running and not self.live,
            "stop": self.state in _WAITING,
            "keep": self.ready and self.live,
            "again": self.ready and self.state in _RESUMABLE and not self.live and not self.many,
        }[deed]


DEEDS = {
    "start": T("Start"), "pause": T("Pause"), "step": T("Step"), "slow": T("Slow motion"), "stop": T("Stop"),
    "keep": T("Keep"), "again": T("Continue"),
}  # fmt: skip
_HELP = {
    "start": T("Start a run with these parameters"),
    "pause": T("Pause at the next step, or go on"),
    "step": T("Do one step, then pause"),
    "slow": T("Wait between two steps, so that each can be seen"),
    "stop": T("Stop at the next step and save: the run can be continued"),
    "keep": T("Keep what is shown as a run"),
    "again": T("Go on with the run where it was stopped, with the steps and the live parameters at the left"),
}
_LIVE, _LONG = ("start", "stop", "keep"), ("again", "start", "pause", "step", "slow", "stop")
"""In their order. The first of the long ones comes and goes, which moves none of the others: they end at the right."""


class Controls(QWidget):
    """A row of buttons; `asked(deed)` when one is pressed.

    acted: an action of the tool's is asked for, by its id.
    """

    asked = Signal(str)
    acted = Signal(str)

    def __init__(
        self, live: bool, speech: Speech, theme: Theme, actions: Sequence[Action] = (), domain: str = HOST
    ) -> None:
        """actions: what the tool's jobs can be asked while they run; domain: the catalogue of their titles."""
        super().__init__()
        self._speech, self._theme = speech, theme
        self.situation = Situation(live=live)
        self._focused: QToolButton | None = None
        self.beside = QAction(self, checkable=True)
        speech.bind(self.beside, "setText", T("Start beside others, without waiting for a slot"))
        self.buttons = {deed: self._button(deed) for deed in (_LIVE if live else _LONG)}
        self.acts = {each.id: self._action(each, domain) for each in actions}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for button in self.buttons.values():
            layout.addWidget(button)
        for widget in self._offered():
            layout.addWidget(widget)
        if not live:
            self._offer_beside()
        theme.changed.connect(self._draw)
        speech.changed.connect(self._draw)
        self.show_situation(self.situation)

    def show_situation(self, situation: Situation) -> None:
        """Switches the buttons on and off."""
        self.situation = situation
        for deed, button in self.buttons.items():
            self._allow(button, situation.allows(deed))
        for action in self.acts.values():
            action.setEnabled(situation.running)
        if "again" in self.buttons:
            self.buttons["again"].setVisible(situation.allows("again"))
        if "slow" in self.buttons:
            self.buttons["slow"].setChecked(situation.slow)
        self._draw()

    def _allow(self, button: QToolButton, allowed: bool) -> None:
        """Switches a button on or off. The focus of one that is off waits here: Qt would hand it to a field."""
        if button.hasFocus() and not allowed:
            self._focused = button
            self.setFocus()
        button.setEnabled(allowed)
        if allowed and self.hasFocus() and self._focused is button:
            button.setFocus()

    def _button(self, deed: str) -> QToolButton:
        button = named(QToolButton(autoRaise=deed != "start"), deed)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setCheckable(deed == "slow")
        self._speech.bind(button, "setText", DEEDS[deed])
        self._speech.bind(button, "setToolTip", _HELP[deed])
        button.clicked.connect(lambda: self.asked.emit(deed))
        return self._theme.dress(button, "start") if deed == "start" else button

    def _action(self, declared: Action, domain: str) -> QAction:
        action = named(QAction(self), declared.id)
        self._speech.bind(action, "setText", declared.title or declared.id, domain)
        action.triggered.connect(partial(self._act, declared.id))
        return action

    def _act(self, name: str, _checked: bool = False) -> None:
        self.acted.emit(name)

    def _offered(self) -> list[QWidget]:
        """A line, then what shows the actions: a button each, or a menu where they are many."""
        if not self.acts:
            return []
        line = QFrame(frameShape=QFrame.Shape.VLine, frameShadow=QFrame.Shadow.Plain)
        line.setForegroundRole(QPalette.ColorRole.Mid)
        if len(self.acts) > _SIDE_BY_SIDE:
            return [line, self._menu()]
        return [line, *map(_shown, self.acts.values())]

    def _menu(self) -> QToolButton:
        button = _focused(named(QToolButton(autoRaise=True), "actions"))
        self._speech.bind(button, "setText", T("Actions"))
        button.setMenu(QMenu(button))
        button.menu().addActions(list(self.acts.values()))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _offer_beside(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.beside)
        self.buttons["start"].setMenu(menu)
        self.buttons["start"].setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def _draw(self) -> None:
        colours, paused = self._theme.colours, self.situation.state == "paused"
        for deed, button in self.buttons.items():
            colour = colours.on_accent if deed == "start" else colours.text
            name = "start" if deed == "pause" and paused else deed
            button.setIcon(icon(name, colour, colours.quiet))
        if "pause" in self.buttons:
            self.buttons["pause"].setText(self._speech.say(T("Resume") if paused else DEEDS["pause"]))


def _shown(action: QAction) -> QToolButton:
    button = _focused(named(QToolButton(autoRaise=True), action.objectName()))
    button.setDefaultAction(action)
    return button


def _focused(button: QToolButton) -> QToolButton:
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
