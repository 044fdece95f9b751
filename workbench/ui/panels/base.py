"""What all panels share: a panel that cannot draw says so in a sentence, and lives."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QPalette
from PySide6.QtWidgets import QGraphicsView, QLabel, QStackedLayout, QWidget

from workbench.errors import UserError
from workbench.events import Event
from workbench.texts import T, Text
from workbench.tool import Panel
from workbench.ui.panels.choices import Choice
from workbench.ui.panels.export import FORMS, Write, photographed, png, svg, table
from workbench.ui.panels.fitting import reported
from workbench.ui.panels.look import Look
from workbench.ui.source import Source

Say = Callable[[str], str]
_AGAIN = 1.0
"""Seconds until a panel that failed is tried again: something that fails at every frame must not flicker."""
_log = logging.getLogger(__name__)


class PanelWidget(QWidget):
    """A panel. Subclasses put their widget in with `show_content` and override `draw` and what else they need."""

    edited = Signal(str, object)
    """A gesture set a parameter: its dotted path, its value as JSON."""
    led = Signal(str, object)
    """A row leads to another tool: its id, and parameters of it by path."""
    said = Signal(object, object)
    """What a person is to learn of something that was done in it: a text and a remedy."""
    menu_asked = Signal(QPoint)
    """Its menu is wanted, here on the screen."""

    kinds: Set[str] = frozenset()
    """The kinds of frames that it can show; a run may report another under the same name."""

    def __init__(self, panel: Panel, say: Say) -> None:
        super().__init__()
        self.panel = panel
        self.say = say
        self.look = Look()
        self.sources: Sequence[Source] = ()
        self.values: dict[str, Any] = {}
        self._failed = 0.0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(lambda: self.show_sources(self.sources))
        self._complaint = Text("")
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, margin=16)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._nothing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, margin=16)
        self._nothing.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._message)
        self._stack.addWidget(self._nothing)
        self._content: QWidget | None = None

    # ------------------------------------------------------------------ for the window

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Draws the sources beside each other: called at most at the frame rate, when something changed."""
        others, self.sources = _runs(sources) != _runs(self.sources), sources
        rest = self._failed + _AGAIN - time.monotonic() if self._failed and not others else 0.0
        if rest > 0:
            self._again.start(math.ceil(1000 * rest))  # nothing more may come
            return
        self._again.stop()
        with self.guarded():
            self._failed = 0.0
            self.draw(sources)
        if not self._failed and self._content is not None:
            self._turn_to(self._content if self.filled(sources) else self._nothing)

    def _turn_to(self, part: QWidget) -> None:
        if part is self._nothing:
            self._nothing.setText(self.say(self.nothing(self.sources)))
        if part is not self._stack.currentWidget():
            self._stack.setCurrentWidget(part)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """The parameters' values by dotted path, for handles."""
        self.values = dict(values)
        with self.guarded():
            self.values_changed()

    def retranslate(self) -> None:
        """Shows all texts in the language that `say` speaks now."""
        with self.guarded():
            self.worded()
            self.draw(self.sources)
        self._message.setText(self.say(self._complaint))
        self._nothing.setText(self.say(self.nothing(self.sources)))

    def apply_theme(self, dark: bool) -> None:
        """Takes the colours of the light or the dark theme."""
        self.look = Look(dark)
        self.setAutoFillBackground(True)
        self.setPalette(self.look.palette)
        with self.guarded():
            self.themed()

    def save_state(self) -> dict[str, Any]:
        """What the person arranged in this panel, as JSON."""
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The reverse of `save_state`; unknown and wrong entries are passed over."""

    def drawn_as(self, form: str) -> Write:
        """What is shown, as png, svg or csv: drawn now, to be encoded and written by another thread. Raises
        UserError for another form."""
        if form not in FORMS:
            raise UserError(T("A panel is exported as PNG, SVG or CSV, not as {suffix}.", suffix=form or "?"))
        if form == "csv":
            return table(self.gather())
        if form == "png":
            return png(self.photograph())
        with self.whole():
            return svg(self.subject)

    def photograph(self) -> QImage:
        """What is shown, as an image."""
        with self.whole():
            return photographed(self.subject)

    @property
    def subject(self) -> QWidget:
        """What pictures of it show: all of it, but for its controls."""
        shown = self._stack.currentWidget()
        return self.pictured if shown is None or shown is self._content else shown

    def choices(self) -> list[Choice]:
        """What its menu offers besides export."""
        return []

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Asks for its menu."""
        self.menu_asked.emit(event.globalPos())
        event.accept()

    @property
    def views(self) -> Sequence[QGraphicsView]:
        """The views of scenes in it: a scene tells its view only later what has changed."""
        return ()

    @property
    def always(self) -> bool:
        """Whether it is of use before anything was reported: handles can be dragged."""
        return False

    def reported(self, streams: Iterable[str], series: Iterable[str]) -> bool:
        """Whether it shows one of these streams of frames or scalars."""
        return reported(self.panel, streams, series)

    # ------------------------------------------------------------------ for subclasses

    def draw(self, sources: Sequence[Source]) -> None:
        """Shows the sources' newest frames."""

    def filled(self, sources: Sequence[Source]) -> bool:
        """Whether there is anything to see."""
        return any(self.frame(source) is not None for source in sources)

    def frame(self, source: Source) -> Event | None:
        """A source's newest frame of the panel's stream; None where it has none that can be shown."""
        found = source.frame(self.panel.stream)
        return found if found is not None and found.kind in self.kinds else None

    def nothing(self, sources: Sequence[Source]) -> Text:  # noqa: ARG002 - for those who override it
        """What is said where there is nothing to see."""
        return T("Nothing to show yet")

    def values_changed(self) -> None:
        """`self.values` are new."""

    def worded(self) -> None:
        """Sets the texts of its own controls."""

    def themed(self) -> None:
        """`self.look` is new."""

    @property
    def pictured(self) -> QWidget:
        """What pictures show while it draws."""
        return self._content or self

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Inside, what is shortened for want of room is not: pictures are for others, who cannot make room."""
        yield

    def gather(self) -> Callable[[], Iterable[Sequence[Any]]]:
        """What is shown as a table with a head, for CSV: put together by another thread."""
        rows = self.rows()
        return lambda: rows

    def rows(self) -> Sequence[Sequence[Any]]:
        """The same at once."""
        return []

    def show_content(self, widget: QWidget) -> None:
        """The widget that the panel consists of."""
        self._content = widget
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """What goes wrong inside is said in the panel, not raised."""
        try:
            with np.errstate(all="ignore"):  # a job may report anything
                yield
        except Exception as error:  # noqa: BLE001 (whatever it is: the panel says it)
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Shows a sentence instead of the content; may be called while painting."""
        if not self._failed and not isinstance(error, UserError):
            _log.exception("panel %s", self.panel.id, exc_info=error)
        self._failed = time.monotonic()
        QTimer.singleShot(0, self, lambda: self._complain(error))

    def _complain(self, error: Exception) -> None:
        if not self._failed:  # others have been drawn since
            return
        self._complaint = _sentence(error)
        self._message.setText(self.say(self._complaint))
        self._stack.setCurrentWidget(self._message)

    @property
    def complaint(self) -> str:
        """The sentence that is shown instead of the content, "" while it draws."""
        return self._message.text() if self._stack.currentWidget() is self._message else ""


def _runs(sources: Sequence[Source]) -> list[tuple[str, Path | None]]:
    """What tells runs apart: one has other sources at other steps."""
    return [(source.label, source.folder) for source in sources]


def _sentence(error: Exception) -> Text:
    """What a person did not expect of their data is said as it is; what nobody expected with the error's name."""
    if not isinstance(error, UserError):
        return T("This panel cannot be drawn: {error}", error=f"{type(error).__name__}: {error}")
    return T("{problem} {remedy}", problem=error.text, remedy=error.remedy) if error.remedy else error.text
