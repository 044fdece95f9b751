"""What of a form is drawn in its own colours. A style sheet would say it shorter, but takes longer than a frame to
change: Qt polishes each widget that it reaches anew."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QLabel, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

from workbench.ui.forms.hub import Hub
from workbench.ui.forms.wrapped import Wrapped
from workbench.ui.named import letters

Role = QPalette.ColorRole
RADIUS = 4.0


def tint(widget: QWidget, colour: str, *roles: QPalette.ColorRole) -> None:
    """Gives a widget a colour in these roles, its text where none is named; "" takes all of its own away."""
    made = QPalette()
    for role in (roles or (Role.WindowText,)) if colour else ():
        made.setColor(role, QColor(colour))
    widget.setPalette(made)


def frame(widget: QWidget, line: str, ground: str = "") -> None:
    """Paints a frame with round corners around a widget, and its ground."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(line), 1))
    painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.end()  # before it is left to Python, which another thread may keep from forgetting it


class Muted(QLabel):
    """A text beside what matters more."""

    def __init__(self, hub: Hub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hub = hub
        self.recolour()

    def retranslate(self) -> None:
        """Whoever owns it says it."""

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        tint(self, self.hub.colours.muted)


class Said(Wrapped):
    """A sentence at a part, in the colour of its name (`problem`, `note`, `nothing`); hidden while there is none."""

    def __init__(self, hub: Hub, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.hub = hub
        self.setObjectName(name)
        self.hide()
        self.recolour()

    def say(self, text: str) -> None:
        """An empty text hides it."""
        self.setText(text)
        self.setVisible(bool(text))

    def retranslate(self) -> None:
        """Whoever says something in it says it anew."""

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        colours = self.hub.colours
        inks = {"problem": colours.wrong, "note": colours.note, "nothing": colours.muted}
        tint(self, inks[self.objectName()])


class Dot(QWidget):
    """Marks what may change while a job runs."""

    def __init__(self, hub: Hub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hub = hub
        self.setFixedSize(8, 8)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """See Qt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.hub.colours.live))
        painter.drawEllipse(self.rect())
        painter.end()


class Inside(QFrame):
    """Holds what lies inside a part, behind a line at its left."""

    LINE = 2

    def __init__(self, hub: Hub, parent: QWidget) -> None:
        super().__init__(parent)
        self.hub = hub

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """See Qt."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.LINE, self.height(), QColor(self.hub.colours.line))
        painter.end()


class Fold(QToolButton):
    """A title that folds what is below it: bold, without a frame, in another colour while it has the focus."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.hub = hub
        self.setFont(letters())
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setChecked(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """See Qt."""
        painter, option = QStylePainter(self), QStyleOptionToolButton()
        self.initStyleOption(option)
        option.state &= ~(QStyle.StateFlag.State_On | QStyle.StateFlag.State_Sunken)
        if self.hasFocus():
            option.palette.setColor(Role.ButtonText, QColor(self.hub.colours.accent))
        painter.drawControl(QStyle.ControlElement.CE_ToolButtonLabel, option)
        painter.end()
