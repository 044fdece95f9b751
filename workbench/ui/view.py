"""A tool's own view: a widget with a document that is edited by operations, and what the window gives it.

Plugins import this from `workbench.ui.widgets`. A view never opens a file: `read` and `write` are called in another
thread, and the window keeps the rest: new, open, save, recent documents, undo, unsaved changes after a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget

R = TypeVar("R")


class Host(Protocol):
    """What a view has of the window. Everything here returns at once."""

    @property
    def path(self) -> Path | None:
        """The file of the document; None while it has none."""

    @property
    def dark(self) -> bool:
        """Whether the theme is a dark one."""

    def say(self, text: str) -> str:
        """A text in the person's language."""

    def bind(self, target: QObject, setter: str, text: str) -> None:
        """Calls `target.setter(text)` now and whenever the language changes."""

    def start(self, **values: Any) -> None:
        """Starts the tool's job, as the button Start does, with the form's parameters and these (by name).

        The document is saved first; the job finds its file in the parameter `document`, its revision in `revision`.
        """

    def background(
        self, work: Callable[[], R], done: Callable[[R], object], failed: Callable[[Exception], object] | None = None
    ) -> None:
        """`work()` in another thread, then `done(its result)` in the window's. Errors go to `failed`, or are said."""

    def open(self, path: Path) -> None:
        """Opens another document; asks first where this one has unsaved changes."""

    def tell(self, text: str, remedy: str = "") -> None:
        """Says something in the page's bar."""

    def fail(self, error: Exception) -> None:
        """Says what went wrong: a `UserError` as it is, anything else with its traceback one click away."""

    def recall(self, name: str, default: Any = None) -> Any:
        """A JSON value that was remembered."""

    def remember(self, name: str, value: Any) -> None:
        """Keeps a JSON value, for all documents of the tool."""


class View(QWidget):
    """The base of views. Made with what `read` returned, or None for a new document; opening another makes another.

    Whatever changes the document is pushed on `undo_stack`, most simply by `perform`.
    """

    def __init__(self, host: Host, document: Any = None) -> None:  # noqa: ARG002 - what subclasses are made with
        super().__init__()
        self.host = host
        self.undo_stack = QUndoStack(self)  # goes with it: the collector may destroy commands before their stack

    # ------------------------------------------------------------------ the document's file, in another thread

    @staticmethod
    def read(path: Path) -> Any:
        """The document in a file. Raises UserError for what is none."""
        raise NotImplementedError(path)

    @staticmethod
    def write(document: Any, path: Path) -> None:
        """Writes what `snapshot` gave. The window puts the file in its place when it is whole."""
        raise NotImplementedError(path)

    # ------------------------------------------------------------------ the document

    def snapshot(self) -> Any:
        """The document as it is now: something that later changes leave alone."""
        return None

    @property
    def revision(self) -> int:
        """Names the state of the document for jobs: another number after every change, also an undone one."""
        return self.undo_stack.index()

    def perform(self, text: str, do: Callable[[], object], undo: Callable[[], object], together: str = "") -> None:
        """Does something that can be undone. together: what follows with the same name is undone in one go."""
        self.undo_stack.push(_Operation(self.host.say(text), do, undo, together))

    # ------------------------------------------------------------------ what a job finds

    def take_rows(self, run: str, stream: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows of a job over this document: as they come, and all of them when its run is opened again.

        They may come more than once, so apply them by their key, as operations.
        """

    def take_artifact(self, run: str, artifact: Mapping[str, Any]) -> None:
        """Something that such a job has made: `name`, `kind`, and `reference`, for parameters that take one."""

    def job_moved(self, run: str, state: str) -> None:
        """Such a job is in another state."""

    # ------------------------------------------------------------------ the window around it

    def save_state(self) -> dict[str, Any]:
        """How it is arranged (what is chosen, scrolled, sorted), as JSON."""
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The reverse of `save_state`; what does not fit is passed over."""

    def can_close(self) -> bool:
        """Whether it can go now. Unsaved changes are asked about in any case; a view that says no tells why."""
        return True

    def themed(self) -> None:
        """The theme has changed: `host.dark`. Palettes change by themselves."""

    def worded(self) -> None:
        """The language has changed. Texts that were bound change by themselves."""


class _Operation(QUndoCommand):
    """Calls to be made, and those that take them back."""

    def __init__(self, text: str, do: Callable[[], object], undo: Callable[[], object], together: str) -> None:
        super().__init__(text)
        self._parts = [(do, undo)]
        self._together = together

    def redo(self) -> None:
        for do, _ in self._parts:
            do()

    def undo(self) -> None:
        for _, undo in reversed(self._parts):
            undo()

    def id(self) -> int:
        """Qt joins neighbours with one number; -1 is never joined."""
        return hash(self._together) & 0x7FFFFFFF if self._together else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Takes in what was done after it."""
        if not isinstance(other, _Operation) or other._together != self._together:
            return False
        self._parts += other._parts
        return True
