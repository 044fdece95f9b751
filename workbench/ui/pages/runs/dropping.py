"""Shared runs are dropped on the window, wherever it has no other use for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

_ENDING = ".zip"


class Drops(QObject):
    """Calls `take(files)` when zips are dropped on a widget."""

    def __init__(self, target: QWidget, take: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(target)
        self._take = take
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Says whether what is dragged can be dropped, and takes it."""
        if not isinstance(event, QDropEvent):  # those of entering and moving are of its kind
            return super().eventFilter(watched, event)
        files = _files(event.mimeData())
        if not files:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._take(files)
        return True


def _files(data: QMimeData) -> list[Path]:
    """The local zips, if it is nothing else that is dragged."""
    paths = [Path(each.toLocalFile()) for each in data.urls() if each.isLocalFile()]
    return paths if all(each.suffix.lower() == _ENDING for each in paths) else []
