"""Widgets beside each other, one for each source, each under its source's label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from workbench.ui.panels.look import Look
from workbench.ui.source import Source

W = TypeVar("W", bound=QWidget)
_ABREAST = 3


class Beside(QWidget, Generic[W]):
    """As many widgets as there are sources (at least one), three abreast; labels only where there are several."""

    def __init__(self, make: Callable[[], W]) -> None:
        super().__init__()
        self._make = make
        self._cells: list[tuple[QWidget, QLabel, W]] = []
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
        while len(self._cells) < count:
            self._add()
        while len(self._cells) > max(1, count):
            cell, _, _ = self._cells.pop()
            self._grid.removeWidget(cell)
            cell.setParent(None)
            cell.deleteLater()

    def label(self, sources: Sequence[Source], look: Look) -> None:
        """Names the widgets after their sources, in the sources' colours."""
        self.fit(len(sources))
        for (_, label, _), source in zip(self._cells, sources, strict=False):
            label.setVisible(len(sources) > 1)
            label.setText(source.label)
            sheet = f"color: {look.colour(source.index).name()}; font-weight: bold; padding: 2px 6px;"
            if sheet != label.styleSheet():  # setting the same one again costs as much as painting
                label.setStyleSheet(sheet)
        if not sources:
            self._cells[0][1].hide()

    def _add(self) -> None:
        cell, label, widget = QWidget(), QLabel(), self._make()
        label.hide()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(label)
        column.addWidget(widget, 1)
        place = len(self._cells)
        self._grid.addWidget(cell, place // _ABREAST, place % _ABREAST)
        self._cells.append((cell, label, widget))
