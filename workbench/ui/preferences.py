"""The settings while the window runs: a change takes effect at once and is written off the GUI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench import settings
from workbench.errors import UserError
from workbench.settings import Places, Settings
from workbench.ui.background import Background

_LANE = "settings"


class Preferences(QObject):
    """`now` is what holds; `damage` what is wrong with the file, None where nothing is."""

    changed = Signal(object)
    """The names of the settings that were set, as a frozenset."""
    refused = Signal(object)
    """The exception for which a change could not be written; it holds until the window is closed."""
    mended = Signal(object)
    """The file was written anew; where the damaged one lies."""

    def __init__(self, places: Places, now: Settings, damage: UserError | None, background: Background) -> None:
        super().__init__()
        self.now, self.damage = now, damage
        self._places, self._background = places, background

    def put(self, **changes: Any) -> None:
        """Sets these settings, whose values must be right."""
        self.now = self.now.model_copy(update=changes)
        self.changed.emit(frozenset(changes))
        work = partial(settings.change, self._places, **changes)
        self._background.do(work, failed=self._refuse, lane=_LANE)

    def mend(self, *, keep: bool) -> None:
        """Writes a damaged file anew: with what can be understood of it (keep), or with nothing but the defaults."""

        def work() -> tuple[Path, Settings]:
            aside = settings.mend(self._places, keep=keep)
            return aside, settings.load(self._places)

        self._background.do(work, self._take, self._refuse, lane=_LANE)

    def _take(self, found: tuple[Path, Settings]) -> None:
        aside, now = found
        names = frozenset(name for name in Settings.model_fields if getattr(now, name) != getattr(self.now, name))
        self.now, self.damage = now, None
        self.mended.emit(aside)
        self.changed.emit(names)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.damage = error
        self.refused.emit(error)
