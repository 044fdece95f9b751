"""Fonts: Chinese glyphs in their simplified forms; and whether there are any."""

from __future__ import annotations

import sys

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from workbench.texts import T, Text

CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei")
"""Families that draw the simplified forms; the first that is installed counts."""
_GENERAL = QFontDatabase.SystemFont.GeneralFont
LATIN = ("Inter", "Noto Sans", "DejaVu Sans")


def choose(application: QApplication, language: str) -> None:
    """A font for a language: the family of its letters first, the others after it.

    Without a Chinese family of our choice, Chinese may be drawn in Japanese forms.
    """
    latin = LATIN if sys.platform == "linux" else (QFontDatabase.systemFont(_GENERAL).family(),)
    font = QFont(application.font())
    font.setFamilies([*CHINESE, *latin] if language.startswith("zh") else [*latin, *CHINESE])
    application.setFont(font)


def wear(widget: QWidget) -> None:
    """Makes the application's families a widget's own, for all that lies in it: another font of the application changes
    nothing there until the widget is told again."""
    font = QFont()
    font.setFamilies(font.families())
    widget.setFont(font)


def missing() -> tuple[Text, Text] | None:
    """What to say, and to do, where no font has Chinese; None where one has."""
    if QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        return None
    said = T("No installed font has Chinese characters: they show as boxes.")
    remedy = T("On Debian and Ubuntu: {command}", command="apt-get install fonts-noto-cjk")
    return _english(said), _english(remedy)


def _english(text: Text) -> Text:
    """A text that no catalogue translates: in Chinese nobody could read it."""
    return Text("{text}", {"text": str(text)})
