"""A panel in a window, drawn."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from workbench.tool import Panel
from workbench.ui.panels import PanelWidget, make_panel

from .sources import Fake


def shown(qtbot: QtBot, panel: Panel, *sources: Fake, say: Callable[[str], str] = str) -> PanelWidget:
    """Shows sources in a new panel of 420 × 320 pixels, in the light theme."""
    widget = make_panel(panel, say)
    qtbot.addWidget(widget)
    widget.resize(420, 320)
    widget.apply_theme(False)
    widget.show()
    widget.show_sources(sources)
    qtbot.waitExposed(widget)
    qtbot.wait(20)
    return widget
