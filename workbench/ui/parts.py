"""Parts of the window that change one after the other: all of it at once would take several frames."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from workbench.ui import fonts
from workbench.ui.turns import Turns, alive, seen

W = TypeVar("W", bound=QWidget)


class Parts:
    """The parts of one window. A part that holds others is lettered, but not painted, apart."""

    def __init__(self, turns: Turns | None = None) -> None:
        self.turns = turns or Turns()
        self._painted: list[weakref.ref[QWidget]] = []
        self._lettered: list[weakref.ref[QWidget]] = []

    def paint(self, widget: W) -> W:
        """The widget, which is painted in another theme or language in a turn of its own."""
        self._painted.append(weakref.ref(widget))
        return widget

    def letter(self, widget: W) -> W:
        """The widget, which takes another language's letters, with all that lies in it, in a turn of its own."""
        fonts.wear(widget)
        self._lettered.append(weakref.ref(widget))
        return widget

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Inside, all of the window is changed, and what is to be done for it put off to turns: parts that can be seen
        are painted behind that."""
        found = [part for part in _living(self._painted) if seen(part) and part.updatesEnabled()]
        for part in found:
            part.setUpdatesEnabled(False)
        yield
        for part in found:  # behind what those who were told put off themselves
            self.turns.put(part, partial(self.turns.put, part, partial(repaint, part)))

    def take_letters(self) -> None:
        """The application has another font."""
        for part in sorted(_living(self._lettered), key=lambda each: not seen(each)):
            self.turns.put(part, partial(fonts.wear, part))


def _living(parts: list[weakref.ref[QWidget]]) -> list[QWidget]:
    """Those that are there; forgets the others."""
    parts[:] = [each for each in parts if alive(each())]
    return [part for each in parts if (part := each()) is not None]


def repaint(part: QWidget) -> None:
    """Paints a part that was kept from it, in this turn: Qt would paint all parts in one of the next."""
    part.setUpdatesEnabled(True)
    part.repaint()


def paint_later(part: W, turns: Turns, paint: Callable[[W], object] = repaint) -> None:
    """Keeps a part from being painted until a turn of its own, unless it is painted before."""
    if part.updatesEnabled():
        part.setUpdatesEnabled(False)
        turns.put(part, partial(_paint_held, part, paint))


def _paint_held(part: W, paint: Callable[[W], object]) -> None:
    if not part.updatesEnabled():
        paint(part)
