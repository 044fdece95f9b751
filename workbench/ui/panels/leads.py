"""Ways from a row of a table to another tool: buttons below the table; Enter or a double click takes the first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QToolButton, QToolTip

from workbench.texts import T
from workbench.tool import Lead
from workbench.ui.panels.base import Say
from workbench.ui.source import Source


class LeadButton(QToolButton):
    """One way. It is off where there is nowhere to go, and says why."""

    led = Signal(str, object)
    """A tool, and parameters of it by name."""

    def __init__(self, lead: Lead, say: Say) -> None:
        super().__init__(autoRaise=True)
        self.lead, self._say = lead, say
        self._values: dict[str, Any] = {}
        self._chosen, self._kept = False, True
        self.clicked.connect(self.go)
        self.worded()

    def aim(self, source: Source | None, text: str | None) -> None:
        """Where it leads to now. text: of the chosen row's first cell, None for no row."""
        lead = self.lead
        self._values = {} if text is None else {lead.param: text}
        self._chosen = text is not None
        self._kept = not lead.artifact or (source is not None and lead.artifact in source.artifacts())
        if lead.artifact and source is not None:
            run = source.label if source.folder is None else source.folder.name
            self._values[lead.takes] = f"run:{run}/{lead.artifact}"
        self.setEnabled(self._chosen and self._kept)
        self.worded()

    def go(self) -> None:
        """Leads there, or says why it cannot."""
        if self.isEnabled():
            self.led.emit(self.lead.tool, self._values)
        else:
            QToolTip.showText(self.mapToGlobal(QPoint()), self.toolTip(), self)

    def worded(self) -> None:
        """In the reader's language."""
        self.setText(self._say(self.lead.title) + " ›")
        if not self._kept:
            self.setToolTip(self._say(self.lead.missing))
        elif not self._chosen:
            self.setToolTip(self._say(T("Choose a row first.")))
        else:
            self.setToolTip(self._say(T("Enter or a double click on the row does it too.")))
