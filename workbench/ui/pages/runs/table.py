"""The table of runs, as one looks at it: widths that are remembered, tags as chips, a star that is clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from workbench.ui.pages.runs.model import TAGS, RunsModel
from workbench.ui.themes import Theme

_WIDEST, _STAR = 280, 34
_PAD, _GAP = 6, 4
"""Pixels: inside a chip, and between two."""
Place = QModelIndex | QPersistentModelIndex


class Table(QTableView):
    """Rows of one height, selected whole; `opened(row)` by Enter or a double click, `copied` by the keys for it,
    `starred(row)` by a click on a star, `widened(column, width)` by a person's hand."""

    opened = Signal(int)
    copied = Signal()
    starred = Signal(int)
    widened = Signal(str, int)

    def __init__(self, model: RunsModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runs")
        self.setModel(model)
        self.runs = model
        self._chips = Chips(theme)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setResizeContentsPrecision(50)
        head.setMinimumSectionSize(24)
        self._fitting = False
        head.sectionResized.connect(self._resized)
        self.doubleClicked.connect(self._double)
        self.clicked.connect(self._click)

    def fit(self, widths: Mapping[str, int]) -> None:
        """Columns as wide as they were made, the others as what is visible of them."""
        self._fitting = True
        columns = self.runs.answer.columns
        self.resizeColumnsToContents()
        for place, column in enumerate(columns):
            needed = _STAR if column == "star" else min(self.columnWidth(place) + 12, _WIDEST)
            self.setColumnWidth(place, widths.get(column, needed))
            self.setItemDelegateForColumn(place, self._chips if column == "tags" else self.itemDelegate())
        self._fitting = False

    def span(self, first: int, last: int) -> None:
        """Headings take the whole width. first 0: all lines are others than before."""
        if first == 0:
            self.clearSpans()
        columns = self.runs.columnCount()
        for row in self.runs.headings(first, last) if columns > 1 else ():
            self.setSpan(row, 0, 1, columns)

    def select_runs(self, names: Sequence[str]) -> None:
        """Selects runs by id, those that can be seen."""
        model = self.selectionModel()
        flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
        model.clearSelection()
        for row in self.runs.rows_of(names):
            model.select(self.runs.index(row, 0), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens, Ctrl+C copies."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
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


class Chips(QStyledItemDelegate):
    """Draws the tags of a run, each on a ground of its own."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Place) -> None:
        """The tags, as many as there is room for."""
        tags = index.data(TAGS)
        if not tags:
            super().paint(painter, option, index)
            return
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        blank.widget.style().drawControl(
            blank.widget.style().ControlElement.CE_ItemViewItem,
            blank,
            painter,
            blank.widget,
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(option.rect)
        self._draw(painter, tags, QRectF(option.rect), option.fontMetrics)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Place) -> QSize:  # noqa: N802 - Qt's name
        """Room for all tags."""
        hint = super().sizeHint(option, index)
        metrics: QFontMetrics = option.fontMetrics
        tags = index.data(TAGS) or ()
        return QSize(sum(metrics.horizontalAdvance(tag) + 2 * _PAD + _GAP for tag in tags) + _GAP, hint.height())

    def _draw(self, painter: QPainter, tags: Sequence[str], room: QRectF, metrics: QFontMetrics) -> None:
        colours = self._theme.colours
        left = room.left() + _GAP
        for tag in tags:
            width = metrics.horizontalAdvance(tag) + 2 * _PAD
            chip = QRectF(left, room.top() + 3, width, room.height() - 6)
            painter.setPen(QColor(colours.line))
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(chip, 6, 6)
            painter.setPen(QColor(colours.text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, tag)
            left += width + _GAP
