"""The view, as far as it needs no window: what it asks the host for, and what it does with what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .document import Document

Start = Callable[[str, Mapping[str, Any]], Any]
"""`Host.start`: starts a tool's job with these parameters."""


class NotesView:
    """Owns the document. The job gets path and revision; its rows come back and are applied as an operation."""

    def __init__(self, start: Start, path: Path) -> None:
        self.path = path
        self.document = Document.load(path)
        self._start = start

    def suggest(self, **settings: Any) -> Any:
        """Saves, so that the job reads what is shown, and starts it."""
        self.document.save(self.path)
        return self._start("notes", {"document": str(self.path), "revision": self.document.revision, **settings})

    def take(self, rows: list[Mapping[str, Any]]) -> bool:
        """Rows of the job, however often they come; whether they changed the document."""
        return self.document.accept(rows)
