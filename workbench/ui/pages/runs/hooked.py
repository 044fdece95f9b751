"""The page of runs in the window: a button below the tools, commands, a review on every tool's page, dropped files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QToolButton

from workbench.texts import T
from workbench.ui.commands import Command
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.pages.runs.dropping import Drops
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.pages.runs.review import Review
from workbench.ui.pages.tool import ToolPage

if TYPE_CHECKING:
    from workbench.ui.window import Window


class Hooked:
    """One for a window, made once jobs can be started and before the first tool's page is."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.reviews: dict[str, Review] = {}
        window.host.commands.add(Command("runs.list", T("All runs"), self.show, "Ctrl+R", "runs", "list"))
        self.page = RunsPage(window, self.reviews)
        self._drops = Drops(window, self.page.deeds.take)
        window.stack.widgetAdded.connect(self._added)
        window.stack.addWidget(self.page)
        window.sidebar.list.itemClicked.connect(lambda _: window.open_tool(window.tool))
        self._offer()

    def show(self) -> None:
        """Shows the page of runs."""
        self.window.show_page(self.page)
        self.page.search.setFocus()

    def _added(self, place: int) -> None:
        page = self.window.stack.widget(place)
        if isinstance(page, ToolPage):
            review = self.reviews[page.tool.id] = Review(page, self.window.host)
            layout = page.layout()
            if isinstance(layout, QBoxLayout):
                layout.insertWidget(layout.indexOf(page.bar), review)

    def _offer(self) -> None:
        button = named(QToolButton(autoRaise=True), "runs-button")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.window.host.speech.bind(button, "setText", T("Runs"))
        self.window.host.speech.bind(button, "setToolTip", T("All runs that were kept"))
        button.clicked.connect(self.show)
        self.window.host.theme.changed.connect(lambda _: self._colour(button))
        self._colour(button)
        layout = self.window.sidebar.layout()
        if layout is not None:
            layout.addWidget(button)

    def _colour(self, button: QToolButton) -> None:
        button.setIcon(icon("keep", self.window.host.theme.colours.text))


def attach(window: Window) -> Hooked:
    """Puts it in; whoever calls keeps what is returned."""
    return Hooked(window)
