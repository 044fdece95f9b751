"""A panel in its dock, and alone on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QGraphicsView,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.texts import T
from workbench.tool import Panel
from workbench.ui.elided import Elided
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.parts import paint_later, repaint
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

if TYPE_CHECKING:
    from workbench.ui.panels import PanelWidget  # it imports pyqtgraph: the window has that after its first paint


class Dock(QDockWidget):
    """One panel in its dock, with a title bar of our own: menu, float, full screen, hide."""

    menu_asked = Signal(QPoint)
    """Its menu is wanted, here on the screen."""

    def __init__(self, panel: Panel, widget: PanelWidget, domain: str, speech: Speech, theme: Theme) -> None:
        super().__init__()
        self.setObjectName(panel.id)
        self.panel, self.content = panel, widget
        self.shown = False
        self.fitted = False
        """Whether it was made for streams that the tool does not declare."""
        self.reported = False
        """Whether what is shown on the page has ever reported something for it."""
        self.due = False
        """Whether it is to be drawn in one of the next turns."""
        self.waiting = False
        """Whether it is hidden only because there is nothing to see in it."""
        self.room = self.size()
        """Its size before it was put away."""
        self.asked_for = False
        """Whether the person wants to see it, empty or not."""
        self._theme, self._turns = theme, speech.turns
        self._frame = self.size()
        """The window's size when it was last given another place."""
        self._screen: FullScreen | None = None
        speech.bind(self, "setWindowTitle", panel.title or panel.id, domain)
        self._buttons = {
            "menu": self._button(speech, T("Export and options"), self._ask_menu),
            "full": self._button(speech, T("Full screen"), self.fill_screen),
            "float": self._button(speech, T("Float"), lambda: self.setFloating(not self.isFloating())),
            "close": self._button(speech, T("Hide"), self.close),
        }
        self.setTitleBarWidget(self._title(panel, domain, speech))
        self._hold(widget)
        self.visibilityChanged.connect(self._seen)
        self.toggleViewAction().triggered.connect(self._decided)
        theme.changed.connect(self._colour)
        self._colour(theme.dark)

    def _hold(self, widget: PanelWidget) -> None:
        self.content = widget
        self.setWidget(widget)
        widget.menu_asked.connect(self.menu_asked)

    def declare(self, panel: Panel) -> None:
        """It shows other streams from now on."""
        self.panel = self.content.panel = panel

    def replace(self, panel: Panel, widget: PanelWidget) -> None:
        """It shows a stream that is of another kind now, by another widget."""
        before, screen = self.content, self.content.window()
        if isinstance(screen, FullScreen):
            screen.close()
        self.panel = panel
        self._hold(widget)
        widget.apply_theme(self._theme.dark)
        before.deleteLater()

    def put_away(self, room: QSize) -> None:
        """Hides it until there is something to see, unless the person has said otherwise. room: what it is to have when
        it comes back."""
        idle = not (self.reported or self.asked_for or self.content.always or self.isFloating())
        if idle and not self.isHidden():
            self.waiting, self.room = True, room
            self.hide()

    def bring_back(self) -> None:
        """The reverse."""
        self.waiting = False
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The panel is painted at once where a hand drags the window or a border; else in a turn of its own: the
        program may have made all panels larger or smaller."""
        super().resizeEvent(event)
        frame = self.window().size()
        dragged = frame != self._frame or QApplication.mouseButtons() != Qt.MouseButton.NoButton
        self._frame = frame
        if not dragged:
            paint_later(self.content, self._turns, self._repaint)

    def paint(self) -> None:
        """Paints what has changed in the panel in this turn: Qt would paint all panels in one of the next. Several
        pictures beside each other are each painted in a turn of its own, once all of them have been painted."""
        views = self.content.views
        if not self.content.updatesEnabled():
            self._repaint(self.content)
        elif len(views) > 1:
            for each in views:
                paint_later(each, self._turns, _repaint_view)
        else:
            for each in views:
                _gather(each)
            QCoreApplication.sendPostedEvents(self.content.window(), QEvent.Type.UpdateRequest)

    def _repaint(self, content: QWidget) -> None:
        for view in self.content.views:
            _gather(view)
        repaint(content)

    def _ask_menu(self) -> None:
        button = self._buttons["menu"]
        self.menu_asked.emit(button.mapToGlobal(button.rect().bottomLeft()))

    def _decided(self, shown: bool) -> None:
        self.asked_for, self.waiting = shown, False

    def fill_screen(self) -> None:
        """Shows the panel alone on the whole screen, until Escape."""
        self._screen = FullScreen(self.content, self.windowTitle(), lambda: self.setWidget(self.content))

    def _button(self, speech: Speech, text: str, run: Callable[[], object]) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setFixedSize(22, 20)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        speech.bind(button, "setToolTip", text)
        speech.bind(button, "setAccessibleName", text)
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _title(self, panel: Panel, domain: str, speech: Speech) -> QWidget:
        bar = named(QWidget(), "dock-title")
        label = named(Elided(), "dock-name")
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        speech.bind(label, "setText", panel.title or panel.id, domain)
        if panel.help:
            speech.bind(bar, "setToolTip", panel.help, domain)
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(8, 2, 2, 2)
        layout.setSpacing(0)
        layout.addWidget(label, 1)
        for button in self._buttons.values():
            layout.addWidget(button)
        return bar

    def _seen(self, visible: bool) -> None:
        self.shown = visible

    def _colour(self, dark: bool) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(name, self._theme.colours.quiet))
        self.content.apply_theme(dark)


def _repaint_view(view: QGraphicsView) -> None:
    _gather(view)
    repaint(view)


def _gather(view: QGraphicsView) -> None:
    """A scene puts off until the next turn to tell its view what has changed."""
    QCoreApplication.sendPostedEvents(view.scene(), QEvent.Type.MetaCall)


class FullScreen(QWidget):
    """A panel alone on the screen; Escape or closing gives it back."""

    def __init__(self, content: QWidget, title: str, back: Callable[[], object]) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._content, self._back = content, back
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(content)
        content.installEventFilter(self)
        self.showFullScreen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Escape in the panel is Escape here."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.close()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Gives the panel back."""
        if self._content.parentWidget() is self:
            self._content.removeEventFilter(self)
            self._back()
        super().closeEvent(event)
