"""The buttons with which a job is started and steered."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.texts import T
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

_RUNNING = frozenset({"running", "idle", "paused"})
_WAITING = frozenset({"queued", "running", "idle", "paused"})
_RESUMABLE = frozenset({"stopped", "failed", "interrupted"})


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
    "again": T("Go on with the run where it was stopped"),
}
_LIVE, _LONG = ("start", "stop", "keep"), ("start", "pause", "step", "slow", "stop", "again")


class Controls(QWidget):
    """A row of buttons; `asked(deed)` when one is pressed."""

    asked = Signal(str)

    def __init__(self, live: bool, speech: Speech, theme: Theme) -> None:
        super().__init__()
        self._speech, self._theme = speech, theme
        self.situation = Situation(live=live)
        self.beside = QAction(self, checkable=True)
        speech.bind(self.beside, "setText", T("Start beside others, without waiting for a slot"))
        self.buttons = {deed: self._button(deed) for deed in (_LIVE if live else _LONG)}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for button in self.buttons.values():
            layout.addWidget(button)
        if not live:
            self._offer_beside()
        theme.changed.connect(self._draw)
        speech.changed.connect(self._draw)
        self.show_situation(self.situation)

    def show_situation(self, situation: Situation) -> None:
        """Switches the buttons on and off."""
        self.situation = situation
        for deed, button in self.buttons.items():
            button.setEnabled(situation.allows(deed))
        if "again" in self.buttons:
            self.buttons["again"].setVisible(situation.allows("again"))
        if "slow" in self.buttons:
            self.buttons["slow"].setChecked(situation.slow)
        self._draw()

    def _button(self, deed: str) -> QToolButton:
        button = named(QToolButton(autoRaise=deed != "start"), "start" if deed == "start" else deed)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setCheckable(deed == "slow")
        self._speech.bind(button, "setText", DEEDS[deed])
        self._speech.bind(button, "setToolTip", _HELP[deed])
        button.clicked.connect(lambda: self.asked.emit(deed))
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
