"""The page of runs: a table of all that are kept, searched, filtered and grouped, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSplitter, QToolButton, QVBoxLayout, QWidget

from workbench.runs.search import Entry
from workbench.runs.trash import Trash
from workbench.texts import T
from workbench.ui.bar import Bar
from workbench.ui.elided import Elided
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.pages.runs.choosing import Columns
from workbench.ui.pages.runs.deeds import Deeds
from workbench.ui.pages.runs.filters import Filter
from workbench.ui.pages.runs.listing import Answer, Heading, Listing, Query
from workbench.ui.pages.runs.model import RunsModel
from workbench.ui.pages.runs.side import How, Side
from workbench.ui.pages.runs.table import Table
from workbench.ui.remembered import sizes

if TYPE_CHECKING:
    from workbench.ui.pages.runs.review import Review
    from workbench.ui.window import Window

_LANE = "runs"
_TYPED, _SETTLED = 30, 400
"""Milliseconds: after a keystroke until it is searched; after a job moved until the workspace is read again."""
_BY = ("group", "tool", "state", "day", "tags")
_UNFILTERED: dict[str, Any] = {"contains": "", "tool": "", "group": "", "state": "", "folded": frozenset()}
_LEAST = 180
"""Pixels that the search keeps: what is chosen from gives way first."""
_QUERY, _WIDTHS, _SPLIT, _DETAILS = "runs.query", "runs.widths", "runs.split", "runs.details"
"""What is remembered."""


class RunsPage(QWidget):
    """All runs of the workspace."""

    def __init__(self, window: Window, reviews: Mapping[str, Review]) -> None:
        """reviews: those of the tools' pages, by tool."""
        super().__init__()
        self.setObjectName("page-runs")
        self.main, self.host, self.reviews = window, window.host, reviews
        self.query = Query.from_json(self.host.remembered.get(_QUERY))
        self._widths: dict[str, int] = self._remembered_widths()
        self._asking = self._again = self._stale = False
        self._wanted: Sequence[str] = ()
        self._selected: list[Entry] | None = None
        self._nothing = Answer()
        self._trashes: dict[Path, Trash] = {}
        """By workspace: of each that was open, what was deleted can be brought back until the program ends."""
        self.model = RunsModel(self.host.speech, self.host.theme)
        self.model.take(self._nothing)
        self.table = Table(self.model, self.host.theme)
        self.bar = Bar(self.host.speech, self.host.theme)
        self.side = Side(self.host)
        self._settle()
        self._fields()
        self.deeds = Deeds(self)
        self._build()
        self._connect()
        self._word()

    # ------------------------------------------------------------------ what is shown

    @property
    def selected(self) -> list[Entry]:
        """The runs that are selected, in the order of the table."""
        if self._selected is None:
            rows = sorted(each.row() for each in self.table.selectionModel().selectedRows())
            self._selected = [line for line in map(self.model.line, rows) if isinstance(line, Entry)]
        return self._selected

    def _forget_selected(self, *_: object) -> None:
        """Others are selected, or the same are known better: every deed asks for them, of thousands perhaps."""
        self._selected = None

    def reload(self, select: Sequence[str] = ()) -> None:
        """Reads the workspace again, then the list. select: these runs, once they are listed."""
        self._stale = True
        self._wanted = select or self._wanted
        self._ask()

    def wish(self, **changes: Any) -> None:
        """Asks for the list in another way, which is remembered."""
        self.query = replace(self.query, **changes)
        self.host.remembered.put(_QUERY, self.query.to_json())
        self._ask()

    def show_group(self, group: str) -> None:
        """Lists all runs of a group, whatever was searched and filtered before."""
        self.search.clear()
        self.wish(**{**_UNFILTERED, "group": group})

    def say(self, names: Sequence[str], how: How) -> None:
        """Changes what is said of runs."""
        self.host.background.do(
            partial(self.listing.label, names, how), lambda _: self._ask(), self.complain, lane=_LANE
        )

    def _settle(self) -> None:
        """In the workspace that is open."""
        workspace = self.host.desk().workspace
        self.listing = Listing(workspace)
        self.trash = self._trashes.setdefault(workspace.root, Trash(workspace))
        self.host.background.do(self.trash.sweep, failed=self.complain, lane=_LANE)

    def _move(self) -> None:
        """Another workspace was opened: nothing of the one before is shown any more."""
        self.side.flush()
        self.bar.hide()
        self.query = replace(self.query, **_UNFILTERED)
        self.search.clear()
        self._settle()
        self.model.take(self._nothing)
        self.reload()

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
        chosen, scrolled = [each.row.id for each in self.selected], self.table.verticalScrollBar().value()
        current = self.table.mark
        fresh = list(answer.columns) != list(self.model.answer.columns) or not self.model.answer.lines
        if self.model.take(answer):
            self.table.span(0, self.model.rowCount() - 1)
            self.table.select_runs(self._wanted or chosen, current if not self._wanted else None)
            self.table.verticalScrollBar().setValue(scrolled)
        elif self._wanted:
            self.table.select_runs(self._wanted)
        self._wanted = ()
        if fresh:
            self.table.fit(self._widths)
        self._offer(answer)
        self._tell()

    def _refused(self, error: Exception) -> None:
        self._asking = False
        self.complain(error)

    def complain(self, error: Exception) -> None:
        """Says what went wrong."""
        self.host.complain(self.bar, error)

    # ------------------------------------------------------------------ texts and choices

    def _tell(self) -> None:
        """How many there are, what can be done with the selected ones, and where the list is sorted."""
        answer, entries = self.model.answer, self.selected
        found, total, chosen = (f"{n:,}" for n in (answer.found, answer.total, len(entries)))
        said = T("{found} of {total}, {chosen} selected", found=found, total=total, chosen=chosen)
        self.count.setText(self.host.speech.say(said))
        hint = T("No run fits.") if answer.total else T("Nothing is kept yet. Start a tool: its run appears here.")
        self.table.hint = self.host.speech.say(hint) if answer is not self._nothing else ""
        self.deeds.refresh()
        self.side.show_runs(entries, answer.stock.tags)
        head = self.table.horizontalHeader()
        place = list(answer.columns).index(self.query.sort) if self.query.sort in answer.columns else -1
        order = Qt.SortOrder.DescendingOrder if self.query.descending else Qt.SortOrder.AscendingOrder
        head.setSortIndicator(place, order)

    def _offer(self, answer: Answer) -> None:
        """What there is to filter by, kept as it was chosen."""
        say, stock = self.host.speech.say, answer.stock
        for name, title, values in (
            ("tool", T("All tools"), stock.tools),
            ("group", T("All groups"), stock.groups),
            ("state", T("All states"), stock.states),
        ):
            texts = [say(T(each)) if name == "state" else each for each in values]
            _fill(self.filters[name], [("", say(title)), *zip(values, texts, strict=True)], getattr(self.query, name))
        params = [each for each in stock.offered if each.startswith("param:")]
        by = [("", say(T("Not grouped"))), *((each, self.model.title(each)) for each in [*_BY, *params])]
        _fill(self.by, by, self.query.by)

    def _word(self) -> None:
        self.model.forget()
        self._offer(self.model.answer)
        self._tell()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self.model.columnCount() - 1))
        self.table.viewport().update()

    def _colour(self) -> None:
        self.model.forget()
        self.refresh.setIcon(icon("again", self.host.theme.colours.text))
        self.table.viewport().update()

    def _choose_columns(self) -> None:
        self.chooser.offer(self.model.answer.stock.offered, self.model.answer.columns, self.model.title)
        self.chooser.pop_up(self.columns.mapToGlobal(self.columns.rect().bottomRight()))

    # ------------------------------------------------------------------ gestures

    def _activated(self, row: int) -> None:
        """Enter or a double click: a run is opened, a group folded."""
        line = self.model.line(row)
        if isinstance(line, Heading):
            self.wish(folded=self.query.folded ^ {line.key})
        else:
            self.main.open_run(line.row.id)

    def _star(self, row: int) -> None:
        line = self.model.line(row)
        if isinstance(line, Entry):
            on = not line.row.labels.star
            self.say([line.row.id], lambda before: replace(before, star=on))

    def _sort(self, section: int) -> None:
        column = self.model.answer.columns[section]
        down = not self.query.descending if column == self.query.sort else column in ("created", "star")
        self.wish(sort=column, descending=down)

    def _menu(self, place: QPoint) -> None:
        if self.selected:
            self.deeds.menu.popup(self.table.viewport().mapToGlobal(place))

    def _widen(self, column: str, width: int) -> None:
        self._widths[column] = width
        self.host.remembered.put(_WIDTHS, dict(self._widths))

    def _remembered_widths(self) -> dict[str, int]:
        found = self.host.remembered.get(_WIDTHS, {}, dict)
        return {column: width for column, width in found.items() if type(width) is int}

    def _show_details(self, on: bool) -> None:
        self.side.flush()
        self.side.setVisible(on)
        self.host.remembered.put(_DETAILS, on)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """What has happened meanwhile is listed."""
        super().showEvent(event)
        self.deeds.refresh()
        self.reload()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """What was typed is kept."""
        super().hideEvent(event)
        self.side.flush()
        self.deeds.refresh()

    def _close(self) -> None:
        self.side.flush()
        for trash in self._trashes.values():
            self.host.background.do(trash.empty, lane=_LANE)

    # ------------------------------------------------------------------ its parts

    def _fields(self) -> None:
        speech = self.host.speech
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setMinimumWidth(_LEAST)
        speech.bind(self.search, "setPlaceholderText", T("Search: words, tag:x, is:starred, head.stages=3, loss<0.1"))
        speech.bind(self.search, "setAccessibleName", T("Search runs"))
        speech.bind(self.search, "setToolTip", _HELP)
        self.filters = {name: named(Filter(), f"filter-{name}") for name in ("tool", "group", "state")}
        self.by = named(Filter(), "group-by")
        speech.bind(self.by, "setToolTip", T("Group by"))
        self.columns, self.details = named(QToolButton(), "columns"), named(QToolButton(), "details")
        speech.bind(self.columns, "setText", T("Columns"))
        speech.bind(self.details, "setText", T("Notes"))
        speech.bind(self.details, "setToolTip", T("Name, tags and note of the selected runs"))
        self.details.setCheckable(True)
        self.host.theme.dress(self.details, "switch")
        self.chooser = Columns(self, speech, self.host.theme)
        self.refresh = named(QToolButton(autoRaise=True), "refresh")
        speech.bind(self.refresh, "setToolTip", T("Read the workspace again"))
        self.count = named(Elided(), "quiet")

    def _build(self) -> None:
        title = named(QLabel(), "title")
        self.host.speech.bind(title, "setText", T("Runs"))
        head, row = QHBoxLayout(), QHBoxLayout()
        for widget in (title, self.count):
            head.addWidget(widget)
        head.addStretch(1)
        for button in (self.deeds.undo_button, *self.deeds.buttons):
            head.addWidget(button)
        row.addWidget(self.search, 1)
        for field in (*self.filters.values(), self.by, self.columns, self.details, self.refresh):
            row.addWidget(field)
        self.split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.split.addWidget(self.table)
        self.split.addWidget(self.side)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes(sizes(self.host.remembered.get(_SPLIT), [800, 220]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 6)
        layout.addLayout(head)
        layout.addLayout(row)
        layout.addWidget(self.split, 1)
        layout.addWidget(self.bar)
        self.details.setChecked(self.host.remembered.get(_DETAILS, True) is True)
        self.side.setVisible(self.details.isChecked())

    def _connect(self) -> None:
        self._typed = QTimer(self, singleShot=True, interval=_TYPED)
        self._typed.timeout.connect(lambda: self.wish(contains=self.search.text()))
        self._moved = QTimer(self, singleShot=True, interval=_SETTLED)
        self._moved.timeout.connect(lambda: self.reload() if self.isVisible() else None)
        self.search.textChanged.connect(lambda _: self._typed.start())
        for name, field in self.filters.items():
            field.activated.connect(lambda _, name=name, field=field: self.wish(**{name: field.currentData()}))
        self.by.activated.connect(lambda _: self.wish(by=self.by.currentData(), folded=frozenset()))
        self.columns.clicked.connect(self._choose_columns)
        self.chooser.chosen.connect(lambda columns: self.wish(columns=columns))
        self.details.toggled.connect(self._show_details)
        self.refresh.clicked.connect(lambda _: self.reload())
        self.split.splitterMoved.connect(lambda *_: self.host.remembered.put(_SPLIT, self.split.sizes()))
        self._connect_table()
        self.host.speech.changed.connect(self._word)
        self.host.workspace_changed.connect(self._move)
        self.host.theme.changed.connect(self._colour)
        if self.host.jobs is not None:
            self.host.jobs.changed.connect(self._moved.start)
        self.main.closed.connect(self._close)
        self._colour()

    def _connect_table(self) -> None:
        self.table.opened.connect(self._activated)
        self.table.copied.connect(self.deeds.copy_id)
        self.table.undone.connect(self.deeds.actions["undo"].trigger)
        self.table.starred.connect(self._star)
        self.table.widened.connect(self._widen)
        self.side.said.connect(self.say)
        self.table.customContextMenuRequested.connect(self._menu)
        self.table.horizontalHeader().sectionClicked.connect(self._sort)
        chosen = self.table.selectionModel().selectionChanged
        for signal in (chosen, self.model.modelReset, self.model.dataChanged):
            signal.connect(self._forget_selected)
        chosen.connect(lambda *_: self._tell())
        self.model.rowsInserted.connect(lambda _, first, last: self.table.span(first, last))


_HELP = T(
    "Words are looked for everywhere; quotes keep spaces.\n"
    "tag:x, is:starred, is:noted, is:done, tool:x, note:x, day>=2026-01-31\n"
    "head.stages=3, stages=3, data=ring*, seed!=0, loss<0.1\n"
    "-x: what is not so"
)


def _answer(listing: Listing, query: Query, stale: bool) -> Answer:
    if stale:
        listing.refresh()
    return listing.answer(query)


def _fill(field: QComboBox, values: Sequence[tuple[str, str]], chosen: str) -> None:
    """Unless it has these values already: it may be open. What is chosen stands there even if no run has it now."""
    offered = [*values, *([] if chosen in dict(values) else [(chosen, chosen.partition(":")[2] or chosen)])]
    if [(field.itemData(i), field.itemText(i)) for i in range(field.count())] != offered:
        field.clear()
        for value, text in offered:
            field.addItem(text, value)
    field.setCurrentIndex(max(0, field.findData(chosen)))
