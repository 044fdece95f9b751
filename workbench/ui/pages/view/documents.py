"""What can be done with the documents of a page: new, open, save, undo, and leaving them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.registry import FoundTool
from workbench.ui.host import Host
from workbench.ui.pages.view.asking import Asking
from workbench.ui.pages.view.files import Found, OvertakenError, opened
from workbench.ui.pages.view.paper import LANE, Paper
from workbench.ui.view import View

_RECENT = 10
Then = Callable[[], object]


def _nothing() -> None:
    """What follows where nothing does."""


class Documents(QObject):
    """The deeds; `complain` says what went wrong."""

    ready = Signal(object)
    """A document was read or begun (`files.Found`): its view can be made."""

    def __init__(
        self, found: FoundTool, host: Host, paper: Paper, asking: Asking, complain: Callable[[Exception], object]
    ) -> None:
        super().__init__()
        self.kind: type[View] = View
        self.free = False
        """Whether another document may take the place of this one although there is no view: nothing would be lost."""
        self.patterns = found.tool.opens
        self.paper, self.asking = paper, asking
        self._host, self._complain = host, complain
        self._key = f"view/{found.tool.id}/recent"
        self._dropped = False
        """Whether a person wants the unsaved changes to go."""
        paper.changed.connect(self.stay)

    # ------------------------------------------------------------------ what the window asks

    @property
    def name(self) -> str:
        """The open document's, as people read it; "" where there is none."""
        return self._host.speech.say(self.paper.name) if self.paper.view is not None and self.patterns else ""

    @property
    def recent(self) -> list[str]:
        """The files that were open last, newest first."""
        return self._host.remembered.texts(self._key)

    def allows(self, deed: str) -> bool:
        """Whether a deed makes sense: new, open, save, save_as, undo, redo."""
        view = self.paper.view
        if view is None:
            return self.free and deed in ("new", "open") and bool(self.patterns)
        if deed in ("undo", "redo"):
            return view.undo_stack.canUndo() if deed == "undo" else view.undo_stack.canRedo()
        return bool(self.patterns) and (deed != "save" or self.paper.unsaved or self.paper.path is None)

    def do(self, deed: str) -> None:
        """Does one of them."""
        if self.allows(deed):
            getattr(self, deed)()

    def may_close(self, again: Then, stay: Then) -> bool:
        """Whether the window may close. If not, it asks; then `again` is called to close, or `stay`."""
        view = self.paper.view
        if self.paper.saving:
            self.paper.when_written(again)
            return False
        if view is None or self._dropped:
            return True
        if not self._can_close(view):
            stay()
            return False
        return self._ask(again, stay)

    def stay(self) -> None:
        """The window stays open after all, or there are new changes: they are asked about as ever."""
        self._dropped = False

    def leave(self) -> None:
        """The window closes: changes that nobody wants go, others are kept in a draft."""
        if self._dropped:
            self.paper.drop()
        else:
            self.paper.keep()

    # ------------------------------------------------------------------ deeds

    def new(self) -> None:
        """Begins an empty document."""
        self._settled(lambda: self._opened(Found(None)))

    def open(self, path: Path | None = None) -> None:
        """Opens a document; its name is asked for where it is not given."""
        if path is None:
            self.asking.for_file(self.patterns, self.open, False, _nothing, self.paper.path)
        else:
            self._settled(partial(self._read, path))

    def save(self, then: Then = _nothing, failed: Then = _nothing) -> None:
        """Saves the document, under a name that is asked for where it has none."""
        self.paper.when_written(self._save, then, failed)

    def save_as(self, then: Then = _nothing, failed: Then = _nothing) -> None:
        """Asks for a name and saves the document under it."""
        self.paper.when_written(self._save_as, then, failed)

    def undo(self) -> None:
        """Takes back the last change."""
        if self.paper.view is not None:
            self.paper.view.undo_stack.undo()

    def redo(self) -> None:
        """Does again what was undone last."""
        if self.paper.view is not None:
            self.paper.view.undo_stack.redo()

    # ------------------------------------------------------------------ inside

    def _can_close(self, view: View) -> bool:
        """A view that fails at this question keeps no window open."""
        try:
            return view.can_close()
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            self._complain(error)
            return True

    def _settled(self, then: Then) -> None:
        """Goes on when the present document is saved or given up."""
        if self.paper.saving:
            self.paper.when_written(self._settled, then)
        elif self._ask(then, self.stay):
            then()

    def _ask(self, then: Then, stay: Then) -> bool:
        """True where nothing needs to be asked."""
        if not self.paper.unsaved:
            return True
        self.asking.about_changes(self.name, partial(self.save, then, stay), partial(self._drop, then), stay)
        return False

    def _drop(self, then: Then) -> None:
        self._dropped = True
        then()

    def _read(self, path: Path) -> None:
        work = partial(opened, self.kind.read, path)
        self._host.background.do(work, self._opened, partial(self._not_opened, path), lane=LANE)

    def _opened(self, found: Found) -> None:
        if self.paper.unsaved and not self._dropped:  # it was changed while the other was read
            self._settled(partial(self._opened, found))
            return
        self._dropped = False
        self.ready.emit(found)
        self._note(found.path)

    def _not_opened(self, path: Path, error: Exception) -> None:
        self.stay()
        self._forget(path)
        self._complain(error)

    def _save(self, then: Then, failed: Then) -> None:
        if self.paper.path is None:
            self._save_as(then, failed)
        else:
            self._write(self.paper.path, then, failed)

    def _save_as(self, then: Then, failed: Then) -> None:
        write = partial(self._write, then=then, failed=failed)
        self.asking.for_file(self.patterns, write, True, failed, self.paper.path)

    def _write(self, path: Path, then: Then, failed: Then, force: bool = False) -> None:
        def refused(error: Exception) -> None:
            if isinstance(error, OvertakenError):
                over = partial(self._write, path, then, failed, True)
                self.asking.about_file(error.text, over, failed)
            else:
                self._complain(error)
                failed()

        self.paper.save(path, partial(self._written, path, then), refused, force)

    def _written(self, path: Path, then: Then) -> None:
        self._note(path)
        then()

    def _note(self, path: Path | None) -> None:
        if path is not None:
            others = [each for each in self.recent if each != str(path)]
            self._host.remembered.put(self._key, [str(path), *others][:_RECENT])

    def _forget(self, path: Path) -> None:
        self._host.remembered.put(self._key, [each for each in self.recent if each != str(path)])
