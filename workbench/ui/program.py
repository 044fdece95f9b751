"""The program itself in the window: its pages of settings and plugins, workspaces, diagnostics, and their commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.commands import Command
from workbench.ui.diagnosing import Diagnostics
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.workspaces import Workspaces

if TYPE_CHECKING:
    from workbench.ui.window import Window


class Program(QObject):
    """One for a window. Its pages are made when they are first looked at."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._host = window, window.host
        self._pages: dict[str, QWidget] = {}
        self.workspaces = Workspaces(window)
        self.diagnostics = Diagnostics(window)
        self._host.preferences.refused.connect(self._say_refused)
        self._host.preferences.mended.connect(lambda _: window.bar.hide())
        self._host.drawable.connect(self._offer)

    def commands(self) -> list[Command]:
        """Those of the menus Program and Help."""
        return [
            Command("program.settings", T("Settings"), self.show_settings, "Ctrl+,", "program", "set", self._ready),
            Command("program.plugins", T("Plugins"), self.show_plugins, "", "program", "set", self._ready),
            Command("workspace.open", T("Open workspace…"), self.workspaces.ask, "Ctrl+Shift+O", "program", "workspace",
                    self._ready),
            Command("help.log", T("Open the log"), self.diagnostics.show_log, "", "help", "wrong"),
            Command("help.bundle", T("Diagnostics bundle…"), self.diagnostics.ask_bundle, "", "help", "wrong"),
            Command("help.folder", T("Open the plugins folder"), self.diagnostics.open_plugins, "", "help", "folders"),
        ]  # fmt: skip

    def show_settings(self) -> None:
        """Shows the page of settings, which says itself what is wrong with their file."""
        if self._host.preferences.damage is not None:
            self._window.bar.hide()
        self._show("pages.settings", "SettingsPage")

    def show_plugins(self) -> None:
        """Shows the page of plugins."""
        self._show("pages.plugins", "PluginsPage")

    def page(self, name: str) -> QWidget:
        """A page that was shown, by the name of its class. Raises KeyError."""
        return self._pages[name]

    def begin(self) -> None:
        """Names the workspace, and what is wrong with files of the window's own. Once it could be seen."""
        self.workspaces.announce()
        if self._host.remembered.damage is not None:
            self._window.complain(self._host.remembered.damage)
        if self._host.preferences.damage is not None:
            self._say_refused(self._host.preferences.damage)

    def _show(self, module: str, name: str) -> None:
        if name not in self._pages:
            page = self._pages[name] = self._host.part(module, name)(self._host)
            self._window.stack.addWidget(page)
        self._window.show_page(self._pages[name])
        self._pages[name].setFocus()

    def _offer(self) -> None:
        """A button below the tools."""
        button = named(QToolButton(autoRaise=True), "settings-button")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._host.speech.bind(button, "setText", T("Settings"))
        self._host.speech.bind(button, "setToolTip", T("Settings, plugins, disk use"))
        button.clicked.connect(self.show_settings)
        self._host.theme.changed.connect(lambda _: self._colour(button))
        self._colour(button)
        layout = self._window.sidebar.layout()
        if layout is not None:
            layout.addWidget(button)

    def _colour(self, button: QToolButton) -> None:
        button.setIcon(icon("settings", self._host.theme.colours.text))

    def _ready(self) -> bool:
        """Whether what pages are made of was imported."""
        return self._host.jobs is not None

    def _say_refused(self, error: Exception) -> None:
        """The settings cannot be read or written: their page is one click away."""
        if isinstance(error, UserError):
            said, remedy = error.text, error.remedy
        elif isinstance(error, OSError):
            said = T("The settings cannot be saved: {problem}.", problem=error.strerror or str(error))
            remedy = T("They hold until the window is closed.")
        else:
            self._host.faults.report(error)
            return
        self._window.bar.say(said, remedy, bad=True, details=lambda _: self._open_settings())

    def _open_settings(self) -> None:
        if self._ready():
            self.show_settings()
