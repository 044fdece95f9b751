"""Light and dark: a palette of our own on Qt's Fusion style, because on Linux Qt itself often cannot tell or switch."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

Role = QPalette.ColorRole


@dataclass(frozen=True)
class Colours:
    """The colours of a theme, by what they are for."""

    window: str
    base: str
    raised: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    bad: str
    good: str
    bad_ground: str


LIGHT = Colours(
    window="#f5f6f8", base="#ffffff", raised="#ebedf1", line="#cfd4dc", text="#1c2127", quiet="#667080",
    accent="#2563c9", on_accent="#ffffff", bad="#b3261e", good="#1f7a45", bad_ground="#fbe9e7",
)  # fmt: skip
DARK = Colours(
    window="#1d2025", base="#15171b", raised="#292d34", line="#3d434d", text="#e3e6ea", quiet="#98a2b0",
    accent="#4f8ff0", on_accent="#ffffff", bad="#ff8a80", good="#6ccf95", bad_ground="#3a2323",
)  # fmt: skip

SHEET = """
QToolTip {{ color: {text}; background: {raised}; border: 1px solid {line}; padding: 3px; }}
QMainWindow::separator {{ background: {line}; width: 2px; height: 2px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QSplitter::handle {{ background: {line}; width: 1px; }}
QStatusBar::item {{ border: 0; }}
#sidebar, #form {{ background: {window}; }}
#tools {{ background: {window}; border: 0; outline: 0; }}
#tools::item {{ padding: 5px 6px; border-radius: 5px; margin: 1px 5px; color: {text}; }}
#tools::item:selected {{ background: {accent}; color: {on_accent}; }}
#tools::item:hover:!selected {{ background: {raised}; }}
#title {{ font-size: 15pt; font-weight: 600; }}
#quiet {{ color: {quiet}; }}
#dock-title {{ background: {raised}; border-bottom: 1px solid {line}; }}
#dock-title QLabel {{ font-weight: 600; }}
#start {{ background: {accent}; color: {on_accent}; font-weight: 600; border: 0; border-radius: 5px; }}
#start {{ padding: 6px 16px; }}
#start:disabled {{ background: {raised}; color: {quiet}; }}
#start::menu-button {{ border: 0; border-left: 1px solid {base}; width: 18px; border-radius: 0; }}
#start:focus {{ border: 2px solid {text}; padding: 4px 14px; }}
#welcome {{ font-size: 20pt; font-weight: 600; }}
#part {{ font-size: 11pt; font-weight: 600; }}
#card {{ background: {base}; border: 1px solid {line}; border-radius: 8px; }}
#card:hover {{ border: 1px solid {accent}; }}
#card:focus {{ border: 2px solid {accent}; }}
#card:pressed {{ background: {raised}; }}
#card-title {{ font-size: 11pt; font-weight: 600; }}
#card-sample {{ color: {accent}; font-weight: 600; }}
#choice {{ background: {base}; border: 1px solid {line}; border-left: 0; padding: 4px 12px; border-radius: 0; }}
#choice[end="first"] {{ border-left: 1px solid {line}; border-top-left-radius: 5px; border-bottom-left-radius: 5px; }}
#choice[end="last"] {{ border-top-right-radius: 5px; border-bottom-right-radius: 5px; }}
#choice:hover {{ background: {raised}; }}
#choice:checked {{ background: {accent}; color: {on_accent}; }}
#choice:focus {{ border: 2px solid {text}; padding: 3px 11px; }}
#bar {{ background: {raised}; border: 1px solid {line}; border-radius: 5px; }}
#bar[bad="true"] {{ background: {bad_ground}; border: 1px solid {bad}; }}
#bar[bad="true"] QLabel {{ color: {bad}; }}
"""


class Theme(QObject):
    """The window's theme; `changed(dark)` when it has become another."""

    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.dark, self.name = False, "auto"

    @property
    def colours(self) -> Colours:
        """Those of the present theme."""
        return DARK if self.dark else LIGHT

    def apply(self, name: str) -> None:
        """light, dark, or auto: as the system says, light where it says nothing."""
        self.name = name
        system = QApplication.styleHints().colorScheme()
        self.dark = name == "dark" or (name == "auto" and system == Qt.ColorScheme.Dark)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(palette(self.colours))
            application.setStyleSheet(SHEET.format(**vars(self.colours)))
        self.changed.emit(self.dark)


def palette(colours: Colours) -> QPalette:
    """The colours as Fusion wants them."""
    window, base, raised, line, text, quiet, accent, on_accent, *_ = map(QColor, astuple(colours))
    roles = {
        Role.Window: window, Role.WindowText: text, Role.Base: base, Role.AlternateBase: raised, Role.Text: text,
        Role.Button: raised, Role.ButtonText: text, Role.BrightText: on_accent, Role.ToolTipBase: raised,
        Role.ToolTipText: text, Role.PlaceholderText: quiet, Role.Highlight: accent, Role.HighlightedText: on_accent,
        Role.Link: accent, Role.Light: raised.lighter(115), Role.Midlight: raised, Role.Mid: line, Role.Dark: line,
        Role.Shadow: line.darker(150), Role.Accent: accent,
    }  # fmt: skip
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, colour)
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, quiet)
    made.setColor(QPalette.ColorGroup.Disabled, Role.Highlight, line)
    return made
