"""What can be asked of the selected runs: commands of the window, shared by buttons, menus, keys and the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QPushButton, QToolButton

from workbench.jobs.spec import Spec
from workbench.runs.arrival import Arrived
from workbench.runs.compare import Arm
from workbench.runs.export import exporters
from workbench.runs.index import Row
from workbench.runs.sharing import Checkpoints
from workbench.runs.trash import BUSY, Moved, Trash
from workbench.texts import T
from workbench.ui import starting, stored
from workbench.ui.commands import Command
from workbench.ui.filedialog import FileDialog
from workbench.ui.named import named
from workbench.ui.pages.runs import work
from workbench.ui.pages.runs.scrubbed import Scrubbed

if TYPE_CHECKING:
    from workbench.ui.pages.runs.page import RunsPage

_DEEDS = {
    "open": (T("Open"), "", "look"),
    "compare": (T("Compare"), "Ctrl+M", "look"),
    "resume": (T("Continue the run"), "", "work"),
    "fork": (T("Fork…"), "", "work"),
    "repeat": (T("Repeat"), "", "work"),
    "star": (T("Star"), "Ctrl+D", "say"),
    "rename": (T("Rename"), "F2", "say"),
    "copy_id": (T("Copy id"), "", "copy"),
    "copy_command": (T("Copy as command"), "", "copy"),
    "share_none": (T("Share as one file, without checkpoints…"), "", "share"),
    "share_last": (T("Share as one file, with the newest checkpoint…"), "", "share"),
    "share_all": (T("Share as one file, with all checkpoints…"), "", "share"),
    "take_in": (T("Take in shared runs…"), "", "share"),
    "delete": (T("Delete…"), "Del", "gone"),
    "undo": (T("Bring deleted runs back"), "", "gone"),
}
"""Title, keys, and the group of menus in which it stands."""
_BUTTONS = ("open", "compare", "resume", "fork", "repeat", "delete")
_LEFT_OUT = frozenset({"take_in", "undo"})
"""Of the menu of a run: they are about no selected one."""
_RESUMABLE = frozenset({"stopped", "failed", "interrupted"})
MOST = 8
"""Runs that are shown beside each other."""


class Deeds(QObject):
    """Each a command `runs.NAME`."""

    def __init__(self, page: RunsPage) -> None:
        super().__init__(page)
        self.page, self.host = page, page.host
        self._deleted: dict[Trash, list[list[Path]]] = {}
        self.question: Question | None = None
        self.dialog: QFileDialog | None = None
        self.actions = {name: self._action(name) for name in _DEEDS}
        self.menu, self.exports = QMenu(page), QMenu(page)
        self.host.speech.bind(self.exports, "setTitle", T("Export"))
        self._fill()
        self.buttons = [self._button(name) for name in _BUTTONS]
        self.export_button = self._export_button()
        self.buttons.insert(-1, self.export_button)
        self.undo_button = self._button("undo")

    @property
    def deleted(self) -> list[list[Path]]:
        """What was deleted in the workspace that is open, by occasion; the last is brought back first."""
        return self._deleted.setdefault(self.page.trash, [])

    @property
    def rows(self) -> list[Row]:
        """The selected runs."""
        return [each.row for each in self.page.selected]

    def refresh(self) -> None:
        """Switches on what can be done with the selected runs; nothing, where the page is not looked at."""
        for name, action in self.actions.items():
            action.setEnabled(self.allows(name))
        for each in (self.exports, self.export_button):
            each.setEnabled(bool(self.rows))
        self.undo_button.setVisible(bool(self.deleted))

    def allows(self, name: str) -> bool:
        """Whether it can be done now."""
        if name == "take_in":
            return True
        if not self.page.isVisible():
            return False
        rows, tools = self.rows, self.host.registry.tools
        one = len(rows) == 1 and rows[0].tool in tools
        long = one and not tools[rows[0].tool].tool.live
        match name:
            case "undo":
                return bool(self.deleted)
            case "open" | "repeat":
                return one
            case "compare":
                return len(rows) > 1 and len({row.tool for row in rows} & set(tools)) == 1 == len(
                    {r.tool for r in rows}
                )
            case "fork":
                return long
            case "resume":
                return long and rows[0].state in _RESUMABLE
            case "rename" | "copy_command":
                return len(rows) == 1
            case "delete":
                return bool(rows) and not any(row.state in BUSY for row in rows)
        return bool(rows)

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
        self._do(partial(starting.go_on, self.host.desk(), self.rows[0].id), self._resumed)

    def repeat(self) -> None:
        """Does the run again, as it was."""
        self._do(partial(work.repeat, self.host.desk(), self.rows[0].id), self._begin)

    def _resumed(self, found: tuple[Spec, stored.Stored]) -> None:
        if not self._held([found[0].folder]):
            self._begin(found[0], found[1])

    def _held(self, folders: Sequence[Path]) -> bool:
        """Whether a job is to go on with one of these runs: then it says so."""
        refusal = self.host.jobs.refusal(folders) if self.host.jobs is not None else None
        if refusal is not None:
            self.page.complain(refusal)
        return refusal is not None

    def _begin(self, spec: Spec, after: stored.Stored | None = None) -> None:
        if self.host.jobs is not None:
            self.page.main.show_work(self.host.jobs.begin(spec, after=after))

    # ------------------------------------------------------------------ saying something

    def star(self) -> None:
        """The star on or off."""
        self.page.side.toggle_star()

    def rename(self) -> None:
        """The name is typed, in the field for it."""
        self.page.details.setChecked(True)
        self.page.side.rename()

    def copy_id(self) -> None:
        """The ids, a line each."""
        QGuiApplication.clipboard().setText("\n".join(each.id for each in self.rows))

    def copy_command(self) -> None:
        """The command that does the same."""
        self._do(partial(work.command, self.host.registry, self.rows[0]), QGuiApplication.clipboard().setText)

    # ------------------------------------------------------------------ files

    def export(self, form: str, _checked: bool = False) -> None:
        """Asks for a folder and writes the runs into it."""
        folders = [each.folder for each in self.rows]
        write = partial(work.export, self.host.registry, form, folders)
        self._ask_folder(lambda into: self._do(partial(write, Path(into)), partial(self._exported, into)))

    def share_none(self) -> None:
        """The runs as one file each, without checkpoints."""
        self._share("none")

    def share_last(self) -> None:
        """With the newest checkpoint: whoever takes them in can go on."""
        self._share("last")

    def share_all(self) -> None:
        """With all checkpoints."""
        self._share("all")

    def _share(self, checkpoints: Checkpoints) -> None:
        folders = [each.folder for each in self.rows]
        write = partial(work.share, folders, checkpoints)
        self._ask_folder(lambda into: self._do(partial(write, Path(into)), partial(self._exported, into)))

    def take_in(self) -> None:
        """Asks for shared runs and takes them in."""
        self.dialog = FileDialog(self.page.window(), self.host.speech.say(T("Take in shared runs")))
        self.dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self.dialog.setNameFilter("*.zip")
        self.dialog.filesSelected.connect(lambda files: self.take([Path(each) for each in files]))
        self.dialog.open()

    def take(self, files: Sequence[Path]) -> None:
        """Takes shared runs in, and shows them in the list."""
        self._do(partial(work.take_in, self.host.desk().workspace, files), self._arrived)

    def _arrived(self, found: tuple[list[Arrived], Exception | None]) -> None:
        arrived, error = found
        names = [each.folder.name for each in arrived]
        self.page.main.show_page(self.page)
        self.page.reload(select=names)
        if error is not None:
            self.page.complain(error)
            return
        others = [each for each in arrived if each.renamed]
        said = [T("Taken in: {runs}.", runs=", ".join(names))]
        said += [T("There was a run {run} already.", run=each.wanted) for each in others]
        self.page.bar.say(*said)

    def _ask_folder(self, then: Callable[[str], object]) -> None:
        self.dialog = FileDialog(self.page.window(), self.host.speech.say(T("Export into a folder")))
        self.dialog.setFileMode(QFileDialog.FileMode.Directory)
        self.dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self.dialog.fileSelected.connect(then)
        self.dialog.open()

    def _exported(self, into: str, paths: list[Path]) -> None:
        self.page.bar.say(T("Files written into {folder}: {count}.", folder=into, count=len(paths)))

    # ------------------------------------------------------------------ deleting

    def delete(self) -> None:
        """Asks, then deletes."""
        rows = self.rows
        if self._held([each.folder for each in rows]):
            return
        text = T("Delete {count} runs?", count=len(rows))
        if len(rows) == 1:
            text = T("Delete run {run}?", run=rows[0].labels.title or rows[0].id)
        more = T("Until the program ends this can be undone.")
        users = self.page.listing.users([row.id for row in rows])
        used = T("Other runs refer to them: {count}.", count=len(users)) if users else ""
        self.question = Question(self.page, [text, used, more], partial(self._delete, [each.folder for each in rows]))
        self.question.open()

    def undo(self) -> None:
        """What was deleted last is there again."""
        if self.deleted:
            folders = self.deleted.pop()
            bring = partial(self.page.trash.bring_back, folders)
            self._do(bring, partial(self._back, self.deleted, folders))

    def _delete(self, folders: list[Path]) -> None:
        self._do(partial(self.page.trash.put, folders), partial(self._gone, self.deleted))

    def _gone(self, deleted: list[list[Path]], found: Moved) -> None:
        folders, _ = found
        if folders:
            deleted.append(folders)
        self._tell(T("Runs deleted: {count}.", count=len(folders)), found)
        self.page.reload()

    def _back(self, deleted: list[list[Path]], wanted: list[Path], found: Moved) -> None:
        """What could not be brought back waits behind all else: perhaps it never can."""
        folders, _ = found
        left = [each for each in wanted if each not in folders]
        if left:
            deleted.insert(0, left)
        self._tell(T("Runs brought back: {count}.", count=len(folders)), found)
        self.page.reload(select=[each.name for each in folders])

    def _tell(self, said: str, moved: Moved) -> None:
        """What was done with so many of the runs, and why not with all."""
        folders, error = moved
        if error is None:
            self.page.bar.say(said)
        else:
            self.page.bar.say(said if folders else "", error.text, error.remedy, bad=True)

    # ------------------------------------------------------------------ inside

    def _do(self, do: Callable[[], Any], done: Callable[[Any], object], *_: object) -> None:
        self.page.bar.hide()
        self.host.background.do(do, done, self._refused)

    def _refused(self, error: Exception) -> None:
        self.page.complain(error)
        self.page.reload()

    def _action(self, name: str) -> QAction:
        title, keys, group = _DEEDS[name]
        commands, deed = self.host.commands, getattr(self, name)
        commands.add(Command(f"runs.{name}", title, deed, keys, "runs", group, partial(self.allows, name)))
        return named(commands.action(f"runs.{name}"), name)

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
        """The menu of a run, and the one of ways out."""
        for name, (package, exporter) in exporters(self.host.registry).items():
            action = self.exports.addAction("")
            self.host.speech.bind(action, "setText", exporter.title, package)
            action.triggered.connect(partial(self.export, name))
        self.exports.addSeparator()
        before = "look"
        for name, (_, _, group) in _DEEDS.items():
            if group == "share" or name in _LEFT_OUT:
                if name not in _LEFT_OUT:
                    self.exports.addAction(self.actions[name])
                continue
            if group == "gone":
                self.menu.addMenu(self.exports)
            if group != before:
                self.menu.addSeparator()
            before = group
            self.menu.addAction(self.actions[name])


class Question(QMessageBox):
    """Asks before something is deleted; the safe answer is the one that Enter gives."""

    def __init__(self, page: RunsPage, texts: Sequence[str], yes: Callable[[], object]) -> None:
        super().__init__(page.window())
        say = page.host.speech.say
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle("Workbench")
        self.setText(say(texts[0]))
        self.setInformativeText("\n".join(say(each) for each in texts[1:] if each))
        self.agree, self.refuse = QPushButton(say(T("Delete"))), QPushButton(say(T("Keep them")))
        self.addButton(self.agree, QMessageBox.ButtonRole.DestructiveRole)
        self.addButton(self.refuse, QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.refuse)
        self.setEscapeButton(self.refuse)
        self.buttonClicked.connect(lambda button: yes() if button is self.agree else None)
        self.finished.connect(lambda _: page.main.activateWindow())
