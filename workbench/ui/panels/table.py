"""A table: rows of an event, or of a file that the job wrote."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workbench.events import Event
from workbench.texts import T, Text
from workbench.tool import Handle, Lead, Panel
from workbench.ui.evenrows import EvenRows
from workbench.ui.panels.base import PanelWidget, Say
from workbench.ui.panels.beside import Beside
from workbench.ui.panels.copying import Copying
from workbench.ui.panels.export import stacked
from workbench.ui.panels.leads import LeadButton
from workbench.ui.panels.pages import WAITING, PagesModel
from workbench.ui.panels.rows import Gather, Index, RowsModel, TableModel, seen, shown
from workbench.ui.source import Source

_FEW = 12
"""Rows up to which nobody needs a filter."""
_WIDEST = 320
_MARGIN = 3
"""Pixels that Qt leaves on both sides of a cell's text."""
_MARKED = (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus).value


class TablePanel(PanelWidget):
    """Handle: `select`, the place of the chosen row in what the job reported, or the text of its first cell."""

    kinds = frozenset({"table", "rows"})

    def __init__(self, panel: Panel, say: Say) -> None:
        super().__init__(panel, say)
        self.leads = [part for part in panel.parts if isinstance(part, Lead)]
        self.handles = [part for part in panel.parts if isinstance(part, Handle) and part.gesture == "select"]
        self.sheets: Beside[Sheet] = Beside(self._sheet)
        self.show_content(self.sheets)

    def _sheet(self) -> Sheet:
        sheet = Sheet(self.say, self.leads)
        sheet.chosen.connect(self._chosen)
        sheet.moved.connect(self.values_changed)
        for lead in sheet.leads:
            lead.led.connect(self.led)
        sheet.view.copying.said.connect(self.said)
        sheet.failed.connect(self.fail)
        sheet.mended.connect(lambda: self.show_sources(self.sources))
        return sheet

    def draw(self, sources: Sequence[Source]) -> None:
        """Takes the newest rows."""
        self.sheets.label(sources, self.look)
        for sheet, source in zip(self.sheets.widgets, sources, strict=False):
            sheet.take(self.frame(source), source.folder)
            sheet.show_run(source)
            if isinstance(sheet.model, PagesModel) and sheet.model.error is not None:
                raise sheet.model.error

    def _chosen(self, row: int, text: str) -> None:
        for handle in self.handles:
            self.edited.emit(handle.param, text if isinstance(self.values.get(handle.param), str) else row)

    def filled(self, sources: Sequence[Source]) -> bool:
        """Whether there is a row, or a file that may have some."""
        return any(frame.data.get("path") or frame.data.get("rows") for frame in self._frames(sources))

    def nothing(self, sources: Sequence[Source]) -> Text:
        """An empty table that has come is a result."""
        return T("No rows") if self._frames(sources) else super().nothing(sources)

    def _frames(self, sources: Sequence[Source]) -> list[Event]:
        return [frame for source in sources if (frame := self.frame(source)) is not None]

    def values_changed(self) -> None:
        """The selected row."""
        for handle in self.handles:
            for sheet in self.sheets.widgets:
                sheet.select(self.values.get(handle.param))

    def themed(self) -> None:
        """The names above the tables."""
        self.sheets.label(self.sources, self.look)

    def worded(self) -> None:
        """The filters' hints."""
        for sheet in self.sheets.widgets:
            sheet.worded()

    def gather(self) -> Callable[[], Iterable[Sequence[Any]]]:
        """All rows, as they are sorted and filtered."""
        sheets = zip(self.sheets.widgets, self.sources, strict=False)
        parts = [(source.label, sheet.model.gather()) for sheet, source in sheets]
        return lambda: stacked(_labelled(*part) for part in parts)

    def rows(self) -> Sequence[Sequence[Any]]:
        """The same at once."""
        return list(self.gather()())

    def save_state(self) -> dict[str, Any]:
        """Filter and sorting."""
        model = self.sheets.widgets[0].model
        return {"contains": model.contains, "sorting": list(model.sorting) if model.sorting else None}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The reverse."""
        sorting, contains = state.get("sorting"), state.get("contains")
        for sheet in self.sheets.widgets:
            sheet.field.setText(contains if isinstance(contains, str) else "")
            if isinstance(sorting, list) and len(sorting) == 2:
                order = Qt.SortOrder.DescendingOrder if sorting[1] else Qt.SortOrder.AscendingOrder
                sheet.view.sortByColumn(int(sorting[0]), order)


class Sheet(QWidget):
    """One source's table, with its filter."""

    chosen = Signal(int, str)
    """A row: its place in what the job reported, and the text of its first cell."""
    moved = Signal()
    """Rows are others, or lie elsewhere."""
    failed = Signal(object)
    """An exception."""
    mended = Signal()
    """A file is read, after it could not be."""

    def __init__(self, say: Say, leads: Sequence[Lead] = ()) -> None:
        super().__init__()
        self._say = say
        self.leads = [LeadButton(each, say) for each in leads]
        self._source: Source | None = None
        self.model: TableModel = RowsModel()
        self._event: Event | None = None
        self._sized: list[str] = []
        self._telling = self._due = False
        self.field = QLineEdit(clearButtonEnabled=True)
        self.count = QLabel(margin=4)
        self.view = _View()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.view, 1)
        column.addLayout(self._foot())
        self._typed = QTimer(self, singleShot=True)
        self._typed.timeout.connect(lambda: self.model.filter(self.field.text()))
        self.field.textChanged.connect(lambda: self._typed.start(0))  # keys that came together are asked for once
        self._use(self.model)
        self.worded()

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.addWidget(self.count)
        foot.addStretch(1)
        for lead in self.leads:
            foot.addWidget(lead)
        if self.leads:
            self.view.activated.connect(lambda _: self.leads[0].go())
        return foot

    def show_run(self, source: Source) -> None:
        """Of which run it is now."""
        self._source = source
        self._aim()

    def _aim(self) -> None:
        """The chosen row leads elsewhere; one on which the keys merely stand is not chosen."""
        place = self.view.currentIndex()
        chosen = self.view.selectionModel().isSelected(place)
        text = self._text(place.row()) if chosen else None
        for lead in self.leads:
            lead.aim(self._source, text)

    def _text(self, row: int) -> str | None:
        """Of a row's first cell; None while its page is not here."""
        value = self.model.cell(row, 0)
        return None if value is WAITING else shown(value)

    def worded(self) -> None:
        """Texts of its own."""
        for lead in self.leads:
            lead.worded()
        self.field.setPlaceholderText(self._say(T("Filter: rows that contain …")))
        self.field.setAccessibleName(self._say(T("Filter")))
        self.view.horizontalHeader().viewport().update()
        self._tell()

    def take(self, event: Event | None, folder: Path | None = None) -> None:
        """The newest frame. folder: the run's, in which its file lies."""
        if event is self._event:
            return
        self._event = event
        data: Mapping[str, Any] = event.data if event else {}
        path = data.get("path")
        if path is not None:
            if isinstance(self.model, PagesModel) and (self.model.folder, self.model.path) == (folder, path):
                self.model.reload()
            else:
                self._use(PagesModel(folder, path))
        elif not isinstance(self.model, RowsModel):
            self._use(RowsModel())
        self.model.right = frozenset(data.get("right", ()))
        if isinstance(self.model, RowsModel):
            self.model.take(data.get("rows", ()))
            self._tell()

    def _use(self, model: TableModel) -> None:
        before, self.model = self.model, model
        self._due = False
        model.setParent(self)
        if before is not model:
            model.contains, model.sorting = before.contains, before.sorting  # its thread asks after this
            before.deleteLater()
        if isinstance(model, PagesModel):
            model.failed.connect(self.failed)
            model.mended.connect(self.mended)
        model.say = self._say
        self.view.setModel(model)  # first: its head must know of new columns before they are fitted
        model.modelReset.connect(self._reset)
        model.layoutChanged.connect(self._tell)
        model.layoutChanged.connect(self._settle)
        model.dataChanged.connect(self._settle)
        model.rowsInserted.connect(self._tell)
        self.view.selectionModel().currentRowChanged.connect(self._current)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._aim())

    def _settle(self) -> None:
        """What is chosen may be gone, be back, or have another text: Qt tells only what a person chooses."""
        self.moved.emit()
        self._aim()
        self._choose()

    def _reset(self) -> None:
        self._tell()
        self._settle()
        if self.model.columns != self._sized:
            self._sized = list(self.model.columns)
            self.view.fit()

    def _tell(self) -> None:
        count = self.model.rowCount()
        self.field.setVisible(count > _FEW or bool(self.field.text()))
        self.count.setVisible(count > _FEW or bool(self.field.text()))
        self.count.setText(self._say(T("{n} row" if count == 1 else "{n} rows", n=f"{count:,}")))
        self._column.activate()  # a panel is painted in the turn in which it is drawn: a longer text would be cut

    def _current(self, current: QModelIndex) -> None:
        self._aim()
        self._due = current.isValid() and not self._telling
        self._choose()

    def _choose(self) -> None:
        """Tells of the row that was chosen, as soon as it is here."""
        row = self.view.currentIndex().row()
        text = self._text(row) if self._due and row >= 0 else None
        if text is not None:
            self._due = False
            self.chosen.emit(self.model.original(row), text)

    def select(self, row: Any) -> None:
        """Shows which row is chosen, by its place or by the text of its first cell."""
        if not isinstance(self.model, RowsModel):
            return
        place = self.model.place(row)
        if place is not None and self.view.currentIndex().row() != place:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self._telling = True
            self.view.selectionModel().setCurrentIndex(self.model.index(place, 0), flags)
            self._telling = False


def _labelled(label: str, gather: Gather) -> tuple[list[str], Iterator[list[Any]]]:
    """A table, each row after its source's label."""
    columns, rows = gather()
    return ["source", *columns], ([label, *row] for row in rows)


class _Cells(QStyledItemDelegate):
    """Texts at the right that are too long lose their beginning."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self.letter(view.font())

    def letter(self, font: QFont) -> None:
        """The view has this font."""
        self._metrics = QFontMetricsF(font)
        self._height, self._ascent = math.ceil(self._metrics.height()), self._metrics.ascent()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """As Qt does, which takes three times as long: it is asked for what is chosen, and for letters of other fonts,
        whose height only it knows."""
        model = cast(TableModel, index.model())
        text = seen(value := model.cell(index.row(), index.column()))
        if option.state.value & _MARKED or not (text.isascii() and text.isprintable()):
            super().paint(painter, option, index)
            return
        right = model.is_right(index.column(), value)
        left, top, width, height = cast(tuple[int, int, int, int], option.rect.getRect())
        text, taken = self._fitted(text, width - 2 * _MARGIN, right)
        at = left + (width - _MARGIN - taken if right else _MARGIN)
        painter.drawText(QPointF(at, top + height // 2 - self._height // 2 + self._ascent), text)

    def _fitted(self, text: str, room: float, right: bool) -> tuple[str, float]:
        """As much of a text as there is room for, and how wide that is."""
        wide = self._metrics.horizontalAdvance(text)
        if wide <= room:
            return text, wide
        text = self._metrics.elidedText(
            text, Qt.TextElideMode.ElideLeft if right else Qt.TextElideMode.ElideRight, room
        )
        return text, self._metrics.horizontalAdvance(text)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """As Qt does."""
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.textElideMode = Qt.TextElideMode.ElideLeft


class _View(QTableView):
    """Sorting by the head, copying."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlternatingRowColors(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.copying = Copying(self)
        self._cells = _Cells(self)
        self.setItemDelegate(self._cells)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self.setVerticalHeader(EvenRows(6))
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setResizeContentsPrecision(30)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Cells are measured in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._cells.letter(self.font())

    def fit(self) -> None:
        """Columns as wide as what is visible of them; the last one takes what is left."""
        self.resizeColumnsToContents()
        for column in range(self.model().columnCount() - 1):
            self.setColumnWidth(column, min(self.columnWidth(column) + 8, _WIDEST))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copies what is chosen."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copying.copy(cast(TableModel, self.model()), self.selectionModel().selection())
        else:
            super().keyPressEvent(event)
