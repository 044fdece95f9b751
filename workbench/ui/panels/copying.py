"""Chosen cells of a table as text on the clipboard; rows of a file are read in another thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event
from typing import NamedTuple

from PySide6.QtCore import QItemSelection, QObject, QThreadPool, Signal, Slot
from PySide6.QtGui import QGuiApplication

from workbench.errors import UserError
from workbench.texts import T, Text
from workbench.ui.panels.pages import PagesModel, Query
from workbench.ui.panels.rows import Gather, TableModel, seen

MOST = 100_000
"""Rows that are copied: more is for a file, not for a clipboard."""


class Block(NamedTuple):
    """Cells that lie together: rows and columns, the last ones included."""

    top: int
    bottom: int
    left: int
    right: int


class _Answers(QObject):
    came = Signal(object, object, object)
    """Whether another was asked for meanwhile, the lines or an exception, how many rows were chosen."""


class Copying(QObject):
    """One for each table; of several times the last one counts."""

    said = Signal(object, object)
    """What did not go as expected, and what to do."""

    def __init__(self, view: QObject) -> None:
        super().__init__(view)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._answers = _Answers(self)
        self._answers.came.connect(self._came)
        self._over = Event()

    def copy(self, model: TableModel, selection: QItemSelection) -> None:
        """Puts the chosen cells on the clipboard, now or once they are read."""
        blocks = [Block(each.top(), each.bottom(), each.left(), each.right()) for each in selection.toList()]
        if not blocks:
            return
        self._over.set()
        over = self._over = Event()
        self.destroyed.connect(over.set)  # its thread is waited for
        work = partial(_lines, model.gather(min(each.top for each in blocks)), blocks, over)
        if isinstance(model, PagesModel):
            self._pool.start(Query(partial(_answered, self._answers, work, over, count(blocks))))
        else:
            self._came(over, work(), count(blocks))

    @Slot(object, object, object)
    def _came(self, over: Event, found: list[str] | Exception, chosen: int) -> None:
        if over.is_set():
            return
        if isinstance(found, Exception):
            self.said.emit(*_sentence(found))
            return
        QGuiApplication.clipboard().setText("\n".join(found))
        if len(found) < chosen:
            text = T("Of {chosen} rows the first {n} were copied.", chosen=f"{chosen:,}", n=f"{len(found):,}")
            self.said.emit(text, T("Export the table as CSV: that has all of it."))


def count(blocks: Sequence[Block]) -> int:
    """How many rows they have together."""
    rows, end = 0, -1
    for top, bottom in sorted((each.top, each.bottom) for each in blocks):
        rows += max(bottom - max(top, end + 1) + 1, 0)
        end = max(end, bottom)
    return rows


def _answered(answers: _Answers, work: partial[list[str]], over: Event, chosen: int) -> None:
    try:
        answers.came.emit(over, work(), chosen)
    except Exception as error:  # noqa: BLE001 - whatever a file holds: it is said
        answers.came.emit(over, error, chosen)


def _lines(gather: Gather, blocks: Sequence[Block], over: Event) -> list[str]:
    """The cells of the chosen rows, tabs between them; `gather` begins with the first of these rows."""
    found: list[str] = []
    for line in _chosen(gather, blocks):
        if over.is_set() or len(found) == MOST:
            break
        found.append(line)
    return found


def _chosen(gather: Gather, blocks: Sequence[Block]) -> Iterator[str]:
    top, bottom = min(each.top for each in blocks), max(each.bottom for each in blocks)
    for at, row in zip(range(top, bottom + 1), gather()[1], strict=False):
        here = [each for each in blocks if each.top <= at <= each.bottom]
        columns = sorted({column for each in here for column in range(each.left, each.right + 1)})
        if columns:
            yield "\t".join(seen(row[column]) for column in columns)


def _sentence(error: Exception) -> tuple[Text, Text]:
    if isinstance(error, UserError):
        return error.text, error.remedy
    return T("The cells cannot be copied: {why}.", why=f"{type(error).__name__}: {error}"), Text("")
