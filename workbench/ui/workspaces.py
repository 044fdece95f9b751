"""Opening another workspace: running jobs are asked about first; then everything that shows runs follows."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from workbench.errors import UserError
from workbench.texts import T, Text
from workbench.ui.closing import Question
from workbench.ui.commands import Command
from workbench.ui.filedialog import FileDialog

if TYPE_CHECKING:
    from workbench.ui.window import Window

_RECENT = "workspaces"
_MOST = 8


class Workspaces(QObject):
    """The workspaces of a window: the one that is open and those that were."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._host = window, window.host
        self.question: Question | None = None
        self._forget: Callable[[], None] = _nothing

    @property
    def folder(self) -> Path:
        """The workspace that is open."""
        return self._host.preferences.now.workspace

    @property
    def recent(self) -> list[Path]:
        """Those that were open, newest first."""
        return [Path(each) for each in self._host.remembered.texts(_RECENT)]

    def ask(self) -> QFileDialog:
        """Opens the chooser of folders; it does not stop the window."""
        title = self._host.speech.say(T("Open workspace"))
        dialog = FileDialog(self._window, title, str(self.folder.parent))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def open(self, folder: Path) -> None:
        """Opens a workspace, once it is known to be usable and the jobs have ended."""
        if folder == self.folder:
            self._window.bar.say(T("The workspace {folder} is open already.", folder=folder))
            return
        self._host.background.do(partial(usable, folder), self._ask_jobs, self._window.complain)

    def announce(self) -> None:
        """Names the open workspace in the window's title, and offers the recent ones as commands."""
        self._window.refresh()
        self._forget()
        self._forget = self._host.commands.add(
            *(
                Command(f"workspace.recent.{place}", Text(str(folder)), partial(self.open, folder), menu="recent",
                        checked=partial(self._is_open, folder))
                for place, folder in enumerate(self.recent)
            )
        )  # fmt: skip

    def _is_open(self, folder: Path) -> bool:
        return folder == self.folder

    def _ask_jobs(self, folder: Path) -> None:
        jobs = self._host.jobs
        if jobs is not None and jobs.active:
            then = partial(self._end_jobs, folder)
            self.question = Question(len(jobs.active), self._host.speech, then, self._window)
            self.question.open()
        else:
            self._end_jobs(folder, "save")

    def _end_jobs(self, folder: Path, how: str) -> None:
        """Waits, alive, until the last job and the last live tool's worker have ended."""
        jobs = self._host.jobs
        if jobs is None or not jobs.threads:
            self._switch(folder)
            return
        self._window.bar.say(T("The jobs are coming to their ends; then the workspace is opened."))
        jobs.idle.connect(partial(self._switch, folder), Qt.ConnectionType.SingleShotConnection)
        jobs.stop(jobs.threads, save=how == "save")

    def _switch(self, folder: Path) -> None:
        before = self.folder
        self._host.preferences.put(workspace=folder)
        for page in self._window.pages.values():
            page.show_works([])
        if self._host.jobs is not None:
            self._host.jobs.forget()
        looked_at = self._window.page
        if looked_at is not None and looked_at.tool.live and looked_at.isVisible():
            looked_at.ask("start")
        names = dict.fromkeys(map(str, (folder, before, *self.recent)))
        self._host.remembered.put(_RECENT, list(names)[:_MOST])
        self.announce()
        self._host.commands.refresh()
        self._window.bar.say(T("The workspace is now {folder}.", folder=folder))


def _nothing() -> None:
    """No command is to be taken away yet."""


def usable(folder: Path) -> Path:
    """The folder, made absolute: one that can be written, or that can be made. Raises UserError."""
    try:
        return _usable(folder.expanduser().absolute())
    except (OSError, RuntimeError) as error:  # a name that is too long, a folder nobody may look into; ~nobody
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        text = T("The folder {folder} cannot be opened: {why}.", folder=folder, why=why)
        raise UserError(text, remedy=T("Choose another one.")) from error


def _usable(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise UserError(T("{folder} is no folder.", folder=folder), remedy=T("Choose a folder."))
    if not folder.exists() and not folder.parent.is_dir():
        raise UserError(T("There is no folder {folder}.", folder=folder), remedy=T("Choose another one."))
    if not os.access(folder if folder.exists() else folder.parent, os.W_OK | os.X_OK):
        text = T("The folder {folder} cannot be written.", folder=folder)
        raise UserError(text, remedy=T("Make it writable, or choose another one."))
    return folder
