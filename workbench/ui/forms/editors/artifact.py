"""A product of a run, `run:ID/NAME[@STEP]` or a path, with a picker of those that there are."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QToolButton, QWidget

from workbench.params import Artifact
from workbench.texts import T
from workbench.ui.forms import icons
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.nested import UNSET
from workbench.ui.forms.place import Place


class ArtifactEditor(Editor):
    """Candidates are handed in by `Form.set_artifacts`; typing any part of one finds it."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.line, self.button = QLineEdit(), QToolButton()
        self.candidates = QStringListModel(self)
        self.finder = QCompleter(self.candidates, self)
        self.finder.setFilterMode(Qt.MatchFlag.MatchContains)
        self.finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.line.setCompleter(self.finder)
        self.line.textEdited.connect(lambda text: self.edited.emit(text or UNSET))  # an empty line names nothing
        self.finder.activated.connect(self.edited.emit)
        self.button.clicked.connect(self.pick)
        self._wanted = False
        self.box.addWidget(self.line, 1)
        self.box.addWidget(self.button)
        self.retranslate()
        self.recolour()

    @property
    def kind(self) -> str:
        """The kind of artifact."""
        marker = self.place.kind.marker
        return marker.kind if isinstance(marker, Artifact) else ""

    def show_value(self, value: Any) -> None:
        known = list(self.hub.candidates(self.kind))
        if self.candidates.stringList() != known:
            self.candidates.setStringList(known)
            if self.line.hasFocus() and self._wanted:
                self.finder.complete()
        text = "" if value is None else str(value)
        if self.line.text() != text:
            self.line.setText(text)

    def stops(self) -> list[QWidget]:
        return [self.line, self.button]

    def retranslate(self) -> None:
        self.line.setPlaceholderText(self.hub.say(T("run:ID/NAME or a path")))
        self.button.setToolTip(self.hub.say(T("Pick one of the runs' products ({kind})", kind=self.kind)))
        self.button.setAccessibleName(self.button.toolTip())

    def recolour(self) -> None:
        self.button.setIcon(icons.icon("pick", self.hub.colours.text))

    def pick(self) -> None:
        """Shows all candidates, and once more when others are found."""
        self._wanted = True
        self.line.setFocus()
        self.hub.picking.emit(self.kind)
        self.finder.setCompletionPrefix("")
        self.finder.complete()
