"""What is wrong and belongs to no field that is to be seen."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from workbench.texts import T
from workbench.ui.forms.button import Button
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.wrapped import Wrapped


class Banner(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.hub = hub
        self.setObjectName("banner")
        self.label = Wrapped()
        self.close_button = Button(hub, "remove", T("Close"))
        self.close_button.clicked.connect(lambda: self.say(""))
        box = QHBoxLayout(self)
        box.setContentsMargins(6, 3, 3, 3)
        box.addWidget(self.label, 1)
        box.addWidget(self.close_button)
        self.hide()

    def paint_icons(self) -> None:
        """Draws its icon in the theme's colours."""
        self.close_button.paint_icons()

    def say(self, text: str) -> None:
        """Says something, or nothing more."""
        self.label.setText(text)
        self.setVisible(bool(text))
