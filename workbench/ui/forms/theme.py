"""The colours that a form adds to the window's palette, light and dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """Colours by use."""

    text: str
    muted: str
    faint: str
    wrong: str
    wrong_ground: str
    live: str
    live_ground: str
    line: str
    accent: str
    note: str


LIGHT = Colours(
    "#24292f", "#667079", "#a4adb6", "#b3261e", "#fdeceb", "#0f7b3f", "#e3f4ea", "#c9ced4", "#1a66c2", "#8a5a00"
)
DARK = Colours(
    "#e6e6e6", "#9aa3ad", "#646c75", "#ff8a80", "#452625", "#5fd38d", "#1f3a2b", "#4a4f57", "#6cb0ff", "#e0b25c"
)


def colours(dark: bool) -> Colours:
    """The colours of a theme."""
    return DARK if dark else LIGHT
