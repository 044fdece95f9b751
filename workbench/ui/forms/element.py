"""An element of a list: its number, by which it is dragged; its fields; buttons that move, copy and remove it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QToolButton, QWidget

from workbench.texts import T
from workbench.ui.forms import icons
from workbench.ui.forms.button import Button
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.node import Node
from workbench.ui.forms.painted import frame

DROP = 3
"""Pixels of the line where what is dragged would come."""


class Grip(QToolButton):
    """Dragged by the mouse; Alt and an arrow key move the element, Ctrl+D copies it, Delete removes it."""

    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    asked = Signal(str)

    def __init__(self, hub: Hub, index: int) -> None:
        super().__init__()
        self.hub = hub
        self._from: QPoint | None = None
        self._moving = False
        self.setText(str(index + 1))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()
        self.recolour()

    def retranslate(self) -> None:
        """Says what it does."""
        self.setToolTip(self.hub.say(T("Drag, or Alt+↑ and Alt+↓: move. Ctrl+D: copy. Delete: remove.")))

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        self.setIcon(icons.icon("grip", self.hub.colours.muted))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        if self._from is None:
            return
        far = (event.position().toPoint() - self._from).manhattanLength()
        self._moving = self._moving or far >= QApplication.startDragDistance()
        if self._moving:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        moving, self._from, self._moving = self._moving, None, False
        if moving:
            self.dropped.emit(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        asked = {
            (Qt.Key.Key_Up, True, False): "up",
            (Qt.Key.Key_Down, True, False): "down",
            (Qt.Key.Key_D, False, True): "copy",
            (Qt.Key.Key_Delete, False, False): "remove",
        }.get((Qt.Key(event.key()), alt, control))
        if asked:
            self.asked.emit(asked)
        else:
            super().keyPressEvent(event)


class Element(QFrame):
    """asked: what is wanted of it: up, down, copy, remove. dropping: where what is dragged would come: above, below."""

    asked = Signal(str)

    def __init__(self, hub: Hub, index: int, node: Node) -> None:
        super().__init__()
        self.hub, self.index, self.node = hub, index, node
        self.dropping = ""
        self.grip = Grip(hub, index)
        tips = {"up": T("Move up"), "copy": T("Duplicate"), "down": T("Move down"), "remove": T("Remove")}
        self.buttons = {name: Button(hub, name, tip) for name, tip in tips.items()}
        self.grip.asked.connect(self.asked)
        for name, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the grip's keys do the same
            button.clicked.connect(lambda _, name=name: self.asked.emit(name))
        self._lay_out()

    def _lay_out(self) -> None:
        box, grid = QHBoxLayout(self), QGridLayout()
        box.setContentsMargins(3, 3, 3, 3)
        box.setSpacing(4)
        grid.setSpacing(0)
        for place, button in enumerate(self.buttons.values()):
            grid.addWidget(button, place // 2, place % 2)
        box.addWidget(self.grip, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.node, 1, Qt.AlignmentFlag.AlignVCenter)
        box.addLayout(grid)
        box.setAlignment(grid, Qt.AlignmentFlag.AlignTop)

    def allow(self, locked: bool, allowed: Collection[str]) -> None:
        """Which of its buttons may be pressed."""
        for name, button in self.buttons.items():
            button.setEnabled(name in allowed and not locked)
        self.grip.setEnabled(not locked)

    def mark_drop(self, where: str) -> None:
        """Shows that what is dragged would come above or below it, or neither."""
        self.dropping = where
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """See Qt."""
        frame(self, self.hub.colours.line)
        if self.dropping:
            painter = QPainter(self)
            y = 0 if self.dropping == "above" else self.height() - DROP
            painter.fillRect(0, y, self.width(), DROP, QColor(self.hub.colours.accent))
            painter.end()

    def parts(self) -> list[Grip | Button]:
        """What of it speaks and is coloured."""
        return [self.grip, *self.buttons.values()]

    def stops(self) -> list[QWidget]:
        """What the tab key stops at."""
        return [self.grip, *self.node.stops()]
