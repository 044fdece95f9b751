"""An array: drawn in a panel, or read from a file by whoever runs the job."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFileDialog, QSizePolicy, QToolButton, QWidget

from workbench.texts import T
from workbench.ui.filedialog import FileDialog
from workbench.ui.forms import icons
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.painted import Muted
from workbench.ui.forms.place import Place


class ArrayEditor(Editor):
    """Says what the array is; nothing is read here."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.said, self.draw, self.load = Muted(hub), QToolButton(), QToolButton()
        self.said.setObjectName("summary")
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._value: Any = None
        self.draw.clicked.connect(lambda: hub.drawing.emit(place.path))
        self.load.clicked.connect(self.choose)
        self.box.addWidget(self.said, 1)
        self.box.addWidget(self.draw)
        self.box.addWidget(self.load)
        self.retranslate()
        self.recolour()

    def show_value(self, value: Any) -> None:
        self._value = value
        self.said.setText(self._summary())
        self.said.setToolTip(self.said.text())
        if isinstance(value, str) and value:
            self.hub.presence.want(self.place.path, value, False)
        else:
            self.hub.presence.forget(self.place.path)

    def stops(self) -> list[QWidget]:
        return [self.draw, self.load]

    def retranslate(self) -> None:
        for button, text in ((self.draw, T("Draw in the panel")), (self.load, T("Load a .npy or .png file…"))):
            button.setToolTip(self.hub.say(text))
            button.setAccessibleName(button.toolTip())
        self.said.setText(self._summary())

    def recolour(self) -> None:
        self.draw.setIcon(icons.icon("draw", self.hub.colours.text))
        self.load.setIcon(icons.icon("folder", self.hub.colours.text))
        self.said.recolour()

    def choose(self) -> QFileDialog:
        """Opens the chooser; it does not stop the window."""
        dialog = FileDialog(self, self.load.toolTip(), "", "*.npy *.png")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.edited.emit)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _summary(self) -> str:
        if isinstance(self._value, str) and self._value:
            return self._value.replace("\\", "/").rpartition("/")[2]
        if isinstance(self._value, dict) and "$array" in self._value:
            return self.hub.say(T("kept with its run"))
        shape = _shape(self._value)
        return self.hub.say(T("drawn, {shape}", shape=shape) if shape else T("nothing drawn yet"))


def _shape(value: Any) -> str:
    found = getattr(value, "shape", None)
    if found is None:
        found, inner = [], value
        while isinstance(inner, list | tuple) and inner:
            found.append(len(inner))
            inner = inner[0]
    return " × ".join(map(str, found))
