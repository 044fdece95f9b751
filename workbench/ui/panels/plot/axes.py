"""Two axes about what is drawn. pyqtgraph has no types."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsItem, QGraphicsWidget

from workbench.ui.panels.plot.axis import Axis


class Axes(pg.GraphicsView):  # type: ignore[misc]
    """Of pyqtgraph's plot only what can be seen: with two more axes, a title and the widgets of its menus, all of them
    hidden, a plot takes three times as long to make, and longer at every change of size or theme.

    box: what is drawn in. axes: by side. frame: holds them, and whatever stands beside them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.box = pg.ViewBox(enableMenu=False)
        self.axes = {"left": Axis("left"), "bottom": Axis("bottom")}
        self.frame: QGraphicsWidget = self.centralWidget
        self.enableMouse(False)
        self.centralLayout.setSpacing(0)
        self.centralLayout.addItem(self.box, 0, 1)
        self.centralLayout.addItem(self.axes["left"], 0, 0)
        self.centralLayout.addItem(self.axes["bottom"], 1, 1)
        for axis in self.axes.values():
            axis.linkToView(self.box)
            axis.setZValue(0.5)  # above pictures
            axis.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)

    def set_margins(self, left: float, top: float, right: float, bottom: float) -> None:
        """Pixels that are left free about everything."""
        self.centralLayout.setContentsMargins(left, top, right, bottom)

    def lay_out(self) -> None:
        """Now, and not in the next turn of the loop."""
        self.centralLayout.activate()
