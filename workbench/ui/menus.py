"""The menus, made from the commands."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from workbench.texts import T

if TYPE_CHECKING:
    from workbench.ui.window import Window

MENUS = {
    "program": T("&Program"), "document": T("&Document"), "tools": T("&Tools"),
    "job": T("&Job"), "runs": T("&Runs"), "view": T("&View"), "help": T("&Help"),
    "recent": T("Recent workspaces"), "theme": T("Theme"), "language": T("Language"), "panels": T("Panels"),
    "documents": T("Recent documents"),
}  # fmt: skip
_INSIDE = {"recent": ("program", "workspace"), "theme": ("view", "look"), "language": ("view", "look"),
           "panels": ("view", "look"), "documents": ("document", "file")}  # fmt: skip
"""Menus that stand in others, at the end of a group of theirs."""


class Menus:
    """The menu bar of a window. Menus ask their commands anew whenever they open."""

    def __init__(self, window: Window) -> None:
        self._window, self._commands = window, window.host.commands
        self._menus = {name: self._made(title) for name, title in MENUS.items()}
        for name, menu in self._menus.items():
            if name not in _INSIDE:
                window.menuBar().addMenu(menu)
        self._listed = {"panels": self._list_panels, "documents": self._list_documents}
        for name, fill in self._listed.items():
            self._menus[name].aboutToShow.connect(fill)
        self._menus["document"].aboutToShow.connect(self._list_documents)
        self._commands.changed.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Lists the commands that there are now."""
        for name, menu in self._menus.items():
            if name not in self._listed:
                menu.clear()
                self._fill(name, menu)
        self._menus["recent"].menuAction().setVisible(bool(self._commands.of_menu("recent")))

    def _made(self, title: str) -> QMenu:
        menu = QMenu(self._window)
        self._window.host.speech.bind(menu, "setTitle", title)
        menu.aboutToShow.connect(self._commands.refresh)
        return menu

    def _fill(self, name: str, menu: QMenu) -> None:
        commands = self._commands.of_menu(name)
        inside = [(each, group) for each, (outer, group) in _INSIDE.items() if outer == name]
        for group in dict.fromkeys([*(each.group for each in commands), *(group for _, group in inside)]):
            if not menu.isEmpty():
                menu.addSeparator()
            menu.addActions([self._commands.action(each.id) for each in commands if each.group == group])
            for each in (each for each, of in inside if of == group):
                menu.addMenu(self._menus[each])

    def _list_panels(self) -> None:
        """The panels of the page that is looked at: shown or hidden."""
        self._menus["panels"].clear()
        if self._window.page is not None:
            self._menus["panels"].addActions(self._window.page.docks.actions_to_show())

    def _list_documents(self) -> None:
        """The documents that were open last on the page that is looked at."""
        menu, documents = self._menus["documents"], self._window.documents
        menu.clear()
        for path in documents.recent if documents else ():
            menu.addAction(path.replace("&", "&&"), partial(self._open_document, path))
        menu.menuAction().setEnabled(not menu.isEmpty())

    def _open_document(self, path: str) -> None:
        if self._window.documents is not None:
            self._window.documents.open(Path(path))
