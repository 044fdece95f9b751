"""The lines of the list as a table: a thousand rows at once, more when one scrolls to them."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from workbench.texts import T, Text
from workbench.ui.pages.runs.listing import METRIC, PARAM, Answer, Entry, Heading, Line, value
from workbench.ui.speech import Speech

BATCH = 1000
HEADS = {"id": T("Run"), "tool": T("Tool"), "state": T("State"), "created": T("Begun"), "seconds": T("Duration"),
         "group": T("Group")}  # fmt: skip
Place = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class RunsModel(QAbstractTableModel):
    """Shows an `Answer`."""

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech
        self.answer = Answer()
        self._shown = 0

    def take(self, answer: Answer) -> None:
        """Shows other lines."""
        self.beginResetModel()
        self.answer = answer
        self._shown = min(BATCH, len(answer.lines))
        self.endResetModel()

    def line(self, row: int) -> Line:
        """What stands in a row."""
        return self.answer.lines[row]

    def rowCount(self, parent: Place = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """The rows that have been asked for so far."""
        return 0 if parent.isValid() else self._shown

    def columnCount(self, parent: Place = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """The columns."""
        return 0 if parent.isValid() else len(self.answer.columns)

    def canFetchMore(self, parent: Place) -> bool:  # noqa: N802 - Qt's name
        """Whether there are more rows."""
        return not parent.isValid() and self._shown < len(self.answer.lines)

    def fetchMore(self, parent: Place) -> None:  # noqa: N802 - Qt's name
        """The next thousand."""
        if not self.canFetchMore(parent):
            return
        more = min(BATCH, len(self.answer.lines) - self._shown)
        self.beginInsertRows(QModelIndex(), self._shown, self._shown + more - 1)
        self._shown += more
        self.endInsertRows()

    def flags(self, index: Place) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        if isinstance(self.line(index.row()), Heading):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Place, role: int = Role.DisplayRole) -> Any:
        """The cells."""
        line, column = self.line(index.row()), self.answer.columns[index.column()]
        if isinstance(line, Heading):
            return self._heading(line, index.column(), role)
        if role == Role.DisplayRole:
            return self._cell(line, column)
        if role == Role.ToolTipRole:
            return self._tip(line, column)
        if role == Role.TextAlignmentRole and isinstance(value(line, column), int | float) and column != "created":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """The names of the columns."""
        if way == Qt.Orientation.Horizontal and role in (Role.DisplayRole, Role.ToolTipRole):
            return self.title(self.answer.columns[section])
        return None

    def title(self, column: str) -> str:
        """What a column is called."""
        if column in HEADS:
            return self._speech.say(HEADS[column])
        return column.removeprefix(PARAM).removeprefix(METRIC)

    def _heading(self, line: Heading, column: int, role: int) -> Any:
        if role == Role.DisplayRole and column == 0:
            name = line.key if line.key not in ("", "null") else self._speech.say(T("none"))
            return f"{'▸' if line.folded else '▾'}  {name}  ({line.count:,})"
        if role == Role.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _cell(self, entry: Entry, column: str) -> str:
        found = value(entry, column)
        if column == "state":
            state = str(found)
            return self._speech.say(T(state))
        if column == "created":
            return time.strftime("%Y-%m-%d %H:%M", time.localtime(found))
        if column == "seconds":
            return duration(found)
        return shown(found)

    def _tip(self, entry: Entry, column: str) -> str | None:
        error = entry.row.error
        if column == "state" and error:
            parts = (Text.from_json(error[name]) for name in ("text", "remedy"))
            return " ".join(map(self._speech.say, parts))
        return self._cell(entry, column) or None


def shown(found: Any) -> str:
    """A value as a cell shows it."""
    if found is None:
        return ""
    return f"{found:.5g}" if isinstance(found, float) else str(found)


def duration(seconds: float) -> str:
    """2.5 s, 3:05, 1:02:03."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
