"""Colours of panels, in light and in dark: every one is legible on the ground it is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPalette

_LIGHT = ("#2866c8", "#d2541b", "#23894c", "#8647bd", "#a87d00", "#13858f", "#b5487f", "#5f656e")
_DARK = ("#6ea8ff", "#ff9461", "#62d492", "#c49dff", "#efc54a", "#52d2dd", "#f29ac0", "#b4bac4")
_COLOURS = {False: [QColor(each) for each in _LIGHT], True: [QColor(each) for each in _DARK]}
_RAMPS = {
    "viridis": ("#440154", "#482777", "#3f4a8a", "#31678e", "#26838f", "#1f9d8a", "#6cce5a", "#b6de2b", "#fee825"),
    "diverging": ("#2b5ca8", "#6d9bd1", "#b9d3e8", "#f5f3f0", "#f0c3a8", "#d97f5c", "#a8302b"),
    "grey": ("#000000", "#ffffff"),
}


@dataclass(frozen=True)
class Look:
    """The colours of one theme."""

    dark: bool = False

    @cached_property
    def ground(self) -> QColor:
        """What everything is drawn on."""
        return QColor("#15171b" if self.dark else "#ffffff")

    @cached_property
    def raised(self) -> QColor:
        """The ground of what lies above: legends, values at the crosshair."""
        return QColor("#292d34" if self.dark else "#f2f4f7")

    @cached_property
    def text(self) -> QColor:
        """Text and ticks."""
        return QColor("#e3e6ea" if self.dark else "#1c2127")

    @cached_property
    def quiet(self) -> QColor:
        """What is said in passing: that there is nothing yet, what is switched off."""
        return QColor("#98a2b0" if self.dark else "#616b7b")

    @cached_property
    def faint(self) -> QColor:
        """Axes, frames, what is there only to be found."""
        return QColor("#7d858f" if self.dark else "#8a929c")

    @cached_property
    def grid(self) -> QColor:
        """Lines of the grid."""
        return QColor("#2a2e35" if self.dark else "#e6e9ed")

    @cached_property
    def accent(self) -> QColor:
        """Selections, and what is painted by hand: no curve has this colour."""
        return QColor("#ff4da6" if self.dark else "#e0007a")

    @cached_property
    def selected(self) -> QColor:
        """The ground of selected cells and words, under `on_selected`: thin letters want more than a bright ground."""
        return QColor("#2b5fb3" if self.dark else "#2866c8")

    @cached_property
    def on_selected(self) -> QColor:
        """What is written there."""
        return QColor("#ffffff")

    @property
    def handle(self) -> QColor:
        """Handles: neutral, so that they are not taken for data."""
        return self.text

    def colour(self, index: int) -> QColor:
        """The colour of the index-th curve or source."""
        colours = _COLOURS[self.dark]
        return colours[index % len(colours)]

    @property
    def count(self) -> int:
        """How many colours `colour` has: the next ones are these again."""
        return len(_COLOURS[self.dark])

    @property
    def palette(self) -> QPalette:
        """For texts and tables."""
        palette = QPalette(self.raised, self.ground)
        for role, colour in (
            (QPalette.ColorRole.Base, self.ground), (QPalette.ColorRole.AlternateBase, self.raised),
            (QPalette.ColorRole.Text, self.text), (QPalette.ColorRole.WindowText, self.text),
            (QPalette.ColorRole.ButtonText, self.text), (QPalette.ColorRole.Highlight, self.selected),
            (QPalette.ColorRole.HighlightedText, self.on_selected), (QPalette.ColorRole.PlaceholderText, self.quiet),
            (QPalette.ColorRole.Link, self.colour(0)),
        ):  # fmt: skip
            palette.setColor(role, colour)
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, self.quiet)
        return palette

    @cached_property
    def sheet(self) -> str:
        """A style sheet for small controls. Tables have a palette: a sheet makes their cells four times as dear."""
        ground, text, raised = self.ground.name(), self.text.name(), self.raised.name()
        return (
            f"QLabel, QToolButton {{ color: {text}; background: transparent; }}"
            f"QToolButton {{ border: 0; border-radius: 3px; padding: 1px 5px; }}"
            f"QToolButton:checked {{ background: {self.colour(0).name()}; color: {ground}; }}"
            f"QToolButton:hover:!checked {{ background: {raised}; }}"
            f"QToolButton:focus {{ border: 1px solid {text}; }}"
        )


def mixed(colour: QColor, other: QColor, share: float) -> QColor:
    """The colour with a share of another."""
    parts = ((colour.red(), other.red()), (colour.green(), other.green()), (colour.blue(), other.blue()))
    red, green, blue = (round(a + share * (b - a)) for a, b in parts)
    return QColor(red, green, blue)


def translucent(colour: QColor, share: float) -> QColor:
    """The colour, letting the rest through."""
    return QColor(colour.red(), colour.green(), colour.blue(), round(255 * share))


def ramp(name: str) -> NDArray[np.uint8]:
    """(256, 3) colours from low to high; an unknown name is viridis."""
    stops = [QColor(each) for each in _RAMPS.get(name, _RAMPS["viridis"])]
    parts = np.array([[c.red(), c.green(), c.blue()] for c in stops], float)
    at = np.linspace(0, len(stops) - 1, 256)
    columns = [np.interp(at, np.arange(len(stops)), parts[:, k]) for k in range(3)]
    return np.stack(columns, 1).round().astype(np.uint8)


@lru_cache(maxsize=16)
def lying(name: str) -> QImage:
    """A ramp as an image, from low at the left to high at the right."""
    image = QImage(256, 1, QImage.Format.Format_RGB32)
    for k, colour in enumerate(table(name)):
        image.setPixel(k, 0, colour)
    return image


@lru_cache(maxsize=16)
def table(name: str) -> list[int]:
    """A ramp as the colour table of an indexed image."""
    return [0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in ramp(name)]
