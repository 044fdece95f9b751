"""Rows of a file, a page at a time: queried in a thread of its own, of which the window holds a few pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

from workbench.ui.panels.rows import Gather, Index, TableModel

PAGE = 64
_KEPT = 40
"""Pages that stay in memory."""
_WAITED_FOR = 3
"""Pages that may be waited for at once."""
_MANY = 10_000
"""Rows that are read at once where all are wanted."""
_SOON = 500
"""Milliseconds between two readings of a file that grows."""
WAITING = "…"
Rows = Sequence[Sequence[Any]]


class Table(Protocol):
    """A table that can be asked for pages; `workbench.runs.tables` opens files as such."""

    @property
    def columns(self) -> Sequence[Any]:
        """Its columns, each with a name."""

    def count(self, contains: str = "") -> int:
        """The number of rows, or of those in which some cell contains the text."""

    def page(self, offset: int, n: int, sort: str = "", descending: bool = False, contains: str = "") -> Rows:
        """Some rows from `offset` on."""

    def refresh(self) -> bool:
        """Reads what the job has written since."""

    def interrupt(self) -> None:
        """Ends the query that runs; from any thread."""

    def close(self) -> None:
        """Forgets everything."""


Open = Callable[[Path | None, str], Table]


def open_table(folder: Path | None, path: str) -> Table:
    """A file of a run as a table. Called in the thread: the module brings a database, which only tables need."""
    where = Path(path) if folder is None else import_module("workbench.runs.tablefiles").located(folder, {"path": path})
    found: Table = import_module("workbench.runs.tables").Table.open(where)
    return found


def _interrupt(tables: Sequence[Table]) -> None:
    for table in tables:
        table.interrupt()


class _Answers(QObject):
    """What comes back to the window's thread; each answer carries the generation that asked."""

    began = Signal(int, object, object)
    counted = Signal(int, int)
    came = Signal(int, int, object)
    failed = Signal(int, object)


class Query(QRunnable):
    """What is asked in another thread."""

    def __init__(self, ask: Callable[[], None]) -> None:
        super().__init__()
        self._ask = ask

    def run(self) -> None:
        """The thread."""
        self._ask()


class PagesModel(TableModel):
    """Rows of a file. open: how folder and path become a table (called in the thread)."""

    failed = Signal(object)
    """An exception: a UserError where the file is to blame."""
    mended = Signal()
    """The file is read, after it could not be."""

    def __init__(self, folder: Path | None, path: str, open: Open = open_table) -> None:
        super().__init__()
        self.folder, self.path, self._open = folder, path, open
        self.error: Exception | None = None
        self._tables: list[Table] = []
        self._count = 0
        self._generation = 0
        self._began_with = -1
        self._pages: OrderedDict[int, Rows] = OrderedDict()
        self._asked: set[int] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)  # a table is asked from one thread only
        self._answers = _Answers(self)
        self._answers.began.connect(self._began)
        self._answers.counted.connect(self._counted)
        self._answers.came.connect(self._came)
        self._answers.failed.connect(self._failed)
        self._arranged: Any = None
        self._grown = False
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._ask)
        tables = self._tables
        self.destroyed.connect(lambda: _interrupt(tables))
        self._ask()

    # ------------------------------------------------------------------ asking

    def arrange(self) -> None:
        """Sorting or filter are others; what was asked before is not waited for."""
        self._ask()

    def reload(self) -> None:
        """The job has written more: it is read soon, not at every frame."""
        self._grown = True
        if not self._soon.isActive():
            self._soon.start()

    def _ask(self) -> None:
        self._generation += 1
        self._pool.clear()
        self._asked.clear()
        _interrupt(self._tables)
        self._later(self._begin)

    def _later(self, query: Callable[[int], object]) -> None:
        generation, answers = self._generation, self._answers

        def ask() -> None:
            try:
                query(generation)
            except Exception as error:  # noqa: BLE001 (whatever a file holds: the panel says it)
                answers.failed.emit(generation, error)

        self._pool.start(Query(ask))

    def _begin(self, generation: int) -> None:
        """The first page, and then how many rows there are: counting a filter's matches takes longer."""
        if not self._tables:
            self._tables.append(self._open(self.folder, self.path))
        table = self._tables[0]
        if self._grown:
            self._grown = False
            table.refresh()
        names = [str(column.name) for column in table.columns]
        first = self._fetch(0, names)
        self._answers.began.emit(generation, names, first)
        count = len(first) if len(first) < PAGE else table.count(self.contains)
        self._answers.counted.emit(generation, count)

    def _fetch(self, page: int, names: Sequence[str]) -> Rows:
        return self._tables[0].page(page * PAGE, PAGE, *_sorted_by(names, self.sorting), self.contains)

    def _ask_page(self, page: int) -> None:
        if self._began_with == self._generation and len(self._asked) > len(self._pages) + _WAITED_FOR:
            self._pool.clear()  # scrolled past: what is visible now comes first
            self._asked = set(self._pages)
        if page not in self._asked:
            self._asked.add(page)
            names = list(self.columns)
            self._later(lambda generation: self._answers.came.emit(generation, page, self._fetch(page, names)))

    def gather(self, first: int = 0) -> Gather:
        """See `TableModel.gather`: the file is read anew."""
        opened, sorting, contains = partial(self._open, self.folder, self.path), self.sorting, self.contains
        return lambda: _whole(opened(), sorting, contains, first)

    # ------------------------------------------------------------------ answers

    @Slot(int, object, object)
    def _began(self, generation: int, names: Any, first: Any) -> None:
        if generation != self._generation:
            return
        self._began_with, failed, self.error = generation, self.error, None
        self._show(names, first)
        if failed is not None:
            self.mended.emit()

    def _show(self, names: list[str], first: Rows) -> None:
        arranged = (names, self.sorting, self.contains)
        pages, asked = OrderedDict({0: first}), {0}
        if arranged == self._arranged:  # only the file has grown: the view stays where it is
            self._pages, self._asked = pages, asked
            self._told(0, self._count - 1)
            return
        self.beginResetModel()
        self._arranged, self.columns, self._count = arranged, names, len(first)
        self._pages, self._asked = pages, asked
        self.endResetModel()

    @Slot(int, int)
    def _counted(self, generation: int, count: int) -> None:
        if generation == self._generation and count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif generation == self._generation and count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    @Slot(int, int, object)
    def _came(self, generation: int, page: int, rows: Any) -> None:
        if generation != self._generation or not self.columns:
            return
        self._pages[page] = rows
        while len(self._pages) > _KEPT:
            gone, _ = self._pages.popitem(last=False)
            self._asked.discard(gone)
        self._told(page * PAGE, min((page + 1) * PAGE, self._count) - 1)

    def _told(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    @Slot(int, object)
    def _failed(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self.error = error
            self.failed.emit(error)

    # ------------------------------------------------------------------ model

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 (a value, never changed)
        """The rows that pass the filter."""
        return 0 if parent.isValid() else self._count

    def cell(self, row: int, column: int) -> Any:
        """A value; its page is asked for when it is not here."""
        page, place = divmod(row, PAGE)
        found = self._pages.get(page)
        if found is None:
            self._ask_page(page)
            return WAITING
        self._pages.move_to_end(page)
        return found[place][column] if place < len(found) else None

    def match(self, *_: Any) -> list[QModelIndex]:
        """Nothing: letters that are pressed would be sought through the whole file. The filter does that."""
        return []


def _sorted_by(names: Sequence[str], sorting: tuple[int, bool] | None) -> tuple[str, bool]:
    """The name of the column, "" for none: a file that was written anew may have fewer; and whether it descends."""
    column, descending = sorting or (-1, False)
    return names[column] if 0 <= column < len(names) else "", descending


def _whole(
    table: Table, sorting: tuple[int, bool] | None, contains: str, first: int
) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """All of a table from a row on; it is closed after its last one."""
    names = [str(column.name) for column in table.columns]
    sort, descending = _sorted_by(names, sorting)

    def rows() -> Iterator[Sequence[Any]]:
        try:
            at = first
            while page := table.page(at, _MANY, sort, descending, contains):
                yield from page
                at += len(page)
        finally:
            table.close()

    return names, rows()
