"""Panels: what tools show, drawn from sources; the way back are handles.

`make_panel` makes the widget of a declared panel, `panels_for` declares panels for streams that nobody declared.

What a layer's `style` may say: `colour` (a name, "#rrggbb", or the number of one of the theme's) and `label`, all
kinds; `least`, how many values a curve needs to be shown (scalars); `dash` (lines, arrows, paths); `size` in pixels,
`levels`, `map` (points); `map`, `levels`, `contours` (field); `names` (arrows); `heads` (paths); `corners`, three names
(any layer in a simplex). In a simplex a point (a, b) has the shares a, b and 1 - a - b.
What a frame's `data` may say: `labels` (of images, bars, arrows, lines), `names` (of rows of bars), `columns` (of
images), `format` (of text: markdown, html, plain).
"""

from __future__ import annotations

from workbench.tool import Panel
from workbench.ui.panels.base import PanelWidget, Say
from workbench.ui.panels.fitting import panels_for
from workbench.ui.panels.images import ImagesPanel
from workbench.ui.panels.plot.panel import PlotPanel
from workbench.ui.panels.results import ResultsPanel
from workbench.ui.panels.table import TablePanel
from workbench.ui.panels.text import TextPanel

_KINDS: dict[str, type[PanelWidget]] = {
    "plot": PlotPanel, "images": ImagesPanel, "table": TablePanel, "text": TextPanel,
    "results": ResultsPanel,
}  # fmt: skip


def make_panel(panel: Panel, say: Say) -> PanelWidget:
    """The widget of a panel; `say` translates. Raises KeyError for a kind that is none."""
    return _KINDS[panel.kind](panel, say)


__all__ = ["PanelWidget", "make_panel", "panels_for"]
