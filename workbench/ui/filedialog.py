"""A dialog for files and folders."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo
from PySide6.QtWidgets import QFileDialog


class FileDialog(QFileDialog):
    """One that begins where the last one was left, unless it is told a folder."""

    def accept(self) -> None:
        """Qt begins the next one in the folder that a program has set last; one that a person went to is not noted."""
        super().accept()
        if self.result() == self.DialogCode.Accepted and self.selectedFiles():
            self.setDirectory(QFileInfo(self.selectedFiles()[0]).absolutePath())
