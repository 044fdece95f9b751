"""What a page with documents asks: for a file, about unsaved changes, about a file that somebody else has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from workbench.texts import T
from workbench.ui.filedialog import FileDialog
from workbench.ui.speech import Speech

Then = Callable[[], object]


class Asking:
    """Dialogs before a page; each shows and returns at once, what is answered is called later."""

    def __init__(self, page: QWidget, speech: Speech, title: str) -> None:
        """title: what the documents are called in the list of files' kinds."""
        self._page, self._speech, self._title = page, speech, title
        self.question: Question | None = None
        self.dialog: QFileDialog | None = None

    def for_file(
        self, patterns: Sequence[str], then: Callable[[Path], object], save: bool, cancelled: Then, start: Path | None
    ) -> None:
        """Asks for a file, to be opened or to be saved. start: the file or folder that it begins with."""
        say = self._speech.say
        self.dialog = dialog = FileDialog(self._page.window(), say(T("Save as") if save else T("Open")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave if save else QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile if save else QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"{say(self._title)} ({' '.join(patterns)})", f"{say(T('All files'))} (*)"])
        if save:
            dialog.setDefaultSuffix(suffix_of(patterns))
        if start is not None:
            dialog.setDirectory(str(start.parent))
            dialog.selectFile(start.name)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.rejected.connect(cancelled)
        dialog.open()

    def about_changes(self, name: str, save: Then, drop: Then, stay: Then) -> None:
        """Save, do not save, or stay."""
        say = self._speech.say
        text = say(T("{document} has changes that were not saved.", document=name))
        self._ask(
            [text, say(T("Without saving they are lost."))],
            [(say(T("Save")), save), (say(T("Do not save")), drop), (say(T("Stay")), stay)],
        )

    def about_file(self, text: str, over: Then, stay: Then) -> None:
        """Write over a file that another program has changed, or not."""
        say = self._speech.say
        self._ask(
            [say(text), say(T("Saving replaces what it has written."))],
            [(say(T("Save all the same")), over), (say(T("Stay")), stay)],
        )

    def _ask(self, texts: Sequence[str], answers: Sequence[tuple[str, Then]]) -> None:
        if self.question is not None and self.question.isVisible():
            answers[-1][1]()  # that one is to be answered first
            return
        self.question = Question(texts, answers, self._page.window())
        self.question.open()


class Question(QMessageBox):
    """Sentences and buttons; the last button is also Escape's, the first Return's."""

    def __init__(self, texts: Sequence[str], answers: Sequence[tuple[str, Then]], parent: QWidget) -> None:
        super().__init__(parent)
        role = QMessageBox.ButtonRole
        roles = [role.AcceptRole, *[role.DestructiveRole] * (len(answers) - 2), role.RejectRole]
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("Workbench")
        self.setText(texts[0])
        self.setInformativeText("\n".join(texts[1:]))
        self.answers = [self.addButton(text, each) for (text, _), each in zip(answers, roles, strict=True)]
        self.setDefaultButton(self.answers[0])
        self.setEscapeButton(self.answers[-1])
        calls = dict(zip(self.answers, [call for _, call in answers], strict=True))
        self.buttonClicked.connect(lambda button: calls[button]())


def suffix_of(patterns: Sequence[str]) -> str:
    """`notes` of `*.notes`: what a name without an ending gets; "" where the pattern says none."""
    name = patterns[0] if patterns else ""
    return name[2:] if name.startswith("*.") and "*" not in name[2:] else ""
