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

    def gather(self) -> Gather:
        """All rows that pass the filter, in their order, as they are now."""
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
    """Rows of an event. When only values change, only values are told: scrolling and selection stay."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Row] = ()
        self._order: list[int] = []

    def take(self, rows: Sequence[Row]) -> None:
        """The newest rows."""
        columns = list(dict.fromkeys(name for row in rows for name in row))
        before = self._rows
        self._rows = rows
        order = self._arranged(columns)
        if columns == self.columns and len(order) == len(self._order) and len(before) == len(rows):
            changed = [k for k, name in enumerate(columns) if not _alike(name, self._order, before, order, rows)]
            self._order = order
            if changed and order:
                self.dataChanged.emit(self.index(0, changed[0]), self.index(len(order) - 1, changed[-1]))
            return
        self.beginResetModel()
        self.columns, self._order = columns, order
        self.endResetModel()

    def arrange(self) -> None:
        """Sorts and filters."""
        self.layoutAboutToBeChanged.emit()
        self._order = self._arranged(self.columns)
        self.layoutChanged.emit()

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

    def gather(self) -> Gather:
        """See `TableModel.gather`."""
        columns, rows, order = list(self.columns), self._rows, list(self._order)
        return lambda: (columns, ([rows[k].get(name) for name in columns] for k in order))

    def original(self, row: int) -> int:
        """Where the job gave it."""
        return self._order[row]


def _alike(
    name: str, order: Sequence[int], before: Sequence[Row], new_order: Sequence[int], rows: Sequence[Row]
) -> bool:
    """Whether a column shows the same as before."""
    return all(before[a].get(name) == rows[b].get(name) for a, b in zip(order, new_order, strict=True))


def _key(value: Any) -> tuple[int, Any]:
    if value is None or value != value:  # noqa: PLR0124 (not a number)
        return 2, 0
    return (0, value) if isinstance(value, int | float) else (1, str(value))
