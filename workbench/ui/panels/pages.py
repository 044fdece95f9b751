"""Rows of a file, a page at a time: queried in a thread of its own, of which the window holds a few pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QObject, QRunnable, QThreadPool, Signal, Slot

from workbench.ui.panels.rows import Index, TableModel

PAGE = 64
_KEPT = 40
"""Pages that stay in memory."""
WAITING = "…"


class Table(Protocol):
    """A table that can be asked for pages; `workbench.runs.tables` opens files as such."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of its columns."""

    def count(self, contains: str = "") -> int:
        """The number of rows, or of those in which some cell contains the text."""

    def page(self, offset: int, n: int, sort: str | None, descending: bool, contains: str) -> Sequence[Sequence[Any]]:
        """Some rows from `offset` on."""


def open_table(path: str) -> Table:
    """The file as a table. The module is named by string: it brings a database along, which only tables need."""
    found: Table = import_module("workbench.runs.tables").Table.open(path)
    return found


class _Answers(QObject):
    """Signals live in the window's thread; what answers does not."""

    counted = Signal(int, object, int)
    came = Signal(int, int, object)
    failed = Signal(int, str)


class _Query(QRunnable):
    def __init__(self, ask: Callable[[], None]) -> None:
        super().__init__()
        self._ask = ask

    def run(self) -> None:
        self._ask()


class PagesModel(TableModel):
    """Rows of a file. open: how a path becomes a table (called in the thread)."""

    failed = Signal(str)

    def __init__(self, path: str, open: Callable[[str], Table] = open_table) -> None:
        super().__init__()
        self.path = path
        self._open = open
        self._table: Table | None = None
        self._count = 0
        self._generation = 0
        self._pages: OrderedDict[int, Sequence[Sequence[Any]]] = OrderedDict()
        self._asked: set[int] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._answers = _Answers(self)
        self._answers.counted.connect(self._counted)
        self._answers.came.connect(self._came)
        self._answers.failed.connect(self._failed)
        self.arrange()

    # ------------------------------------------------------------------ asking

    def arrange(self) -> None:
        """Counts anew; what was asked before is not waited for."""
        self._generation += 1
        self._pool.clear()
        self._asked.clear()
        self._later(self._count_rows)

    def _later(self, query: Callable[[int], None]) -> None:
        generation = self._generation

        def ask() -> None:
            if generation != self._generation:
                return
            try:
                query(generation)
            except Exception as error:  # noqa: BLE001 (whatever a file holds: the panel says it)
                self._answers.failed.emit(generation, f"{type(error).__name__}: {error}")

        self._pool.start(_Query(ask))

    def _count_rows(self, generation: int) -> None:
        self._table = self._table or self._open(self.path)
        first = self._fetch(0)
        count = self._table.count(self.contains)
        self._answers.counted.emit(generation, (list(self._table.columns), first), count)

    def _fetch(self, page: int) -> Sequence[Sequence[Any]]:
        if self._table is None:
            return ()
        column, descending = self.sorting or (-1, False)
        sort = self.columns[column] if 0 <= column < len(self.columns) else None
        return self._table.page(page * PAGE, PAGE, sort, descending, self.contains)

    def _ask_page(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self._later(lambda generation: self._answers.came.emit(generation, page, self._fetch(page)))

    # ------------------------------------------------------------------ answers

    @Slot(int, object, int)
    def _counted(self, generation: int, first: Any, count: int) -> None:
        if generation == self._generation:
            self.beginResetModel()
            (self.columns, page), self._count = first, count
            self._pages = OrderedDict({0: page})
            self._asked = {0}
            self.endResetModel()

    @Slot(int, int, object)
    def _came(self, generation: int, page: int, rows: Any) -> None:
        if generation != self._generation or not self.columns:
            return
        self._pages[page] = rows
        while len(self._pages) > _KEPT:
            gone, _ = self._pages.popitem(last=False)
            self._asked.discard(gone)
        last = min((page + 1) * PAGE, self._count) - 1
        self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(self.columns) - 1))

    @Slot(int, str)
    def _failed(self, generation: int, text: str) -> None:
        if generation == self._generation:
            self.failed.emit(text)

    # ------------------------------------------------------------------ model

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
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
