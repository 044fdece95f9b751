"""The page of experiments in the window: a button below the tools and a command; it is made when first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from workbench.texts import T
from workbench.ui.commands import Command
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.pages.experiments.page import ExperimentsPage

if TYPE_CHECKING:
    from workbench.ui.window import Window


class Hooked:
    """One for a window, made once jobs can be started."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.page: ExperimentsPage | None = None
        window.host.commands.add(
            Command("experiments.list", T("All experiments"), self.show, "Ctrl+Shift+E", "runs", "list")
        )
        self._offer()

    def show(self) -> None:
        """Shows the page of experiments."""
        if self.page is None:
            self.page = ExperimentsPage(self._window)
            self._window.stack.addWidget(self.page)
        self._window.show_page(self.page)
        self.page.list.setFocus()

    def _offer(self) -> None:
        self.button = named(QToolButton(autoRaise=True), "experiments-button")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        speech, theme = self._window.host.speech, self._window.host.theme
        speech.bind(self.button, "setText", T("Experiments"))
        speech.bind(self.button, "setToolTip", T("Statements put to the test on this machine"))
        self.button.clicked.connect(self.show)
        theme.changed.connect(self._colour)
        self._colour()
        layout = self._window.sidebar.layout()
        if layout is not None:
            layout.addWidget(self.button)

    def _colour(self, *_: object) -> None:
        self.button.setIcon(icon("experiment", self._window.host.theme.colours.text))


def attach(window: Window) -> Hooked:
    """Puts it in; whoever calls keeps what is returned."""
    return Hooked(window)
