"""The document that is open: its file, whether it was saved, and what survives a crash."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from workbench.texts import T, Text
from workbench.ui.background import Background
from workbench.ui.pages.view.files import Drafts, Found, Stamp, saved
from workbench.ui.view import View

LANE = "documents"
"""One thread reads and writes them all, in order."""
_SOON = 700
"""Milliseconds after a change until a draft is written, at most: so much may be lost in a crash."""
log = logging.getLogger(__name__)


class Paper(QObject):
    """One for a page, with which it ends; the view, which holds the content, is another for each document."""

    changed = Signal()
    """The name, or whether there are unsaved changes, or what can be undone."""

    def __init__(self, drafts: Drafts, background: Background, page: QObject) -> None:
        super().__init__(page)
        self.path: Path | None = None
        self.view: View | None = None
        self.saving = False
        self.revision = 0
        """Of the document in the file."""
        self._drafts, self._background = drafts, background
        self._stamp: Stamp = None
        self._edits = 0
        self._waiting: list[tuple[Callable[..., object], tuple[object, ...]]] = []
        """What is done once the file was written."""
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self.keep)

    @property
    def name(self) -> Text:
        """What people call it."""
        return Text(self.path.name) if self.path else T("Untitled")

    @property
    def unsaved(self) -> bool:
        """Whether there are changes that no file holds."""
        return self.view is not None and not self.view.undo_stack.isClean()

    def hold(self, view: View, found: Found) -> None:
        """The view shows this document, in place of the one before."""
        self.revision = view.revision  # it may raise: then all is as it was
        self.view, self.path, self._stamp = view, found.path, found.stamp
        stack = view.undo_stack
        if not found.saved:
            stack.resetClean()
        else:
            self.drop()
        stack.indexChanged.connect(self._edited)
        stack.cleanChanged.connect(self._cleaned)
        self.changed.emit()

    def save(
        self, path: Path, then: Callable[[], object], failed: Callable[[Exception], object], force: bool = False
    ) -> None:
        """Writes the file, then goes on; what is changed meanwhile stays unsaved. force: whatever lies there."""
        if self.view is None:
            return
        view, revision, edits = self.view, self.view.revision, self._edits
        expected = self._stamp if path == self.path else None
        work = partial(saved, view.write, view.snapshot(), path, expected, force or path != self.path)
        self.saving = True
        done = partial(self._saved, view, path, revision, edits, then)
        self._background.do(work, done, partial(self._failed, failed), lane=LANE)

    def _saved(
        self, view: View, path: Path, revision: int, edits: int, then: Callable[[], object], stamp: Stamp
    ) -> None:
        self.saving = False
        if view is self.view:
            self.path, self.revision, self._stamp = path, revision, stamp
            if edits == self._edits:
                view.undo_stack.setClean()
                self.drop()
            else:  # what was clean before is in no file any more
                view.undo_stack.resetClean()
                self._soon.start()
            self.changed.emit()
            then()
        self._go_on()

    def _failed(self, failed: Callable[[Exception], object], error: Exception) -> None:
        self.saving = False
        failed(error)
        self._go_on()

    def when_written(self, do: Callable[..., object], *what: object) -> None:
        """Calls `do(*what)` when nothing is being written: now, or later; once, however often that is asked."""
        if not self.saving:
            do(*what)
        elif (do, what) not in self._waiting:
            self._waiting.append((do, what))

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for do, what in waiting:
            self.when_written(do, *what)

    def _cleaned(self, _: bool) -> None:
        if self.view is not None and shiboken6.isValid(self.view.undo_stack):  # one that is destroyed says so, too
            self.changed.emit()

    # ------------------------------------------------------------------ drafts

    def _edited(self) -> None:
        if self.view is None or not shiboken6.isValid(self.view.undo_stack):
            return
        self._edits += 1
        if not self._soon.isActive():
            self._soon.start()
        self.changed.emit()

    def keep(self) -> None:
        """Writes a draft of unsaved changes. One whose view is still to be made stays as it is."""
        self._soon.stop()
        view = self.view
        if view is None:
            return
        if not self.unsaved:
            self.drop()
            return
        work = partial(
            self._drafts.keep, view.write, view.snapshot(), self.path, self._stamp, view.save_state()
        )  # fmt: skip
        self._background.do(work, failed=self._not_kept, lane=LANE)

    def drop(self) -> None:
        """No draft is needed any more."""
        self._soon.stop()
        self._background.do(self._drafts.drop, lane=LANE)

    def _not_kept(self, error: Exception) -> None:
        log.warning("unsaved changes of %s were not kept", self.path, exc_info=error)
