"""Widgets beside each other, one for each source, each under its source's label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui.named import letters
from workbench.ui.panels.look import Look
from workbench.ui.source import Source

W = TypeVar("W", bound=QWidget)
_SHAPE = 1.35
"""How many times wider than high a widget is best."""
_NEARLY = 0.85
"""How much smaller widgets may be if that leaves no place empty."""


class Beside(QWidget, Generic[W]):
    """As many widgets as there are sources (at least one), all of one size, in as many columns as make them largest;
    labels only where there are several."""

    def __init__(self, make: Callable[[], W]) -> None:
        super().__init__()
        self._make = make
        self._cells: list[tuple[QWidget, _Name, W]] = []
        self._columns = 0
        self._told: object = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self.fit(1)

    @property
    def widgets(self) -> list[W]:
        """The widgets, in the order of the sources."""
        return [widget for _, _, widget in self._cells]

    def fit(self, count: int) -> None:
        """Makes and removes widgets until there are so many."""
        before = len(self._cells)
        while len(self._cells) < count:
            self._cells.append(self._cell())
        while len(self._cells) > max(1, count):
            cell, _, _ = self._cells.pop()
            self._grid.removeWidget(cell)
            cell.setParent(None)
            cell.deleteLater()
        if len(self._cells) != before:
            self._columns = 0
            self._arrange()

    def label(self, sources: Sequence[Source], look: Look) -> None:
        """Names the widgets after their sources, in the sources' colours."""
        told = [(source.label, source.index) for source in sources], look
        if told == self._told:
            return
        self._told = told
        self.fit(len(sources))
        for (_, label, _), source in zip(self._cells, sources, strict=False):
            label.setVisible(len(sources) > 1)
            label.call(source.label)
            label.ink(look.colour(source.index))
        if not sources:
            self._cells[0][1].hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another shape may want another number of columns."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wanted = columns(len(self._cells), self.width(), self.height())
        if wanted == self._columns:
            return
        self._columns = wanted
        for place, (cell, _, _) in enumerate(self._cells):
            self._grid.addWidget(cell, place // wanted, place % wanted)
        rows = -(-len(self._cells) // wanted)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < wanted))
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, int(row < rows))

    def _cell(self) -> tuple[QWidget, _Name, W]:
        cell, label, widget = QWidget(), _Name(), self._make()
        label.hide()
        cell.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # all of one size
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(label)
        column.addWidget(widget, 1)
        return cell, label, widget


class _Name(QLabel):
    """A source's name, of which the end is shown where there is no room for all: runs differ in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long name widens nothing
        self.setContentsMargins(6, 2, 6, 2)
        self.setFont(letters())  # no style sheet, with which it would keep its font in another language

    def call(self, name: str) -> None:
        """Shows the name."""
        if name != self.toolTip():
            self.setToolTip(name)
            self._fit()

    def ink(self, colour: QColor) -> None:
        """Is written in this colour."""
        if colour != self.palette().color(QPalette.ColorRole.WindowText):
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Of another font another part may fit."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another part of it may fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width() - 2
        self.setText(self.fontMetrics().elidedText(self.toolTip(), Qt.TextElideMode.ElideLeft, room))


def columns(count: int, width: float, height: float) -> int:
    """The number of columns that makes so many widgets largest in this room and leaves no place empty, if that costs
    little."""
    sizes = {each: min(width / each / _SHAPE, height / -(-count // each)) for each in range(1, count + 1)}
    enough = _NEARLY * max(sizes.values())
    good = [each for each, size in sizes.items() if size >= enough]
    return min(good, key=lambda each: (-count % each, -sizes[each], -each))
