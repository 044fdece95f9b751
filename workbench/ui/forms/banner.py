"""What is wrong and belongs to no field that is to be seen."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from workbench.texts import T
from workbench.ui.forms.button import Button
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.painted import frame, tint
from workbench.ui.forms.wrapped import Wrapped


class Banner(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.hub = hub
        self.label = Wrapped()
        self.close_button = Button(hub, "remove", T("Close"))
        self.close_button.clicked.connect(lambda: self.say(""))
        box = QHBoxLayout(self)
        box.setContentsMargins(7, 4, 4, 4)
        box.addWidget(self.label, 1)
        box.addWidget(self.close_button)
        self.hide()
        self.recolour()

    def retranslate(self) -> None:
        """Whoever says something in it says it anew."""
        self.close_button.retranslate()

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        self.close_button.recolour()
        tint(self.label, self.hub.colours.wrong)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """See Qt."""
        frame(self, self.hub.colours.wrong, self.hub.colours.wrong_ground)

    def say(self, text: str) -> None:
        """Says something, or nothing more."""
        self.label.setText(text)
        self.setVisible(bool(text))
