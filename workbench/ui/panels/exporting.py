"""The menus of a page's panels: export as a picture, a table or a film, and what else each panel offers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from workbench.texts import T
from workbench.ui.dock import Dock
from workbench.ui.filedialog import FileDialog
from workbench.ui.panels import movie
from workbench.ui.panels.choices import Choice, fill
from workbench.ui.panels.export import save
from workbench.ui.panels.filmbox import Encode, FilmBox, Pace
from workbench.ui.panels.filming import LiveFilm, StoredFilm

if TYPE_CHECKING:
    from workbench.ui.pages.tool import ToolPage

Where = Callable[[Path], object]


class Exporting(QObject):
    """One for each page."""

    written = Signal(str)
    """A file is there, whole."""

    def __init__(self, page: ToolPage) -> None:
        super().__init__(page)
        self._page, self._background = page, page.host.background
        self._say = page.host.speech.say
        self.ffmpeg = ""
        self.menu: QMenu | None = None
        self.dialog: QFileDialog | None = None
        self.pace: Pace | None = None
        self.box: FilmBox | None = None
        page.docks.menu_asked.connect(self.offer)
        self._background.do(lambda: shutil.which("ffmpeg") or "", self._found)

    def _found(self, ffmpeg: str) -> None:
        self.ffmpeg = ffmpeg

    # ------------------------------------------------------------------ menus

    def offer(self, dock: Dock, at: QPoint) -> None:
        """Opens the menu of a panel."""
        self._open(self.menu_of(dock), at)

    def offer_all(self) -> None:
        """Opens a menu of the panels that can be seen, each with its own."""
        menu = QMenu(self._page)
        for dock in self._page.docks.docks.values():
            if dock.shown:
                inside = self.menu_of(dock)
                inside.setTitle(dock.windowTitle())
                menu.addMenu(inside)
        self._open(menu, self._page.docks.mapToGlobal(QPoint(40, 40)))

    def menu_of(self, dock: Dock) -> QMenu:
        """The menu of a panel, in the language that is spoken now."""
        menu = QMenu(self._page)
        fill(menu, self._exports(dock), self._say)
        fill(menu, dock.content.choices(), dock.content.say)
        return menu

    def _exports(self, dock: Dock) -> list[Choice]:
        free = self.box is None
        mp4 = Choice(T("Export MP4…"), partial(self._ask_pace, dock, "mp4"), enabled=free)
        if not self.ffmpeg:
            mp4 = Choice(T("Export MP4 (ffmpeg was not found)"), lambda: None, enabled=False)
        return [
            Choice(T("Export PNG…"), partial(self._ask, dock, "png", partial(self.draw, dock, "png"))),
            Choice(T("Export SVG…"), partial(self._ask, dock, "svg", partial(self.draw, dock, "svg"))),
            Choice(T("Export CSV…"), partial(self._ask, dock, "csv", partial(self.draw, dock, "csv"))),
            Choice(T("Export GIF…"), partial(self._ask_pace, dock, "gif"), enabled=free),
            mp4,
            Choice(T("Copy picture"), partial(copy, dock)),
        ]

    def _open(self, menu: QMenu, at: QPoint) -> None:
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = menu
        menu.popup(at)

    # ------------------------------------------------------------------ asking how fast, and where

    def _ask_pace(self, dock: Dock, form: str) -> None:
        self.pace = Pace(self._say, self._live, self._page)
        self.pace.chosen.connect(lambda rate: self._ask(dock, form, partial(self.shoot, dock, form, rate)))
        self.pace.open()

    def _ask(self, dock: Dock, form: str, then: Where) -> None:
        title = self._say(T("Export {panel} as {form}", panel=dock.windowTitle(), form=form.upper()))
        self.dialog = FileDialog(self._page, title)
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.setDefaultSuffix(form)
        self.dialog.setNameFilter(f"*.{form}")
        self.dialog.selectFile(f"{dock.panel.id}.{form}".replace("/", "-").replace(":", "-"))
        self.dialog.fileSelected.connect(lambda file: then(Path(file)))
        self.dialog.open()

    # ------------------------------------------------------------------ writing

    def draw(self, dock: Dock, form: str, path: Path) -> None:
        """Writes what a panel shows now as png, svg or csv."""
        write = dock.content.drawn_as(form)
        self._background.do(partial(save, path, write), lambda _: self._written(path), self._failed, lane="export")

    def shoot(self, dock: Dock, form: str, rate: float, path: Path) -> None:
        """Films a panel as gif or mp4: over the steps of runs that are kept; what still goes on from now on."""
        stage = self._page.stage
        if self.box is not None or stage is None:
            return
        title, sources, live = dock.windowTitle(), stage.sources, self._live
        film = (LiveFilm if live else StoredFilm)(dock.content, title, self._background)
        self.box = FilmBox(film, self._encoder(form, rate), path, self._background, self._say, self._page)
        self.box.ended.connect(self._film_ended)
        self.box.show()
        if isinstance(film, LiveFilm):
            film.begin(sources, rate, lambda: not self._live)
        else:
            film.begin(sources)

    def _encoder(self, form: str, rate: float) -> Encode:
        if form == "gif":
            return lambda stills, tell: movie.gif(stills, rate, tell)
        return lambda stills, tell: movie.mp4(stills, rate, tell, self.ffmpeg)

    @property
    def _live(self) -> bool:
        """Whether what is shown still goes on."""
        stage = self._page.stage
        return bool(stage and any(work.live or not work.ended for work in stage.works))

    def _film_ended(self, error: Exception | None) -> None:
        box, self.box = self.box, None
        if error is not None:
            self._failed(error)
        elif box is not None and box.is_written:
            self._written(box.path)

    def _written(self, path: Path) -> None:
        self._page.bar.say(T("Written: {file}", file=path))
        self.written.emit(str(path))

    def _failed(self, error: Exception) -> None:
        self._page.host.complain(self._page.bar, error)


def copy(dock: Dock) -> None:
    """Puts a panel's picture on the clipboard."""
    QGuiApplication.clipboard().setImage(dock.content.photograph())
