"""The colours that a form adds to the window's palette, light and dark, and its style sheet."""

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


def style_sheet(c: Colours) -> str:
    """Only what the palette cannot say: faults, live fields, muted texts, headings."""
    return f"""
    QLabel#problem {{ color: {c.wrong}; }}
    QLabel#note {{ color: {c.note}; }}
    QLabel#phase {{ color: {c.muted}; padding-top: 3px; }}
    QLabel#unit, QLabel#count, QLabel#help, QLabel#summary {{ color: {c.muted}; }}
    QLabel#live {{ background: {c.live}; border-radius: 4px; }}
    QFrame#banner {{ background: {c.wrong_ground}; border: 1px solid {c.wrong}; border-radius: 4px; }}
    QFrame#banner QLabel {{ color: {c.wrong}; }}
    QWidget#row[running="true"] {{ background: {c.live_ground}; border-radius: 4px; }}
    QLabel[wrong="true"] {{ color: {c.wrong}; }}
    QLineEdit[wrong="true"] {{ border: 1px solid {c.wrong}; border-radius: 3px; padding: 2px; }}
    QComboBox[wrong="true"] {{ border: 1px solid {c.wrong}; border-radius: 3px; padding: 2px 4px; }}
    QToolButton#heading {{ border: none; font-weight: 600; padding: 3px 0; text-align: left; }}
    QToolButton#heading:focus {{ color: {c.accent}; }}
    QFrame#inside {{ border: none; border-left: 2px solid {c.line}; }}
    QFrame#element {{ border: 1px solid {c.line}; border-radius: 4px; }}
    QFrame#element[dropping="above"] {{ border-top: 3px solid {c.accent}; }}
    QFrame#element[dropping="below"] {{ border-bottom: 3px solid {c.accent}; }}
    QFrame#rule {{ background: {c.line}; border: none; }}
    """
