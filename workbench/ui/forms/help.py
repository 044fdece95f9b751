"""The line below a form that explains the field which has the focus."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QSizePolicy

from workbench.ui.forms.hub import Hub
from workbench.ui.forms.painted import tint
from workbench.ui.forms.place import Place


class HelpLine(QLabel):
    """Keeps the height of two lines, so that nothing jumps when the focus moves."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.hub = hub
        self._place: Place | None = None
        self.setWordWrap(True)
        self.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        hub.explained.connect(self.explain)
        self.recolour()

    def explain(self, place: Place) -> None:
        """Explains a field: its help, and its range."""
        self._place = place
        self.retranslate()

    def recolour(self) -> None:
        """Takes the colours of the theme."""
        tint(self, self.hub.colours.muted)

    def retranslate(self) -> None:
        """Says it in the person's language."""
        if self._place is None:
            return
        title, text = self.hub.say(self._place.title), self.hub.say(self._place.help)
        bounds = str(self._place.kind.bounds)
        self.setText(" ".join(filter(None, (f"{title}{':' if text else ''}", text, bounds))))
