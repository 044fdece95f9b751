"""Garbage is collected in the window's thread only.

Python's collector runs in whichever thread happens to allocate. What it finds in circles may hold widgets and
shortcuts, and Qt's may be destroyed in the window's thread alone: elsewhere the program crashes, then or later.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY = 1000
"""Milliseconds between two looks."""


class Collector(QObject):
    """Takes the collector's place until `end`; from `begin` on Python's own thresholds hold."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pythons = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """All is imported. What is there already is not looked through again: that would hold the window up."""
        gc.freeze()
        self._timer.start()

    def _look(self) -> None:
        """Collects the oldest generation that is due, and the younger ones with it."""
        due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(generation for generation, ripe in enumerate(due) if ripe))

    def end(self) -> None:
        """Collects all, and leaves it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        if self._pythons:
            gc.enable()
