"""What can be asked of the selected runs: buttons above the list, a menu, keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QPushButton, QToolButton

from workbench.jobs.spec import Spec
from workbench.runs.compare import Arm
from workbench.runs.index import Row
from workbench.texts import T
from workbench.ui import stored
from workbench.ui.named import named
from workbench.ui.pages.runs import work
from workbench.ui.pages.runs.scrubbed import Scrubbed

if TYPE_CHECKING:
    from workbench.ui.pages.runs.page import RunsPage

_TITLES = {
    "open": T("Open"), "compare": T("Compare"), "resume": T("Continue the run"), "fork": T("Fork…"),
    "repeat": T("Repeat"), "copy_id": T("Copy id"), "copy_command": T("Copy as command"), "delete": T("Delete…"),
}  # fmt: skip
_BUTTONS = ("open", "compare", "resume", "fork", "repeat", "delete")
_KEYS = {"compare": "Ctrl+M", "delete": "Del"}
_RESUMABLE = frozenset({"stopped", "failed", "interrupted"})
MOST = 8
"""Runs that are shown beside each other."""


class Deeds(QObject):
    """Each a QAction of the page's."""

    def __init__(self, page: RunsPage) -> None:
        super().__init__(page)
        self.page, self.host = page, page.host
        self.actions = {name: self._action(name) for name in _TITLES}
        self.menu = QMenu(page)
        self.exports = QMenu(page)
        self.host.speech.bind(self.exports, "setTitle", T("Export"))
        for name, (package, exporter) in work.exporters(self.host.registry).items():
            action = self.exports.addAction("")
            self.host.speech.bind(action, "setText", exporter.title, package)
            action.triggered.connect(partial(self.export, name))
        self.buttons = [self._button(name) for name in _BUTTONS]
        self.buttons.insert(-1, self._export_button())
        self._fill()
        self.question: Question | None = None
        self.dialog: QFileDialog | None = None

    @property
    def rows(self) -> list[Row]:
        """The selected runs."""
        return [each.row for each in self.page.selected]

    def refresh(self) -> None:
        """Switches on what can be done with the selected runs."""
        rows = self.rows
        tools = {each.tool for each in rows}
        one = len(rows) == 1 and rows[0].tool in self.host.registry.tools
        long = one and not self.host.registry.tools[rows[0].tool].tool.live
        allowed = {
            "open": one,
            "compare": len(rows) > 1 and len(tools) == 1 and tools <= set(self.host.registry.tools),
            "resume": long and rows[0].state in _RESUMABLE,
            "fork": long,
            "repeat": one,
            "copy_id": bool(rows),
            "copy_command": len(rows) == 1,
            "delete": bool(rows) and not any(each.state in work.BUSY for each in rows),
        }
        for name, action in self.actions.items():
            action.setEnabled(allowed[name])
        self.exports.setEnabled(bool(rows))

    # ------------------------------------------------------------------ looking

    def open(self) -> None:
        """Shows the run on its tool's page."""
        self.page.main.open_run(self.rows[0].id)

    def fork(self) -> None:
        """Shows the run, its parameters in the form: changed, they make a fork."""
        name, tool = self.rows[0].id, self.rows[0].tool
        self._do(partial(stored.read_folder, self.rows[0].folder), partial(self._show_fork, tool), name)

    def compare(self) -> None:
        """Shows the runs beside each other."""
        rows = sorted(self.rows, key=lambda each: each.created)
        self._do(partial(work.beside, rows, MOST), partial(self._beside, rows[0].tool, len(rows)))

    def _show_fork(self, tool: str, run: stored.Stored) -> None:
        window = self.page.main
        window.open_tool(tool)
        if window.page is not None:
            window.page.show_run(run)
            self.page.reviews[tool].begin_fork()

    def _beside(self, tool: str, count: int, found: tuple[list[Scrubbed], list[Arm]]) -> None:
        window = self.page.main
        window.open_tool(tool)
        self.page.reviews[tool].compare(*found)
        if count > MOST and window.page is not None:
            window.page.bar.say(T("The panels show the first {most} of {count} runs.", most=MOST, count=count))

    # ------------------------------------------------------------------ jobs

    def resume(self) -> None:
        """Goes on with the run."""
        self._do(partial(work.go_on, self.host.desk(), self.rows[0].id), self._resumed)

    def repeat(self) -> None:
        """Does the run again, as it was."""
        self._do(partial(work.repeat, self.host.desk(), self.rows[0].id), self._begin)

    def _resumed(self, found: tuple[Spec, stored.Stored]) -> None:
        self._begin(found[0], found[1])

    def _begin(self, spec: Spec, after: stored.Stored | None = None) -> None:
        if self.host.jobs is not None:
            self.page.main.show_work(self.host.jobs.begin(spec, after=after))

    # ------------------------------------------------------------------ files

    def export(self, form: str, _checked: bool = False) -> None:
        """Asks for a folder and writes the runs into it."""
        folders = [each.folder for each in self.rows]
        self.dialog = QFileDialog(self.page.window(), self.host.speech.say(T("Export into a folder")))
        self.dialog.setFileMode(QFileDialog.FileMode.Directory)
        self.dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self.dialog.fileSelected.connect(partial(self._export, form, folders))
        self.dialog.open()

    def _export(self, form: str, folders: list[Path], into: str) -> None:
        self._do(partial(work.export, self.host.registry, form, folders, Path(into)), partial(self._exported, into))

    def _exported(self, into: str, paths: list[Path]) -> None:
        self.page.bar.say(T("Written into {folder}: {count} files.", folder=into, count=len(paths)))

    def delete(self) -> None:
        """Asks, then deletes."""
        rows = self.rows
        text = T("Delete {count} runs? This cannot be undone.", count=len(rows))
        if len(rows) == 1:
            text = T("Delete run {run}? This cannot be undone.", run=rows[0].id)
        self.question = Question(self.page, text, partial(self._delete, [each.folder for each in rows]))
        self.question.open()

    def _delete(self, folders: list[Path]) -> None:
        self._do(partial(work.delete, folders), self._deleted)

    def _deleted(self, count: int) -> None:
        self.page.bar.say(T("Runs deleted: {count}.", count=count))
        self.page.reload()

    # ------------------------------------------------------------------ copying

    def copy_id(self) -> None:
        """The ids, a line each."""
        QGuiApplication.clipboard().setText("\n".join(each.id for each in self.rows))

    def copy_command(self) -> None:
        """The command that does the same."""
        self._do(partial(work.command, self.host.registry, self.rows[0]), QGuiApplication.clipboard().setText)

    # ------------------------------------------------------------------ inside

    def _do(self, do: Callable[[], Any], done: Callable[[Any], object], *_: object) -> None:
        self.page.bar.hide()
        self.host.background.do(do, done, self._refused)

    def _refused(self, error: Exception) -> None:
        self.page.complain(error)
        self.page.reload()

    def _action(self, name: str) -> QAction:
        action = named(QAction(self), name)
        self.host.speech.bind(action, "setText", _TITLES[name])
        if name in _KEYS:
            action.setShortcut(QKeySequence(_KEYS[name]))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: getattr(self, name)())
        self.page.table.addAction(action)
        return action

    def _button(self, name: str) -> QToolButton:
        button = named(QToolButton(), name)
        button.setDefaultAction(self.actions[name])
        return button

    def _export_button(self) -> QToolButton:
        button = named(QToolButton(), "export")
        button.setMenu(self.exports)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.host.speech.bind(button, "setText", T("Export"))
        return button

    def _fill(self) -> None:
        for name in ("open", "compare", "", "resume", "fork", "repeat", "", "copy_id", "copy_command", "", "delete"):
            if name == "delete":
                self.menu.insertMenu(self.menu.actions()[-1], self.exports)
            if name:
                self.menu.addAction(self.actions[name])
            else:
                self.menu.addSeparator()


class Question(QMessageBox):
    """Asks before something is deleted; the safe answer is the one that Enter gives."""

    def __init__(self, page: RunsPage, text: str, yes: Callable[[], object]) -> None:
        super().__init__(page.window())
        say = page.host.speech.say
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle("Workbench")
        self.setText(say(text))
        self.agree, self.refuse = QPushButton(say(T("Delete"))), QPushButton(say(T("Keep them")))
        self.addButton(self.agree, QMessageBox.ButtonRole.DestructiveRole)
        self.addButton(self.refuse, QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.refuse)
        self.setEscapeButton(self.refuse)
        self.buttonClicked.connect(lambda button: yes() if button is self.agree else None)
