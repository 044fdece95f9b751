"""A small button with an icon and a tooltip that follow theme and language."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from workbench.texts import Text
from workbench.ui.forms import icons
from workbench.ui.forms.hub import Hub


class Button(QToolButton):
    """Flat, and reached by the tab key."""

    def __init__(self, hub: Hub, icon: str, tip: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hub, self.name, self.tip = hub, icon, tip
        self.setAutoRaise(True)
        self.setIconSize(QSize(14, 14))
        self.setFixedSize(20, 20)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.retranslate()
        self.recolour()

    def retranslate(self) -> None:
        """Says its tip in the person's language."""
        self.setToolTip(self.hub.say(self.tip))
        self.setAccessibleName(self.toolTip())

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        faint = self.name == "vary" and not self.isChecked()
        self.setIcon(icons.icon(self.name, self.hub.colours.faint if faint else self.hub.colours.muted))

    def keep_room(self) -> None:
        """Takes its room while it is hidden, so that nothing jumps."""
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
