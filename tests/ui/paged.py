"""Tables of files whose rows are long in coming."""

from __future__ import annotations

import threading
from typing import Any

from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.tool import Lead
from workbench.ui.panels.pages import PagesModel
from workbench.ui.panels.table import Sheet


class Column:
    def __init__(self, name: str) -> None:
        self.name = name


class Slow:
    """A table of numbers that notes who asks for what."""

    def __init__(self, count: int) -> None:
        self.columns = [Column("n"), Column("square")]
        self._count = count
        self.threads: set[int] = set()
        self.asked: list[tuple[int, int]] = []

    def _found(self, contains: str) -> list[int]:
        return [k for k in range(self._count) if contains in str(k)]

    def count(self, contains: str = "") -> int:
        self.threads.add(threading.get_ident())
        return len(self._found(contains))

    def page(self, offset: int, n: int, sort: str = "", descending: bool = False, contains: str = "") -> Any:
        self.threads.add(threading.get_ident())
        self.asked.append((offset, n))
        found = self._found(contains)
        found = found[::-1] if sort and descending else found
        return [(k, k * k) for k in found[offset : offset + n]]

    def refresh(self) -> bool:
        return False

    def interrupt(self) -> None:
        """Nothing is under way."""

    def close(self) -> None:
        """Nothing is held."""


def pages_of(qtbot: QtBot) -> Sheet:
    """A file of 200 000 numbers, of which the first page was read."""
    one = Sheet(str, [Lead("look-up", "Look up", "n")])
    qtbot.addWidget(one)
    one.resize(400, 300)
    one.show()
    one._use(PagesModel(None, "x", lambda *_: Slow(200_000)))
    one.show_run(Fake())
    qtbot.waitUntil(lambda: one.model.rowCount() == 200_000)
    one.view.setFocus()
    one.view.selectRow(3)
    return one
