"""The lines of the list as a table: a thousand rows at once, more when one scrolls to them."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.runs.search import METRIC, PARAM, Entry, value
from workbench.statistics import numeral
from workbench.texts import T, Text
from workbench.ui.pages.runs.listing import Answer, Heading, Line
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

BATCH = 1000
HEADS = {
    "star": "★", "id": T("Run"), "tool": T("Tool"), "state": T("State"), "created": T("Begun"),
    "seconds": T("Duration"), "group": T("Group"), "tags": T("Tags"), "note": T("Note"), "preset": T("Preset"),
    "day": T("Day"),
}  # fmt: skip
GOLD = "#d9982b"
Place = QModelIndex | QPersistentModelIndex
Mark = tuple[str, str]
Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()
_ROLES = frozenset({int(Role.DisplayRole), int(Role.ToolTipRole), int(Role.AccessibleTextRole)})
_OF_HEADING = Qt.ItemFlag.ItemIsEnabled
_OF_RUN = _OF_HEADING | Qt.ItemFlag.ItemIsSelectable
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
LEFT, RIGHT = _MIDDLE | Qt.AlignmentFlag.AlignLeft, _MIDDLE | Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(slots=True)
class Cell:
    """What a cell shows: a text, or tags. colour: "" for the theme's.
    laid: the text as it was drawn last, where it began, and the room that it had.
    """

    text: str
    align: Qt.AlignmentFlag = LEFT
    colour: str = ""
    bold: bool = False
    tags: tuple[str, ...] = ()
    laid: tuple[str, int, int] | None = None


class RunsModel(QAbstractTableModel):
    """Shows an `Answer`."""

    def __init__(self, speech: Speech, theme: Theme) -> None:
        super().__init__()
        self._speech, self._theme = speech, theme
        self.answer = Answer()
        self._shown = 0
        self._cells: dict[tuple[int, int], Cell] = {}

    def take(self, answer: Answer) -> bool:
        """Shows other lines; whether they are others: of the same runs in the same order only the cells change."""
        self.forget()
        if _shape(answer) == _shape(self.answer):
            self.answer = answer
            if self._shown:
                self.dataChanged.emit(self.index(0, 0), self.index(self._shown - 1, self.columnCount() - 1))
            return False
        self.beginResetModel()
        self.answer = answer
        self._shown = min(max(BATCH, self._shown), len(answer.lines))
        self.endResetModel()
        return True

    def line(self, row: int) -> Line:
        """What stands in a row."""
        return self.answer.lines[row]

    def is_run(self, row: int) -> bool:
        """Whether a run stands in a row, not a heading."""
        return isinstance(self.line(row), Entry)

    def headings(self, first: int, last: int) -> list[int]:
        """The rows between these, both included, in which headings stand."""
        return [row for row in range(first, last + 1) if not self.is_run(row)] if self.answer.grouped else []

    def mark(self, row: int) -> Mark:
        """What a line is known by when the list has become another one."""
        return _mark(self.line(row))

    def rows_marked(self, mark: Mark | None) -> list[int]:
        """The rows, among those asked for so far, that are known by it: one or none."""
        lines = self.answer.lines[: self._shown] if mark else ()
        return [row for row, line in enumerate(lines) if _mark(line) == mark]

    def rows_of(self, names: Collection[str]) -> list[int]:
        """The rows, among those asked for so far, in which these runs stand."""
        wanted = set(names)
        lines = self.answer.lines[: self._shown] if wanted else ()
        return [row for row, line in enumerate(lines) if isinstance(line, Entry) and line.row.id in wanted]

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
        return _OF_HEADING if isinstance(self.line(index.row()), Heading) else _OF_RUN

    def data(self, index: Place, role: int = Role.DisplayRole) -> Any:
        """The cells, as texts; `Cells` draws them."""
        if role not in _ROLES:
            return None
        line, column = self.line(index.row()), self.answer.columns[index.column()]
        if role == Role.ToolTipRole:
            return self._tip(line, column) if isinstance(line, Entry) else None
        return self.cell(index.row(), index.column()).text

    def cell(self, row: int, place: int) -> Cell:
        """What stands in a cell and how."""
        found = self._cells.get((row, place))
        if found is None:
            line, column = self.line(row), self.answer.columns[place]
            found = self._made(line, column) if isinstance(line, Entry) else self._heading(line, place)
            self._cells[row, place] = found
        return found

    def forget(self) -> None:
        """The cells are made anew: the language or the theme is another one."""
        self._cells.clear()

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

    def _heading(self, line: Heading, place: int) -> Cell:
        if place:
            return Cell("")
        name = self._speech.say(T(line.key)) if line.column == "state" else line.key
        name = name if line.key not in ("", "null") else self._speech.say(T("none"))
        return Cell(f"{'▸' if line.folded else '▾'}  {name}  ({line.count:,})", bold=True)

    def _made(self, entry: Entry, column: str) -> Cell:
        text = self._cell(entry, column)
        if column == "star":
            return Cell(text, CENTRE, GOLD if entry.row.labels.star else self._theme.colours.line)
        if column == "tags":
            return Cell(text, tags=entry.row.labels.tags)
        found = value(entry, column)
        number = isinstance(found, int | float) and not isinstance(found, bool) and column != "created"
        return Cell(text, RIGHT if number else LEFT)

    def _cell(self, entry: Entry, column: str) -> str:
        found = value(entry, column)
        match column:
            case "star":
                return "★" if found else "☆"
            case "id":
                return entry.row.labels.title or str(found)
            case "state":
                return self._speech.say(str(found))
            case "created":
                return time.strftime("%Y-%m-%d %H:%M", time.localtime(found))
            case "seconds":
                return duration(found)
            case "note":
                return " ".join(str(found)[:200].split())
        return shown(found)

    def _tip(self, entry: Entry, column: str) -> str | None:
        row = entry.row
        if column == "state" and row.error:
            parts = (Text.from_json(row.error[name]) for name in ("text", "remedy"))
            return " ".join(map(self._speech.say, parts))
        if column in ("id", "note"):
            return "\n".join(filter(None, (row.labels.title, row.id, row.labels.note)))
        if column == "star":
            return self._speech.say(T("Click to mark the run with a star, or to take it away"))
        return self._cell(entry, column) or None


def _mark(line: Line) -> Mark:
    return ("group", line.key) if isinstance(line, Heading) else ("run", line.row.id)


def _shape(answer: Answer) -> tuple[list[str], list[Any]]:
    """What cannot change without the table becoming another one."""
    return list(answer.columns), [each if isinstance(each, Heading) else each.row.id for each in answer.lines]


def shown(found: Any) -> str:
    """A value as a cell shows it: lists and objects as they are typed, in JSON."""
    if found is None:
        return ""
    if isinstance(found, float):
        return numeral(found, 5)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def duration(seconds: float) -> str:
    """2.5 s, 3:05, 1:02:03."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
