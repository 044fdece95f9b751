"""The page of a tool that brings a view: its document beside the usual controls."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from workbench.errors import UserError
from workbench.registry import FoundTool, load_object
from workbench.texts import T
from workbench.ui.elided import Elided
from workbench.ui.host import Host
from workbench.ui.jobs import Jobs
from workbench.ui.named import named
from workbench.ui.pages.tool import ToolPage
from workbench.ui.pages.view.asking import Asking
from workbench.ui.pages.view.blame import Blame
from workbench.ui.pages.view.documents import Documents
from workbench.ui.pages.view.files import Drafts, Found, opened
from workbench.ui.pages.view.hosting import ViewHost
from workbench.ui.pages.view.paper import LANE, Paper
from workbench.ui.pages.view.place import Place
from workbench.ui.pages.view.results import Results
from workbench.ui.remembered import sizes
from workbench.ui.stored import Stored
from workbench.ui.view import View


class ViewPage(ToolPage):
    """Made like `ToolPage`; the view comes once its module was imported and its document read, in other threads."""

    def __init__(self, found: FoundTool, host: Host, jobs: Jobs) -> None:
        super().__init__(found, host, jobs)
        drafts = Drafts(host.session.places.plugins.with_name("drafts") / self.tool.id)
        self.paper = paper = Paper(drafts, host.background, self)
        asking = Asking(self, host.speech, self.tool.title)
        self._documents = Documents(found, host, paper, asking, self.complain)
        self.results = Results(self.tool.id, jobs, paper, host.background, self._hand)
        self._drafts = drafts
        self._found, self._made = Found(None), False
        self._view_host = ViewHost(self)
        self.form.hub.given = frozenset({"document", "revision"} & set(self.tool.params.model_fields))
        self.form.hub.check("", now=True)
        self._put_in()
        self._listen()
        self._import()

    @property
    def documents(self) -> Documents:
        """See `ToolPage`."""
        return self._documents

    @property
    def view(self) -> View | None:
        """The view, once it was made."""
        return self.paper.view

    def open(self, path: Path) -> None:
        """Opens a document."""
        self.documents.open(path)

    def show_run(self, run: Stored) -> None:
        """See `ToolPage`; what the run found is handed to the view."""
        super().show_run(run)
        self.results.read(run.folder, run.params)

    def save(self) -> None:
        """See `ToolPage`; the view's state, and its document, are there again when the window is next opened."""
        super().save()
        if self.view is not None:
            path = str(self.paper.path) if self.paper.path else None
            self.host.remembered.put(self._key, {"path": path, "state": self._state(), "split": self.halves.sizes()})
            self.documents.leave()

    def complain(self, error: Exception) -> None:
        """Says what went wrong in the page's bar."""
        if isinstance(error, UserError):
            self.bar.say(error.text, error.remedy, bad=True)
        else:
            self._blame_view(_summary(error), _log(error), False)

    # ------------------------------------------------------------------ a job

    def _start(self) -> None:
        """Saves the document first: the job reads its file."""
        if self.paper.saving:
            self.paper.when_written(self.ask, "start")
        elif self.documents.patterns and self.view is not None and (self.paper.unsaved or self.paper.path is None):
            self.documents.save(self._start_saved)
        else:
            self._start_saved()

    def _start_saved(self) -> None:
        for name, value in (("document", str(self.paper.path)), ("revision", self.paper.revision)):
            if name in self.form.hub.given and self.paper.path is not None:
                self.form.put(name, value)
        super()._start()

    def _hand(self, give: Callable[[View], object]) -> None:
        """Calls something with the view; what that raises is said."""
        try:
            if self.view is not None:
                give(self.view)
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            self.complain(error)

    def _stranger(self, run: str, document: str) -> None:
        text = T("Run {run} is about {document}, not about the document that is open.", run=run, document=document)
        self.bar.say(text, T("Open that document, then the run again, to take its results."))

    # ------------------------------------------------------------------ the view comes

    def _import(self) -> None:
        self.place.wait()
        work = partial(load_object, self.found.package, self.tool.view)
        self.host.background.do(work, self._imported, self._not_made, lane="warm")

    def _imported(self, kind: Any) -> None:
        if not (isinstance(kind, type) and issubclass(kind, View)):
            self._not_made(UserError(T("{name} is no workbench.ui.widgets.View.", name=self.tool.view)))
            return
        self.documents.kind = kind
        last = self.host.remembered.get(self._key, {}, dict)
        path = last.get("path") if isinstance(last.get("path"), str) else None
        work = partial(_first, self._drafts, kind, self.tool.opens, path, last.get("state") or {})
        self.host.background.do(work, self._show_found, self._unreadable, lane=LANE)

    def _unreadable(self, error: Exception) -> None:
        """What was open last, or its draft, cannot be read: an empty document, and a sentence."""
        self._show_found(Found(None))
        self.complain(error)

    def _show_found(self, found: Found) -> None:
        """Makes the view for a document, in place of the one before."""
        self._found, self._made = found, False
        host = ViewHost(self)
        try:
            view = self.documents.kind(host, found.document)
            view.restore_state(found.state)
            self.paper.hold(view, found)
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            host.leave()
            self.documents.free = found.saved
            self._not_made(error)
            return
        self._made = True
        self._view_host.leave()
        self._view_host = host
        self.place.hold(view)
        self.results.begin()
        if not found.saved:
            self.bar.say(T("Changes of {document} that were not saved are here again.", document=self.paper.name))

    def _not_made(self, error: Exception) -> None:
        self._blame_view(_summary(error), _log(error), True)

    def _retry(self) -> None:
        """Another try, after a sentence took the view's place."""
        if self._made:
            self.place.show_view()
        elif self.documents.kind is View:
            self._import()
        else:
            self._show_found(self._found)

    def _blame_view(self, summary: str, log: str, hopeless: bool) -> None:
        """Says what a view did; one that cannot go on makes way for the sentence, and its changes are kept."""
        if hopeless:
            self.place.fail(T("This view cannot be shown: {problem}", problem=summary), log)
            self.paper.keep()
        else:
            said = T("Something went wrong in the view: {problem}", problem=summary)
            self.bar.say(said, bad=True, details=lambda show: show(log))

    # ------------------------------------------------------------------ its parts

    @property
    def _key(self) -> str:
        return f"view/{self.tool.id}"

    def _state(self) -> dict[str, Any]:
        try:
            return self.view.save_state() if self.view is not None else {}
        except Exception as error:  # noqa: BLE001 - a plugin's code may raise anything
            self.complain(error)
            return {}

    def _put_in(self) -> None:
        """The view beside the panels; a tool that runs nothing is its view alone."""
        self.place, self.title = Place(self.host.speech), named(Elided(), "quiet")
        self.halves = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.halves.setHandleWidth(2)
        self.split.replaceWidget(1, self.halves)
        self.halves.addWidget(self._upper())
        self.halves.addWidget(self.docks)
        self.docks.show()
        for place, share in enumerate((3, 2)):
            self.halves.setStretchFactor(place, share)
        self.halves.setSizes(sizes(self.host.remembered.get(self._key, {}, dict).get("split"), [600, 400]))
        for each in (self.form.parentWidget(), self.docks, self.controls, self.progress):
            if each is not None and not self.tool.run:
                each.hide()

    def _upper(self) -> QWidget:
        """The view, and above it what can be done with its document."""
        upper, column, row = QWidget(), QVBoxLayout(), QHBoxLayout()
        for deed in ("new", "open", "save", "undo", "redo"):
            button = QToolButton(autoRaise=True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setDefaultAction(self.host.commands.action(f"document.{deed}"))
            button.setVisible(bool(self.tool.opens) or deed in ("undo", "redo"))
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.title)
        row.setSpacing(2)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.place, 1)
        upper.setLayout(column)
        return upper

    def _listen(self) -> None:
        host = self.host
        self.place.again.connect(self._retry)
        self.documents.ready.connect(self._show_found)
        self.results.strange.connect(self._stranger)
        self.paper.changed.connect(self._entitle)
        host.speech.changed.connect(self._entitle)
        host.speech.changed.connect(lambda: self._hand(lambda view: view.worded()))
        host.theme.changed.connect(lambda _: self._hand(lambda view: view.themed()))
        host.faults.claim(Blame(self, self.found.package, self._blame_later))

    def _blame_later(self, summary: str, log: str, hopeless: bool) -> None:
        """Not from within a paint event."""
        QTimer.singleShot(0, self, partial(self._blame_view, summary, log, hopeless))

    def _entitle(self) -> None:
        self.title.setText(self.documents.name + (" •" if self.paper.unsaved else ""))
        self.moved.emit()


def _first(drafts: Drafts, kind: type[View], patterns: Any, last: str | None, state: Any) -> Found:
    """What a page begins with: changes that a crash left behind, else the document that was open last."""
    left = drafts.left(kind.read) if patterns else None
    if left is not None:
        return left
    if not patterns or not last:
        return Found(None, state=state)
    found = opened(kind.read, Path(last))
    return Found(found.document, found.path, found.stamp, True, state)


def _summary(error: Exception) -> str:
    return error.text if isinstance(error, UserError) else f"{type(error).__name__}: {error}"


def _log(error: Exception) -> str:
    return "".join(traceback.format_exception(error))
