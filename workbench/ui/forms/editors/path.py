"""A file or a folder: a line, a chooser, and files dropped onto it."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolButton, QWidget

from workbench.params import File
from workbench.texts import T
from workbench.ui.forms import icons
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place


class PathEditor(Editor):
    """Whether it exists is looked up elsewhere (`presence`): a disk may be slow."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.line, self.button = QLineEdit(), QToolButton()
        self.line.textEdited.connect(self.edited.emit)
        self.button.clicked.connect(self.choose)
        self.box.addWidget(self.line, 1)
        self.box.addWidget(self.button)
        self.setAcceptDrops(True)
        self.line.setAcceptDrops(False)  # a file dropped there would be inserted as a URL
        self.retranslate()
        self.paint_icons()

    @property
    def folder(self) -> bool:
        """Whether a folder is wanted."""
        return self.place.kind.name == "folder"

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self.line.text() != text:
            self.line.setText(text)
        if text:
            self.hub.presence.want(self.place.path, text, self.folder)
        else:
            self.hub.presence.forget(self.place.path)

    def stops(self) -> list[QWidget]:
        return [self.line, self.button]

    def retranslate(self) -> None:
        self.button.setToolTip(self.hub.say(T("Choose a folder…") if self.folder else T("Choose a file…")))
        self.button.setAccessibleName(self.button.toolTip())

    def paint_icons(self) -> None:
        self.button.setIcon(icons.icon("folder", self.hub.colours.text))

    def choose(self) -> QFileDialog:
        """Opens the chooser; it does not stop the window."""
        dialog = QFileDialog(self, self.button.toolTip(), self.line.text())
        if self.folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        else:
            marker = self.place.kind.marker
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilter(marker.pattern if isinstance(marker, File) else "*.npy *.png")
        dialog.fileSelected.connect(self.edited.emit)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """See Qt."""
        event.acceptProposedAction()
        self.edited.emit(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()))
