"""The table of runs: widths that are remembered, a star that is clicked, rows that are opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTableView,
)

from workbench.ui.evenrows import EvenRows
from workbench.ui.pages.runs.cells import Cells
from workbench.ui.pages.runs.model import Mark, RunsModel
from workbench.ui.themes import Theme

_NARROW, _WIDEST, _STAR = 80, 280, 34


class Table(QTableView):
    """Rows of one height, selected whole; `opened(row)` by Enter or a double click, `copied` by the keys for it,
    `starred(row)` by a click on a star, `widened(column, width)` by a person's hand."""

    opened = Signal(int)
    copied = Signal()
    undone = Signal()
    """By the keys of the command that takes back changes of documents: here there are none."""
    starred = Signal(int)
    widened = Signal(str, int)

    def __init__(self, model: RunsModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runs")
        self.setModel(model)
        self.runs = model
        self._cells = Cells(model, theme)
        self.setItemDelegate(self._cells)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalHeader(EvenRows(8))
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setResizeContentsPrecision(20)
        head.setMinimumSectionSize(24)
        self.hint = ""
        self._needed: dict[str, int] = {}
        self._fitting = False
        head.sectionResized.connect(self._resized)
        self.doubleClicked.connect(self._double)
        self.clicked.connect(self._click)

    def fit(self, widths: Mapping[str, int]) -> None:
        """Columns as wide as they were made, the others as what was visible of them when they came."""
        self._fitting = True
        for place, column in enumerate(self.runs.answer.columns):
            if column not in self._needed and self.runs.rowCount():
                head = self.horizontalHeader().sectionSizeHint(place)
                needed = max(self.sizeHintForColumn(place), head) + 12
                self._needed[column] = _STAR if column == "star" else min(needed, _WIDEST)
            self.setColumnWidth(place, widths.get(column) or self._needed.get(column, _NARROW))
        self._fitting = False

    def span(self, first: int, last: int) -> None:
        """Headings take the whole width. first 0: all lines are others than before."""
        if first == 0:
            self.clearSpans()
        columns = self.runs.columnCount()
        for row in self.runs.headings(first, last) if columns > 1 else ():
            self.setSpan(row, 0, 1, columns)

    @property
    def mark(self) -> Mark | None:
        """The line from which keys go on."""
        row = self.currentIndex().row()
        return self.runs.mark(row) if row >= 0 else None

    def select_runs(self, names: Sequence[str], current: Mark | None = None) -> None:
        """Selects runs by id, those that can be seen. current: from which line keys go on; the first of the runs, where
        it is not there."""
        model = self.selectionModel()
        flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
        model.clearSelection()
        rows = self.runs.rows_of(names)
        for row in rows:
            model.select(self.runs.index(row, 0), flags)
        self._go_on_from(next(iter([*self.runs.rows_marked(current), *rows]), -1))

    def _go_on_from(self, row: int) -> None:
        """Without scrolling to it: who looks elsewhere stays there."""
        self.setAutoScroll(False)
        self.selectionModel().setCurrentIndex(self.runs.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.setAutoScroll(True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Where no run is listed it says so."""
        super().paintEvent(event)
        if not self.runs.rowCount() and self.hint:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(20, 20, -20, -20), flags, self.hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens, Ctrl+C copies, Ctrl+Z brings back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        else:
            super().keyPressEvent(event)

    def _column(self, index: QModelIndex) -> str:
        return self.runs.answer.columns[index.column()]

    def _click(self, index: QModelIndex) -> None:
        if self._column(index) == "star" and self.runs.is_run(index.row()):
            self.starred.emit(index.row())

    def _double(self, index: QModelIndex) -> None:
        """Two quick clicks on a star are two clicks."""
        if self._column(index) == "star" and self.runs.is_run(index.row()):
            return
        self.opened.emit(index.row())

    def _resized(self, place: int, _before: int, width: int) -> None:
        if not self._fitting and place < len(self.runs.answer.columns):
            self.widened.emit(self.runs.answer.columns[place], width)
