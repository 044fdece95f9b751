"""Whether the files and folders that fields name exist: looked up off the GUI thread, remembered, said in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from workbench.texts import T, Text


class _Look(QRunnable):
    """One look at the disk."""

    def __init__(self, answers: _Answers, field: str, name: str, folder: bool) -> None:
        super().__init__()
        self._answers, self._field, self._name, self._folder = answers, field, name, folder

    def run(self) -> None:
        try:
            path = Path(self._name).expanduser()
            there = path.is_dir() if self._folder else path.is_file()
        except (OSError, ValueError, RuntimeError):  # RuntimeError: the home of nobody
            there = False
        self._answers.answer.emit(self._field, self._name, there)


class _Answers(QObject):
    """Carries the answers to the GUI thread."""

    answer = Signal(str, str, bool)


class Presence(QObject):
    """Remembers of each field which name was looked for, and whether it is there."""

    found = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: dict[str, tuple[str, bool]] = {}
        self._missing: dict[str, str] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._answers = _Answers(self)
        self._answers.answer.connect(self._take)

    def want(self, field: str, name: str, folder: bool) -> None:
        """Looks whether what the field names is there, unless that is known."""
        if self._wanted.get(field) == (name, folder):
            return
        self._wanted[field] = (name, folder)
        self._missing.pop(field, None)
        self._pool.start(_Look(self._answers, field, name, folder))

    def forget(self, field: str) -> None:
        """The field names nothing any more."""
        self._wanted.pop(field, None)
        self._missing.pop(field, None)

    def again(self) -> None:
        """Looks anew: files come and go."""
        wanted, self._wanted = self._wanted, {}
        for field, (name, folder) in wanted.items():
            self.want(field, name, folder)

    def faults(self, names: Callable[[str, str], bool]) -> list[tuple[str, Text]]:
        """What is known to be missing, of that which fields name now. names: whether a field names this."""
        return [(field, self._text(field, name)) for field, name in self._missing.items() if names(field, name)]

    def _text(self, field: str, name: str) -> Text:
        if self._wanted[field][1]:
            return T("there is no such folder: {name}", name=name)
        return T("choose a file.") if name == "." else T("there is no such file: {name}", name=name)

    def _take(self, field: str, name: str, there: bool) -> None:
        if self._wanted.get(field, ("", False))[0] != name:
            return
        if not there:
            self._missing[field] = name
        self.found.emit()
