"""What plugins' views may use of the window: its panels, drawn from sources, to put into widgets of their own."""

from __future__ import annotations

from workbench.ui.panels import PanelWidget, make_panel
from workbench.ui.source import Source

__all__ = ["PanelWidget", "Source", "make_panel"]
