"""When something is wrong with the program: its log, the bundle for whoever helps, and what to say after a crash."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLabel, QPlainTextEdit, QVBoxLayout

from workbench.diagnostics import bundle, tail
from workbench.texts import T
from workbench.ui.bar import show_text
from workbench.ui.filedialog import FileDialog
from workbench.ui.named import named
from workbench.ui.opening import open_folder

if TYPE_CHECKING:
    from workbench.ui.window import Window

Role = QDialogButtonBox.ButtonRole
_LANE = "diagnostics"
_LOG = 100_000
"""Bytes of the log that are shown: its end."""
_SIZE = (780, 480)


class Diagnostics(QObject):
    """What the menu of help does."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._host = window, window.host
        self._places = window.host.session.places
        self.crash: Crash | None = None

    def show_log(self) -> None:
        """Shows the end of the program's log."""
        file = self._places.logs / "workbench.log"
        self._host.background.do(partial(tail, file, _LOG), partial(self._show, file))

    def ask_bundle(self) -> QFileDialog:
        """Asks where the bundle shall lie, then writes it."""
        dialog = FileDialog(self._window, self._host.speech.say(T("Save the diagnostics bundle")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.setNameFilter("*.zip")
        dialog.selectFile(f"workbench-diagnostics-{time.strftime('%Y%m%d-%H%M')}.zip")
        dialog.fileSelected.connect(lambda name: self.write_bundle(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def write_bundle(self, file: Path) -> None:
        """Writes the bundle in a lane: examining the machine takes some seconds."""
        self._window.bar.say(T("The machine is examined; this takes some seconds."))
        work = partial(bundle, self._places, self._host.preferences.now, self._host.registry, file)
        self._host.background.do(work, self._written, partial(self._failed, file), lane=_LANE)

    def open_plugins(self) -> None:
        """Shows the plugins folder in the system's file manager."""
        self._host.background.do(partial(open_folder, self._places.plugins), failed=self._window.complain, lane=_LANE)

    def after_crash(self, text: str) -> None:
        """Tells that the program crashed when it last ran, and offers the log and the bundle."""
        self.crash = Crash(self, self._window, text)
        self.crash.open()

    def _show(self, file: Path, text: str) -> None:
        say = self._host.speech.say
        show_text(str(file), text or say(T("Nothing has been logged yet.")), self._window)

    def _written(self, file: Path) -> None:
        self._window.bar.say(
            T("The diagnostics bundle is {file}. It holds no runs and no data; look into it before you send it.",
              file=file)
        )  # fmt: skip

    def _failed(self, file: Path, error: Exception) -> None:
        if not isinstance(error, OSError):
            self._host.faults.report(error)
            return
        problem = error.strerror or str(error)
        said = T("The bundle {file} cannot be written: {problem}.", file=file, problem=problem)
        self._window.bar.say(said, T("Choose another folder."), bad=True)


class Crash(QDialog):
    """What the crash left behind, to be read and copied."""

    def __init__(self, diagnostics: Diagnostics, window: Window, text: str) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("crash")
        speech = window.host.speech
        title, about = named(QLabel(), "title"), QLabel(wordWrap=True)
        self.text = QPlainTextEdit(text, readOnly=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap)
        self.buttons = QDialogButtonBox()
        self.bundle = self.buttons.addButton("", Role.ActionRole)
        self.log = self.buttons.addButton("", Role.ActionRole)
        self.close_ = self.buttons.addButton("", Role.RejectRole)
        speech.bind(self, "setWindowTitle", T("After a crash"))
        speech.bind(title, "setText", T("The program crashed when it last ran."))
        speech.bind(
            about,
            "setText",
            T(
                "Runs that it interrupted are kept up to their last checkpoint and can be continued; what was typed is "
                "kept too. Below is where it happened."
            ),
        )
        speech.bind(self.bundle, "setText", T("Diagnostics bundle…"))
        speech.bind(self.log, "setText", T("Open the log"))
        speech.bind(self.close_, "setText", T("Continue"))
        self.bundle.clicked.connect(diagnostics.ask_bundle)
        self.log.clicked.connect(diagnostics.show_log)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (title, about, self.text, self.buttons):
            layout.addWidget(widget)
        self.close_.setDefault(True)
        self.close_.setFocus()
        self.resize(*_SIZE)
