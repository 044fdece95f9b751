"""Copies and pastes a group of fields as JSON."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from workbench.errors import UserError
from workbench.ui.forms import copying
from workbench.ui.forms.hub import Hub


class Clipboard:
    """For the group, variant or list at a path."""

    def __init__(self, hub: Hub, path: str) -> None:
        self.hub, self.path = hub, path

    def copy(self) -> None:
        """All its values, as JSON."""
        QGuiApplication.clipboard().setText(copying.group_as_json(self.hub.state.shown(self.path)))

    def paste(self) -> None:
        """Takes the values that were copied; says why where they do not fit."""
        state = self.hub.state
        text = QGuiApplication.clipboard().text()
        try:
            value = copying.group_from_json(state.model, state.values, self.path, text, state.put_into)
        except UserError as error:
            self.hub.refuse(self.path, error.text)
        else:
            self.hub.put(self.path, value)
