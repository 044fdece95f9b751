"""What plugins' views may use of the window: `View` and its `Host`; panels, drawn from sources, to put into it."""

from __future__ import annotations

from workbench.ui.panels import PanelWidget, make_panel
from workbench.ui.source import Source
from workbench.ui.view import Host, View

__all__ = ["Host", "PanelWidget", "Source", "View", "make_panel"]
