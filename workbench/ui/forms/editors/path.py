"""A file or a folder: a line, a chooser (two where it may be either), and files dropped onto it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolButton, QWidget

from workbench.params import File
from workbench.texts import T
from workbench.ui.filedialog import FileDialog
from workbench.ui.forms import icons
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place


class PathEditor(Editor):
    """Whether it exists is looked up elsewhere (`presence`): a disk may be slow. What may be a pattern is not."""

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__(hub, place)
        self.line = QLineEdit()
        self.line.textEdited.connect(self.edited.emit)
        self.box.addWidget(self.line, 1)
        wanted = {"folder": (True,), "path": (True, False)}.get(place.kind.name, (False,))
        self.buttons = {folder: QToolButton() for folder in wanted}
        for folder, button in self.buttons.items():
            button.clicked.connect(partial(self.choose, folder))
            self.box.addWidget(button)
        self.setAcceptDrops(True)
        self.line.setAcceptDrops(False)  # a file dropped there would be inserted as a URL
        self.retranslate()
        self.recolour()

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self.line.text() != text:
            self.line.setText(text)
        if text and len(self.buttons) == 1:
            self.hub.presence.want(self.place.path, text, True in self.buttons)
        else:
            self.hub.presence.forget(self.place.path)

    def stops(self) -> list[QWidget]:
        return [self.line, *self.buttons.values()]

    def retranslate(self) -> None:
        for folder, button in self.buttons.items():
            button.setToolTip(self.hub.say(T("Choose a folder…") if folder else T("Choose a file…")))
            button.setAccessibleName(button.toolTip())

    def recolour(self) -> None:
        for folder, button in self.buttons.items():
            name = "folder" if folder or len(self.buttons) == 1 else "file"
            button.setIcon(icons.icon(name, self.hub.colours.text))

    def choose(self, folder: bool, _checked: bool = False) -> QFileDialog:
        """Opens the chooser; it does not stop the window."""
        dialog = FileDialog(self, self.buttons[folder].toolTip(), self.line.text())
        if folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        else:
            marker = self.place.kind.marker
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilter(marker.pattern if isinstance(marker, File) else "*")
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
