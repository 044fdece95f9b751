"""A table's rows as a model of Qt's: those of an event, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.statistics import numeral
from workbench.texts import BREAKS

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_TEXT, _ALIGNMENT = int(_ROLE.DisplayRole), int(_ROLE.TextAlignmentRole)
_LEFT = int((Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter).value)
_RIGHT = int((Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value)
"""As numbers: a view asks seven times per cell, and an enumeration's operators are slow."""
Row = Mapping[str, Any]
Gather = Callable[[], tuple[Sequence[str], Iterable[Sequence[Any]]]]
"""Gives columns and rows; any thread may call it, and long after."""


def shown(value: Any) -> str:
    """A value as a cell shows it."""
    if value is None:
        return ""
    return numeral(value) if isinstance(value, float) else str(value)


def seen(value: Any) -> str:
    """The same; blanks, which nobody would see, as signs."""
    text = shown(value)
    return "".join(BREAKS.get(each, "␣") for each in text.replace("\r\n", "\n")) if text.isspace() else text


class TableModel(QAbstractTableModel):
    """What both models share: columns, and how cells look. Subclasses give `cell` and the number of rows."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[str] = []
        self.right: frozenset[str] = frozenset()
        """Columns whose texts stand at the right."""
        self.say: Callable[[str], str] = str
        """Speaks the names of columns that its catalogue holds."""
        self.sorting: tuple[int, bool] | None = None
        self.contains = ""

    def cell(self, row: int, column: int) -> Any:
        """A value; None for nothing, "…" for what is not there yet."""
        raise NotImplementedError

    def gather(self, first: int = 0) -> Gather:
        """All rows that pass the filter from one of them on, in their order, as they are now."""
        raise NotImplementedError

    def original(self, row: int) -> int:
        """The place of a row in what the job reported, whatever the sorting."""
        return row

    def arrange(self) -> None:
        """Sorting or filter were changed."""

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """The columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _TEXT) -> Any:  # noqa: N802
        """Names of columns, numbers of rows."""
        if role != _TEXT:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        return self.say(self.columns[section]) if section < len(self.columns) else None

    def data(self, index: Index, role: int = _TEXT) -> Any:
        """A cell's text, and numbers to the right."""
        if role == _TEXT:
            return seen(self.cell(index.row(), index.column()))
        if role == _ALIGNMENT:
            return _RIGHT if self.is_right(index.column(), self.cell(index.row(), index.column())) else _LEFT
        return None

    def is_right(self, column: int, value: Any) -> bool:
        """Whether a value of a column stands at the right: numbers do."""
        return isinstance(value, int | float) or self.columns[column] in self.right

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by none (-1) in the order in which the job gave the rows."""
        self.sorting = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self.arrange()

    def filter(self, contains: str) -> None:
        """Only rows in which some cell contains this."""
        if contains != self.contains:
            self.contains = contains
            self.arrange()


class RowsModel(TableModel):
    """Rows of an event. The k-th of the newest is the k-th of those before: scrolling stays, selection goes with it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Row] = ()
        self._order: list[int] = []

    def take(self, rows: Sequence[Row]) -> None:
        """The newest rows."""
        columns = list(dict.fromkeys(name for row in rows for name in row))
        before, self._rows = self._rows, rows
        order = self._arranged(columns)
        if columns != self.columns:
            self.beginResetModel()
            self.columns, self._order = columns, order
            self.endResetModel()
        elif order != self._order:
            self._lay(order)
        else:
            self._tell_changes(before)

    def arrange(self) -> None:
        """Sorts and filters."""
        self._lay(self._arranged(self.columns))

    def _lay(self, order: list[int]) -> None:
        """Rows lie in another order. What is chosen goes with its row; Qt knows of it by place."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        rows = [self._order[each.row()] for each in held]
        self._order = order
        places = {k: place for place, k in enumerate(order)} if held else {}
        moved = [self.index(places.get(k, -1), each.column()) for k, each in zip(rows, held, strict=True)]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tell_changes(self, before: Sequence[Row]) -> None:
        """Rows lie where they lay: only columns that differ are told."""
        pairs = [(before[k], self._rows[k]) for k in self._order]
        changed = [k for k, name in enumerate(self.columns) if any(a.get(name) != b.get(name) for a, b in pairs)]
        if changed:
            self.dataChanged.emit(self.index(0, changed[0]), self.index(len(pairs) - 1, changed[-1]))

    def _arranged(self, columns: Sequence[str]) -> list[int]:
        wanted = self.contains.casefold()
        order = [
            k
            for k, row in enumerate(self._rows)
            if not wanted or any(wanted in shown(value).casefold() for value in row.values())
        ]
        if self.sorting and self.sorting[0] < len(columns):
            column, descending = columns[self.sorting[0]], self.sorting[1]
            order.sort(key=lambda k: _key(self._rows[k].get(column)), reverse=descending)
        return order

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """The rows that pass the filter."""
        return 0 if parent.isValid() else len(self._order)

    def cell(self, row: int, column: int) -> Any:
        """A value."""
        return self._rows[self._order[row]].get(self.columns[column])

    def gather(self, first: int = 0) -> Gather:
        """See `TableModel.gather`."""
        columns, rows, order = list(self.columns), self._rows, self._order[first:]
        return lambda: (columns, ([rows[k].get(name) for name in columns] for k in order))

    def original(self, row: int) -> int:
        """Where the job gave it."""
        return self._order[row]

    def place(self, row: Any) -> int | None:
        """The reverse; of a text, where the first row lies whose first cell shows it."""
        if not isinstance(row, str):
            return next((place for place, k in enumerate(self._order) if k == row), None)
        rows, name = self._rows, self.columns[0] if self.columns else ""
        return next((place for place, k in enumerate(self._order) if shown(rows[k].get(name)) == row), None)


def _key(value: Any) -> tuple[int, Any]:
    if value is None or value != value:  # noqa: PLR0124 (not a number)
        return 2, 0
    return (0, value) if isinstance(value, int | float) else (1, str(value))
