"""The menus, made from the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from workbench.texts import T

if TYPE_CHECKING:
    from workbench.ui.window import Window

MENUS = {
    "program": T("&Program"), "tools": T("&Tools"), "job": T("&Job"), "view": T("&View"),
    "theme": T("Theme"), "language": T("Language"),
}  # fmt: skip
_INSIDE = {"theme": "view", "language": "view"}
"""Menus that stand in others."""


class Menus:
    """The menu bar of a window. Menus ask their commands anew whenever they open."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._menus: dict[str, QMenu] = {}
        for name, title in MENUS.items():
            outer = self._menus.get(_INSIDE.get(name, ""))
            menu = QMenu(window)
            (outer.addMenu if outer else window.menuBar().addMenu)(menu)
            window.host.speech.bind(menu, "setTitle", title)
            menu.aboutToShow.connect(window.host.commands.refresh)
            self._menus[name] = menu
            self._fill(name, menu)
        self._panels = QMenu(window)
        window.host.speech.bind(self._panels, "setTitle", T("Panels"))
        self._menus["view"].addMenu(self._panels)
        self._panels.aboutToShow.connect(self._list_panels)

    def _fill(self, name: str, menu: QMenu) -> None:
        group = None
        for command in self._window.host.commands.of_menu(name):
            if group not in (None, command.group):
                menu.addSeparator()
            group = command.group
            menu.addAction(self._window.host.commands.action(command.id))

    def _list_panels(self) -> None:
        """The panels of the page that is looked at: shown or hidden."""
        self._panels.clear()
        if self._window.page is not None:
            self._panels.addActions(self._window.page.docks.actions_to_show())
