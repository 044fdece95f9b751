"""Filming a panel: it is drawn once more, unseen, at one step after the other, one picture per turn of the loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from workbench.texts import T
from workbench.ui.background import Background
from workbench.ui.pages.runs.scrubbed import Scrubbed, opened, read_all
from workbench.ui.panels.base import PanelWidget
from workbench.ui.panels.fitting import matches, scalars_of, shown_by
from workbench.ui.panels.movie import Cancelled, Still
from workbench.ui.source import Source
from workbench.ui.stored import read_folder

MOST = 300
"""Pictures of a film."""
_LANE = "film"
_SMALLEST = 320, 240
_CAPTION = 24
"""Height of the line with title and step."""


class Camera:
    """A panel like another one, that nobody sees."""

    def __init__(self, panel: PanelWidget, title: str) -> None:
        self._title, self._say, self._closed = title, panel.say, False
        self.panel = type(panel)(panel.panel, panel.say)
        self.panel.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.panel.resize(panel.size().expandedTo(self.panel.minimumSizeHint()))
        if not panel.isVisible():
            self.panel.resize(*(2 * each for each in _SMALLEST))
        self.panel.apply_theme(panel.look.dark)
        self.panel.set_values(panel.values)
        self.panel.restore_state(panel.save_state())

    def load(self, sources: Sequence[Source]) -> None:
        """Makes what will show these sources, which takes a turn of its own."""
        self.panel.show_sources(sources)
        self.panel.show()

    def shoot(self, step: int) -> QImage:
        """What the panel shows now, above its title and the step."""
        picture = self.panel.photograph()
        scale = picture.devicePixelRatio()
        wide, high = round(picture.width() / scale), round(picture.height() / scale)
        whole = QImage(picture.width(), round((high + _CAPTION) * scale), QImage.Format.Format_RGB32)
        whole.setDevicePixelRatio(scale)
        look = self.panel.look
        whole.fill(look.ground)
        painter = QPainter(whole)
        painter.drawImage(0, 0, picture)
        painter.setFont(self.panel.font())
        painter.setPen(look.text)
        line, middle = QRect(10, high, wide - 20, _CAPTION), Qt.AlignmentFlag.AlignVCenter
        told = self._say(T("step {step}", step=f"{step:,}"))
        room = line.width() - painter.fontMetrics().horizontalAdvance(told) - 10
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, title)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, told)
        painter.end()
        return whole

    def close(self) -> None:
        """Lets go of the panel, at any time and often."""
        if not self._closed:
            self._closed = True
            self.panel.hide()
            self.panel.deleteLater()


class Film(QObject):
    """Pictures of a panel, gathered as `stills`. Subclasses say when the next one is taken."""

    moved = Signal(int, int)
    """How many pictures there are, of how many; of 0 where nobody knows."""
    developed = Signal()
    """All pictures are in `stills`."""
    failed = Signal(object)
    """An exception."""

    def __init__(self, panel: PanelWidget, title: str, background: Background) -> None:
        super().__init__()
        self.stills: list[Still] = []
        self.cancelled = threading.Event()
        self._background = background
        self.camera = Camera(panel, title)

    def cancel(self) -> None:
        """Ends it; nothing is written."""
        self.cancelled.set()
        self._close()

    def check(self, _: int = 0) -> None:
        """For whoever encodes the pictures. Raises Cancelled."""
        if self.cancelled.is_set():
            raise Cancelled

    def _take(self, sources: Sequence[Source], step: int, then: Any) -> None:
        """Draws in this turn of the loop, photographs in the next, and packs in a lane."""
        self.camera.panel.show_sources(sources)
        QTimer.singleShot(0, self, partial(self._shoot, step, then))

    def _shoot(self, step: int, then: Any) -> None:
        if self.cancelled.is_set():
            return
        image = self.camera.shoot(step)
        self._background.do(partial(Still.of, image), partial(self._packed, then), self._fail, lane=_LANE)

    def _packed(self, then: Any, still: Still) -> None:
        if not self.cancelled.is_set():
            self.stills.append(still)
            then()

    def _develop(self) -> None:
        self._close()
        self.developed.emit()

    def _fail(self, error: Exception) -> None:
        if not self.cancelled.is_set():
            self.cancel()
            self.failed.emit(error)

    def _close(self) -> None:
        self.camera.close()


class StoredFilm(Film):
    """Of runs that were kept, over the steps at which the panel's streams are."""

    def __init__(self, panel: PanelWidget, title: str, background: Background) -> None:
        super().__init__(panel, title, background)
        self._sources: list[Scrubbed] = []
        self._steps: list[int] = []

    def begin(self, sources: Sequence[Source]) -> None:
        """Reads the runs from their folders, in a lane, and goes."""
        kept = [(each.folder, each.label, each.index) for each in sources if each.folder is not None]
        self._background.do(partial(_reopened, kept), self._begin, self._fail, lane=_LANE)

    def _begin(self, sources: list[Scrubbed]) -> None:
        if self.cancelled.is_set():
            return
        self._sources = sources
        self._steps = steps_of(self.camera.panel, sources)
        self.camera.load(sources)
        self._next()

    def _next(self) -> None:
        done = len(self.stills)
        self.moved.emit(done, len(self._steps))
        if done == len(self._steps):
            self._develop()
            return
        step = self._steps[done]
        self._background.do(partial(read_all, self._sources, step), partial(self._read, step), self._fail, lane=_LANE)

    def _read(self, step: int, changes: Sequence[Any]) -> None:
        if self.cancelled.is_set():
            return
        for source, change in zip(self._sources, changes, strict=True):
            source.show(step, change)
        self._take(self._sources, step, self._next)


class LiveFilm(Film):
    """Of what comes from now on, until `finish`: a picture for every report, at most `rate` a second."""

    def __init__(self, panel: PanelWidget, title: str, background: Background) -> None:
        super().__init__(panel, title, background)
        self._sources: list[Source] = []
        self._seen: list[tuple[Any, ...]] = []
        self._busy = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def begin(self, sources: Sequence[Source], rate: float, over: Callable[[], bool]) -> None:
        """Goes, until what is filmed is over."""
        self._sources, self._over = list(sources), over
        self.camera.load(self._sources)
        self._timer.start(max(1, round(1000 / rate)))
        self._look()

    def finish(self) -> None:
        """What was filmed so far is the film."""
        self._timer.stop()
        if self._busy:
            QTimer.singleShot(5, self, self.finish)
        elif not self.cancelled.is_set():
            self._develop()

    def cancel(self) -> None:
        """Ends it."""
        self._timer.stop()
        super().cancel()

    def _look(self) -> None:
        seen = shown(self.camera.panel, self._sources)
        if self._busy or seen == self._seen or not any(part for _, *parts in seen for part in parts):
            if self._over():
                self.finish()
            return
        self._seen, self._busy = seen, True
        self._take(self._sources, max(step for step, *_ in seen), self._went_on)

    def _went_on(self) -> None:
        self._busy = False
        self.moved.emit(len(self.stills), 0)
        if len(self.stills) >= MOST:
            self.finish()


def steps_of(panel: PanelWidget, sources: Sequence[Scrubbed]) -> list[int]:
    """The steps at which the panel shows something else, at most `MOST`, the first and the last among them."""
    frames = [source.kept(stream) for source in sources for stream in shown_by(panel.panel)]
    if not any(map(len, frames)):
        names = [(source, name) for source in sources for name in source.series()]
        wanted = scalars_of(panel.panel)
        frames = [s.run.curve(n)["step"] for s, n in names if any(matches(n, pattern) for pattern in wanted)]
    found = np.unique(np.concatenate([np.empty(0, np.int64), *frames]))
    if len(found) > MOST:
        found = found[np.linspace(0, len(found) - 1, MOST).round().astype(int)]
    return [int(step) for step in found]


def shown(panel: PanelWidget, sources: Sequence[Source]) -> list[tuple[Any, ...]]:
    """What the panel shows of each source, to be compared: the newest step, then its frames and lengths of curves."""
    found = []
    for source in sources:
        events = [source.frame(stream) for stream in shown_by(panel.panel)]
        curves = [source.curve(n) for n in source.series() if any(matches(n, p) for p in scalars_of(panel.panel))]
        steps = [e.step for e in events if e is not None] + [int(c["step"][-1]) for c in curves if len(c)]
        found.append((max(steps, default=0), *map(id, filter(None, events)), *(len(curve) for curve in curves)))
    return found


def _reopened(kept: Sequence[tuple[Path, str, int]]) -> list[Scrubbed]:
    runs = [read_folder(folder, index) for folder, _, index in kept]
    sources = opened(runs, [folder for folder, _, _ in kept])
    for source, (_, label, _) in zip(sources, kept, strict=True):
        source.label = label
    return sources
