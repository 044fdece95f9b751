"""The loop, by real clicks: count, click a word, see its contexts, cut it otherwise, count again, compare."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from looked import corpus
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from tests.ui.frame import Person, sitting
from workbench import settings
from workbench.settings import Places, Settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # no screen is needed
WORD = "新闻联播网站"


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    """Before a window with the built-in tools, but those that import torch."""
    settings.save(Places.of(), Settings(disabled_plugins=("gan", "optimizers")))
    with sitting(qtbot, light=False) as found:
        yield found


def rows(person: Person, stream: str) -> list[dict[str, Any]]:
    """What the newest frame of a table holds."""
    stage = person.page.stage
    frame = stage.sources[0].frame(stream) if stage and stage.sources else None
    return list(frame.data["rows"]) if frame else []


def counted(person: Person, **values: Any) -> str:
    """A finished count of the corpus that keeps every token: its index."""
    person.open("corpus-count", index=True, workers=1, **values)
    run = person.start().job.run_id
    person.until("done")
    return f"run:{run}/tokens"


def sheet(person: Person, panel: str) -> Any:
    content: Any = person.page.docks.docks[panel].content
    return content.sheets.widgets[0]


def click(person: Person, panel: str, word: str) -> None:
    """On the row of a word."""
    table = sheet(person, panel)
    person.wait(lambda: word in [table.model.cell(k, 0) for k in range(table.model.rowCount())])
    row = next(k for k in range(table.model.rowCount()) if table.model.cell(k, 0) == word)
    place = table.view.visualRect(table.model.index(row, 0)).center()
    QTest.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_from_a_click_to_another_count(person: Person, tmp_path: Path) -> None:
    first = counted(person, paths=[str(corpus(tmp_path / "texts"))])
    person.open("corpus-contexts")
    person.wait(lambda: person.page.form.shown("index") == first)
    person.page.docks.docks["words"].raise_()
    click(person, "words", "新闻联播")
    person.wait(lambda: len(rows(person, "contexts")) == 3)
    assert person.page.form.shown("word") == "新闻联播"
    person.page.form.put("dictionary", [{"word": WORD}])
    person.wait(lambda: {row["word"]: row["change"] for row in rows(person, "changed")}.get(WORD) == 2)
    second = counted(person, paths=[str(tmp_path / "texts")], words__dictionary=[{"word": WORD}])
    person.open("corpus-contexts", index=second, other=first, dictionary=[])
    person.wait(lambda: {row["word"]: row["change"] for row in rows(person, "beside")}.get(WORD) == -2)
    person.page.form.put("word", WORD)
    person.wait(lambda: [row["cut"] for row in rows(person, "cuts")] == [WORD])


def test_a_click_into_the_cloud_chooses_a_word(person: Person, tmp_path: Path) -> None:
    counted(person, paths=[str(corpus(tmp_path / "texts"))])
    person.open("corpus-contexts")
    dock = person.page.docks.docks["cloud"]
    person.wait(lambda: person.page.stage and person.page.stage.sources)
    dock.raise_()
    page = dock.content.findChild(QTextBrowser)
    assert page is not None
    person.wait(lambda: "北京" in page.toPlainText().replace("\u2060", ""))
    spot = next(
        QPoint(x, y)
        for y in range(0, page.viewport().height(), 4)
        for x in range(0, page.viewport().width(), 4)
        if page.anchorAt(QPoint(x, y))
    )
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    person.wait(lambda: len(person.page.form.shown("word")) > 1)
    person.wait(lambda: rows(person, "contexts"))


def test_from_the_counts_own_table_to_the_contexts(person: Person, tmp_path: Path) -> None:
    index = counted(person, paths=[str(corpus(tmp_path / "texts"))])
    click(person, "words", "新闻联播")
    (button,) = sheet(person, "words").leads
    person.click(button)
    assert person.page.tool.id == "corpus-contexts"
    person.wait(lambda: len(rows(person, "contexts")) == 3)
    assert (person.page.form.shown("index"), person.page.form.shown("word")) == (index, "新闻联播")
    person.window.open_tool("corpus-count")
    click(person, "words", "北京大学")
    QTest.keyClick(sheet(person, "words").view, Qt.Key.Key_Return)
    assert person.page.tool.id == "corpus-contexts"
    person.wait(lambda: [row["word"] for row in rows(person, "contexts")] == ["北京大学"])


def test_a_count_without_tokens_says_why_there_are_no_contexts(person: Person, tmp_path: Path) -> None:
    person.open("corpus-count", workers=1, index=False, paths=[str(corpus(tmp_path / "texts"))])
    person.start()
    person.until("done")
    click(person, "words", "新闻联播")
    (button,) = sheet(person, "words").leads
    assert not button.isEnabled()
    assert "Keep every token" in button.toolTip()
    QTest.keyClick(sheet(person, "words").view, Qt.Key.Key_Return)
    assert person.page.tool.id == "corpus-count"
