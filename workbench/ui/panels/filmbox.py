"""While a film is made: how far it is, an end to what is filmed live, and a way to give it up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.background import Background
from workbench.ui.panels.export import Write, save
from workbench.ui.panels.filming import Film, LiveFilm
from workbench.ui.panels.movie import FASTEST, Cancelled, Still, Tell

Say = Callable[[str], str]
Encode = Callable[[list[Still], Tell], Write]
_USUAL = 10
_LANE = "export"


class Pace(QDialog):
    """Asks for the number of frames a second."""

    chosen = Signal(int)

    def __init__(self, say: Say, live: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say(T("Film of a panel")))
        self.rate = QSpinBox(minimum=1, maximum=FASTEST, value=_USUAL)
        text = T("A frame for every new report from now on, until you press Finish.")
        what = QLabel(say(text if live else T("A frame for every step that is kept.")), wordWrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(self.rate.value()))
        form = QFormLayout(self)
        form.addRow(what)
        form.addRow(say(T("Frames per second")), self.rate)
        form.addRow(self.buttons)


class FilmBox(QDialog):
    """A film from its first picture to the file."""

    ended = Signal(object)
    """None where it is written or was given up, else an error."""
    encoded = Signal(int)
    """So many pictures are in the file: told by the lane that writes it."""

    def __init__(
        self, film: Film, encode: Encode, path: Path, background: Background, say: Say, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.film, self.path = film, path
        self.is_written = self._writing = False
        self._encode, self._background, self._say = encode, background, say
        film.setParent(self)
        film.moved.connect(self._moved)
        film.developed.connect(self._develop)
        film.failed.connect(self._end)
        self.encoded.connect(lambda done: self._show(T("Writing"), done, len(film.stills)))
        self.rejected.connect(self._give_up)
        self._build()
        self._moved(0, 0)

    def _build(self) -> None:
        self.setWindowTitle(self._say(T("Film of a panel")))
        self.state, self.bar = QLabel(), QProgressBar()
        self.finish = QPushButton(self._say(T("Finish")))
        self.cancel = QPushButton(self._say(T("Cancel")))
        self.cancel.clicked.connect(self.reject)
        buttons = QDialogButtonBox()
        if isinstance(self.film, LiveFilm):
            self.finish.clicked.connect(self.film.finish)
            buttons.addButton(self.finish, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel, QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        for widget in (self.state, self.bar, buttons):
            column.addWidget(widget)
        self.setMinimumWidth(320)

    def _moved(self, done: int, total: int) -> None:
        self._show(T("Filming"), done, total)

    def _show(self, deed: str, done: int, total: int) -> None:
        count = f"{done} / {total}" if total else str(done)
        one = (total or done) == 1
        said = T("{deed}: {count} frame" if one else "{deed}: {count} frames", deed=deed, count=count)
        self.state.setText(self._say(said))
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _develop(self) -> None:
        film = self.film
        self.finish.setEnabled(False)
        self._writing = True
        if not film.stills:
            self._end(UserError(T("There is nothing to film: the panel has shown nothing.")))
            return

        def tell(done: int) -> None:
            film.check()
            self.encoded.emit(done)

        work = partial(save, self.path, self._encode(film.stills, tell))
        self._background.do(work, self._written, self._end, lane=_LANE)

    def _written(self, _: None) -> None:
        self.is_written = True
        self._end(None)

    def _end(self, error: Exception | None) -> None:
        self.film.cancel()
        self.hide()
        self.ended.emit(None if isinstance(error, Cancelled) else error)
        self.deleteLater()

    def _give_up(self) -> None:
        """While it is written the lane notices it at the next picture; until then nothing else happens."""
        self.film.cancel()
        if not self._writing:
            self._end(None)
