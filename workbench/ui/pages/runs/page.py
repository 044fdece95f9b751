"""The page of runs: a table of all that are kept, searched, filtered and grouped, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.bar import Bar
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.pages.runs.deeds import Deeds
from workbench.ui.pages.runs.listing import Answer, Entry, Heading, Listing, Query
from workbench.ui.pages.runs.model import RunsModel

if TYPE_CHECKING:
    from workbench.ui.pages.runs.review import Review
    from workbench.ui.window import Window

_LANE = "runs"
_TYPED, _SETTLED = 60, 400
"""Milliseconds: after a keystroke until it is searched; after a job moved until the workspace is read again."""
_BY = ("group", "tool", "state")
_WIDEST = 280


class RunsPage(QWidget):
    """All runs of the workspace."""

    def __init__(self, window: Window, reviews: Mapping[str, Review]) -> None:
        """reviews: those of the tools' pages, by tool."""
        super().__init__()
        self.setObjectName("page-runs")
        self.main, self.host, self.reviews = window, window.host, reviews
        self.query = Query()
        self.listing = Listing(self.host.desk().workspace)
        self._asking = self._again = self._stale = False
        self.model = RunsModel(self.host.speech)
        self.table = Table()
        self.bar = Bar(self.host.speech, self.host.theme)
        self.deeds = Deeds(self)
        self._fields()
        self._build()
        self._connect()
        self._word()

    # ------------------------------------------------------------------ what is shown

    @property
    def selected(self) -> list[Entry]:
        """The runs that are selected, in the order of the table."""
        rows = sorted(each.row() for each in self.table.selectionModel().selectedRows())
        return [line for line in map(self.model.line, rows) if isinstance(line, Entry)]

    def reload(self) -> None:
        """Reads the workspace again, then the list."""
        self._stale = True
        self._ask()

    def wish(self, **changes: Any) -> None:
        """Asks for the list in another way."""
        self.query = replace(self.query, **changes)
        self._ask()

    def select(self, names: Sequence[str]) -> None:
        """Selects runs by id, those that can be seen."""
        model = self.table.selectionModel()
        flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
        model.clearSelection()
        for row in range(self.model.rowCount()):
            line = self.model.line(row)
            if isinstance(line, Entry) and line.row.id in names:
                model.select(self.model.index(row, 0), flags)

    def _ask(self) -> None:
        """One question at a time: what is asked meanwhile is asked once more afterwards."""
        if self._asking:
            self._again = True
            return
        self._asking = True
        work = partial(_answer, self.listing, self.query, self._stale)
        self._stale = False
        self.host.background.do(work, self._take, self._refused, lane=_LANE)

    def _take(self, answer: Answer) -> None:
        self._asking = False
        if self._again:
            self._again = False
            self._ask()
            return
        chosen = [each.row.id for each in self.selected]
        fresh = list(answer.columns) != list(self.model.answer.columns) or not self.model.answer.lines
        self.model.take(answer)
        self._span(0, self.model.rowCount() - 1)
        self.select(chosen)
        if fresh:
            self.table.fit()
        self._offer(answer)
        self._tell()

    def _refused(self, error: Exception) -> None:
        self._asking = False
        self.complain(error)

    def complain(self, error: Exception) -> None:
        """Says what went wrong."""
        if isinstance(error, UserError):
            self.bar.say(error.text, error.remedy, bad=True)
        else:
            self.host.faults.report(error)

    # ------------------------------------------------------------------ texts and choices

    def _tell(self) -> None:
        """How many there are, what can be done with the selected ones, and where the list is sorted."""
        answer = self.model.answer
        found, total, chosen = (f"{n:,}" for n in (answer.found, answer.total, len(self.selected)))
        said = T("{found} of {total} runs, {chosen} selected", found=found, total=total, chosen=chosen)
        self.count.setText(self.host.speech.say(said))
        self.deeds.refresh()
        head = self.table.horizontalHeader()
        place = list(answer.columns).index(self.query.sort) if self.query.sort in answer.columns else -1
        order = Qt.SortOrder.DescendingOrder if self.query.descending else Qt.SortOrder.AscendingOrder
        head.setSortIndicator(place, order)

    def _offer(self, answer: Answer) -> None:
        """What there is to filter by, kept as it was chosen."""
        say = self.host.speech.say
        for name, title, values in (
            ("tool", T("All tools"), answer.tools),
            ("group", T("All groups"), answer.groups),
            ("state", T("All states"), answer.states),
        ):
            texts = [say(T(each)) if name == "state" else each for each in values]
            _fill(self.filters[name], [("", say(title)), *zip(values, texts, strict=True)], getattr(self.query, name))
        params = [each for each in answer.offered if each.startswith("param:")]
        by = [("", say(T("Not grouped"))), *((each, self.model.title(each)) for each in [*_BY, *params])]
        _fill(self.by, by, self.query.by)

    def _word(self) -> None:
        self._offer(self.model.answer)
        self._tell()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self.model.columnCount() - 1))
        self.table.viewport().update()

    def _colour(self) -> None:
        self.refresh.setIcon(icon("again", self.host.theme.colours.text))

    def _list_columns(self) -> None:
        """Parameters that differ and metrics, each shown or not."""
        menu = self.columns.menu()
        menu.clear()
        shown = list(self.model.answer.columns)
        for each in self.model.answer.offered:
            action = menu.addAction(self.model.title(each))
            action.setCheckable(True)
            action.setChecked(each in shown)
            action.toggled.connect(partial(self._show_column, each))
        menu.addSeparator()
        menu.addAction(self.host.speech.say(T("As at first")), lambda: self.wish(columns=None))

    def _show_column(self, column: str, on: bool) -> None:
        shown = [each for each in self.model.answer.columns if each in self.model.answer.offered and each != column]
        self.wish(columns=tuple([*shown, column] if on else shown))

    # ------------------------------------------------------------------ gestures

    def _activated(self, row: int) -> None:
        """Enter or a double click: a run is opened, a group folded."""
        line = self.model.line(row)
        if isinstance(line, Heading):
            self.wish(folded=self.query.folded ^ {line.key})
        else:
            self.main.open_run(line.row.id)

    def _sort(self, section: int) -> None:
        column = self.model.answer.columns[section]
        down = not self.query.descending if column == self.query.sort else column == "created"
        self.wish(sort=column, descending=down)

    def _menu(self, place: QPoint) -> None:
        if self.selected:
            self.deeds.menu.popup(self.table.viewport().mapToGlobal(place))

    def _span(self, first: int, last: int) -> None:
        """Headings take the whole width."""
        if first == 0:
            self.table.clearSpans()
        for row in range(first, last + 1):
            if isinstance(self.model.line(row), Heading) and self.model.columnCount() > 1:
                self.table.setSpan(row, 0, 1, self.model.columnCount())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """What has happened meanwhile is listed."""
        super().showEvent(event)
        self.reload()

    # ------------------------------------------------------------------ its parts

    def _fields(self) -> None:
        speech = self.host.speech
        self.search = QLineEdit(clearButtonEnabled=True)
        speech.bind(self.search, "setPlaceholderText", T("Search runs: id, tool, parameter=value"))
        speech.bind(self.search, "setAccessibleName", T("Search runs"))
        self.filters = {name: _combo(f"filter-{name}") for name in ("tool", "group", "state")}
        self.by = _combo("group-by")
        speech.bind(self.by, "setToolTip", T("Group by"))
        self.columns = named(QToolButton(), "columns")
        self.columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.columns.setMenu(QMenu(self.columns))
        speech.bind(self.columns, "setText", T("Columns"))
        self.refresh = named(QToolButton(autoRaise=True), "refresh")
        speech.bind(self.refresh, "setToolTip", T("Read the workspace again"))
        self.count = named(QLabel(), "quiet")

    def _build(self) -> None:
        title = named(QLabel(), "title")
        self.host.speech.bind(title, "setText", T("Runs"))
        head, row = QHBoxLayout(), QHBoxLayout()
        for widget in (title, self.count):
            head.addWidget(widget)
        head.addStretch(1)
        for button in self.deeds.buttons:
            head.addWidget(button)
        row.addWidget(self.search, 1)
        for field in (*self.filters.values(), self.by, self.columns, self.refresh):
            row.addWidget(field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 6)
        layout.addLayout(head)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.bar)
        self.table.setModel(self.model)

    def _connect(self) -> None:
        self._typed = QTimer(self, singleShot=True, interval=_TYPED)
        self._typed.timeout.connect(lambda: self.wish(contains=self.search.text()))
        self._moved = QTimer(self, singleShot=True, interval=_SETTLED)
        self._moved.timeout.connect(lambda: self.reload() if self.isVisible() else None)
        self.search.textChanged.connect(lambda _: self._typed.start())
        for name, field in self.filters.items():
            field.activated.connect(lambda _, name=name, field=field: self.wish(**{name: field.currentData()}))
        self.by.activated.connect(lambda _: self.wish(by=self.by.currentData(), folded=frozenset()))
        self.columns.menu().aboutToShow.connect(self._list_columns)
        self.refresh.clicked.connect(self.reload)
        self.table.opened.connect(self._activated)
        self.table.copied.connect(self.deeds.copy_id)
        self.table.customContextMenuRequested.connect(self._menu)
        self.table.horizontalHeader().sectionClicked.connect(self._sort)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        self.model.rowsInserted.connect(lambda _, first, last: self._span(first, last))
        self.host.speech.changed.connect(self._word)
        self.host.theme.changed.connect(self._colour)
        if self.host.jobs is not None:
            self.host.jobs.changed.connect(self._moved.start)
        self._colour()


class Table(QTableView):
    """Rows of one height, selected whole; `opened(row)` by Enter or a double click, `copied` by the keys for it."""

    opened = Signal(int)
    copied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("runs")
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
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().setSortIndicatorShown(True)
        self.horizontalHeader().setResizeContentsPrecision(50)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def fit(self) -> None:
        """Columns as wide as what is visible of them."""
        self.resizeColumnsToContents()
        for column in range(self.model().columnCount()):
            self.setColumnWidth(column, min(self.columnWidth(column) + 12, _WIDEST))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens, Ctrl+C copies."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        else:
            super().keyPressEvent(event)


def _answer(listing: Listing, query: Query, stale: bool) -> Answer:
    if stale:
        listing.refresh()
    return listing.answer(query)


def _combo(name: str) -> QComboBox:
    made = named(QComboBox(), name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setMaximumWidth(220)
    return made


def _fill(field: QComboBox, values: Sequence[tuple[str, str]], chosen: str) -> None:
    """Unless it has these values already: it may be open."""
    if [(field.itemData(i), field.itemText(i)) for i in range(field.count())] != list(values):
        field.clear()
        for value, text in values:
            field.addItem(text, value)
    field.setCurrentIndex(max(0, field.findData(chosen)))
