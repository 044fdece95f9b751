"""Light and dark: a palette of our own on Qt's Fusion style, because on Linux Qt itself often cannot tell or switch."""

from __future__ import annotations

import weakref
from dataclasses import astuple, dataclass
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from workbench.ui.named import named
from workbench.ui.parts import Parts
from workbench.ui.turns import Told, alive

W = TypeVar("W", bound=QWidget)
Role = QPalette.ColorRole


@dataclass(frozen=True)
class Colours:
    """The colours of a theme, by what they are for.

    accent: links, signs and lines. accent_ground: what `on_accent` is written on: what is bright enough for links on a
    dark ground is too bright under white letters.
    """

    window: str
    base: str
    raised: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    accent_ground: str
    bad: str
    good: str
    bad_ground: str

    @property
    def lifted(self) -> QPalette:
        """Of a ground above the window's."""
        return _ground(self.raised, self.text)

    @property
    def alarming(self) -> QPalette:
        """Of what says that something went wrong."""
        return _ground(self.bad_ground, self.bad)


def _ground(window: str, text: str) -> QPalette:
    made = QPalette()
    made.setColor(Role.Window, QColor(window))
    made.setColor(Role.WindowText, QColor(text))
    return made


LIGHT = Colours(
    window="#f5f6f8", base="#ffffff", raised="#ebedf1", line="#cfd4dc", text="#1c2127", quiet="#616b7b",
    accent="#2563c9", on_accent="#ffffff", accent_ground="#2563c9", bad="#b3261e", good="#1f7a45", bad_ground="#fbe9e7",
)  # fmt: skip
DARK = Colours(
    window="#23272e", base="#15171b", raised="#31363f", line="#4a525e", text="#e3e6ea", quiet="#98a2b0",
    accent="#4f8ff0", on_accent="#ffffff", accent_ground="#3572d4", bad="#ff8a80", good="#6ccf95", bad_ground="#3a2323",
)  # fmt: skip

SHEETS = {
    "tools": """
        QListWidget {{ background: {window}; border: 0; outline: 0; }}
        QListWidget::item {{ padding: 5px 6px; border-radius: 5px; margin: 1px 5px; color: {text}; }}
        QListWidget::item:selected {{ background: {accent_ground}; color: {on_accent}; }}
        QListWidget::item:hover:!selected {{ background: {raised}; }}""",
    "start": """
        #start {{ background: {accent_ground}; color: {on_accent}; border: 0; border-radius: 5px; }}
        #start {{ padding: 6px 16px; }}
        #start:disabled {{ background: {raised}; color: {quiet}; }}
        #start::menu-button {{ border: 0; border-left: 1px solid {base}; width: 18px; border-radius: 0; }}
        #start:focus {{ border: 2px solid {text}; padding: 4px 14px; }}""",
    "switch": """
        #switch:checked {{ background: {accent}; color: {base}; border: 1px solid {accent}; border-radius: 2px; }}
        #switch:checked {{ padding: 1px 4px; }}
        #switch:checked:focus {{ border: 1px solid {text}; }}""",
    "roomy": """
        QTreeView::item {{ padding: 4px 6px; }}
        QHeaderView::section {{ padding: 4px 6px; }}""",
    "card": """
        #card {{ background: {base}; border: 1px solid {line}; border-radius: 8px; }}
        #card:hover {{ border: 1px solid {accent}; }}
        #card:focus {{ border: 2px solid {accent}; }}
        #card:pressed {{ background: {window}; }}""",
    "choice": """
        #choice {{ background: {base}; border: 1px solid {line}; border-left: 0; padding: 4px 12px; }}
        #choice[end="first"] {{ border-left: 1px solid {line}; border-top-left-radius: 5px; }}
        #choice[end="first"] {{ border-bottom-left-radius: 5px; }}
        #choice[end="last"] {{ border-top-right-radius: 5px; border-bottom-right-radius: 5px; }}
        #choice:hover {{ background: {raised}; }}
        #choice:checked {{ background: {accent_ground}; color: {on_accent}; }}
        #choice:focus {{ border: 2px solid {text}; padding: 3px 11px; }}""",
}  # fmt: skip
"""Style sheets of single widgets, for what a palette cannot say."""


class Theme(QObject):
    """The window's theme; `changed` tells, in turns, whether it is dark now."""

    def __init__(self, parts: Parts | None = None) -> None:
        super().__init__()
        self.dark, self.name = False, "auto"
        self.parts = parts or Parts()
        self.turns = self.parts.turns
        self.changed = Told(self.turns)
        self._dressed: list[tuple[weakref.ref[QWidget], str]] = []

    @property
    def colours(self) -> Colours:
        """Those of the present theme."""
        return DARK if self.dark else LIGHT

    def apply(self, name: str) -> None:
        """light, dark, or auto: as the system says, light where it says nothing."""
        self.name = name
        system = QApplication.styleHints().colorScheme()
        self.dark = name == "dark" or (name == "auto" and system == Qt.ColorScheme.Dark)
        with self.parts.changing():
            application = QApplication.instance()
            if isinstance(application, QApplication):
                application.setPalette(palette(self.colours))
                QToolTip.setPalette(palette(self.colours))
            self.redress()
            self.changed.emit(self.dark)

    def dress(self, widget: W, sheet: str) -> W:
        """The widget, named after its style sheet, one of `SHEETS`, which it wears in the colours of every theme."""
        self._dressed.append((weakref.ref(widget), sheet))
        self._wear(widget, sheet)
        return named(widget, sheet)

    def redress(self) -> None:
        """Makes dressed widgets take new colours, or a new font, which they do not by themselves."""
        self._dressed = [each for each in self._dressed if alive(each[0]())]
        for reference, sheet in self._dressed:
            self.turns.put(self, lambda reference=reference, sheet=sheet: self._wear(reference(), sheet))  # type: ignore[misc]

    def _wear(self, widget: QWidget | None, sheet: str) -> None:
        if widget is not None and shiboken6.isValid(widget):
            widget.setStyleSheet(SHEETS[sheet].format(**vars(self.colours)))


def palette(colours: Colours) -> QPalette:
    """The colours as Fusion wants them."""
    window, base, raised, line, text, quiet, accent, on_accent, ground, *_ = map(QColor, astuple(colours))
    roles = {
        Role.Window: window, Role.WindowText: text, Role.Base: base, Role.AlternateBase: raised, Role.Text: text,
        Role.Button: raised, Role.ButtonText: text, Role.BrightText: on_accent, Role.ToolTipBase: raised,
        Role.ToolTipText: text, Role.PlaceholderText: quiet, Role.Highlight: ground, Role.HighlightedText: on_accent,
        Role.Link: accent, Role.Light: raised.lighter(115), Role.Midlight: raised, Role.Mid: line, Role.Dark: line,
        Role.Shadow: line.darker(150), Role.Accent: ground,
    }  # fmt: skip
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, colour)
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, quiet)
    made.setColor(QPalette.ColorGroup.Disabled, Role.Highlight, line)
    made.setColor(QPalette.ColorGroup.Disabled, Role.HighlightedText, text)
    return made
