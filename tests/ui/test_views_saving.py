"""Documents whose file takes its time, or is not there: what is shown as saved is saved, and nothing goes unheard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from .frame import Person, sitting
from .views_played import (
    CONTROL,
    Key,
    add,
    edit,
    in_file,
    labels,
    look_at,
    page_of,
    press,
    view_of,
)


@contextmanager
def edited(qtbot: QtBot, path: Path) -> Iterator[Person]:
    """Before a window with the notes, one of which has another label since."""
    with sitting(qtbot) as person:
        look_at(person, path)
        edit(person, 2, 1, "mild")
        yield person


@contextmanager
def slowly(view: Any) -> Iterator[None]:
    """Inside, whatever the view writes waits until the end."""
    write, gate = type(view).write, threading.Event()

    def wait(document: Any, path: Path) -> None:
        gate.wait(30)
        write(document, path)

    type(view).write = staticmethod(wait)
    try:
        yield
    finally:
        gate.set()
        type(view).write = staticmethod(write)


def test_what_was_undone_while_it_was_saved_is_unsaved(qtbot: QtBot, path: Path) -> None:
    with edited(qtbot, path) as person:
        with slowly(view_of(person)):
            press(person, Key.Key_S, CONTROL)
            person.page.setFocus()
            press(person, Key.Key_Z, CONTROL)
            assert labels(person)["c"] == ""
        person.wait(lambda: not page_of(person).paper.saving)
        assert in_file(path)["c"] == "mild"
        assert page_of(person).paper.unsaved
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)
        assert in_file(path)["c"] == ""


def test_saving_again_while_it_is_saved_blames_no_other_program(qtbot: QtBot, path: Path) -> None:
    with edited(qtbot, path) as person:
        with slowly(view_of(person)):
            press(person, Key.Key_S, CONTROL)
            add(person, "snow")
            press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.saving and not page_of(person).paper.unsaved)
        assert page_of(person).documents.asking.question is None
        assert (in_file(path)["c"], len(in_file(path))) == ("mild", 5)


def test_what_is_asked_while_a_document_is_saved_is_done_afterwards(qtbot: QtBot, path: Path) -> None:
    with edited(qtbot, path) as person:
        with slowly(view_of(person)):
            press(person, Key.Key_S, CONTROL)
            person.click("start")
        person.wait(lambda: person.page.work is not None)
        person.until("done")
        person.wait(lambda: not page_of(person).paper.saving)
        with slowly(view_of(person)):
            press(person, Key.Key_S, CONTROL)
            press(person, Key.Key_N, CONTROL)
        person.wait(lambda: not view_of(person).document.notes)


def test_what_is_asked_again_while_a_document_is_saved_is_done_once(
    qtbot: QtBot, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with edited(qtbot, path) as person:
        paper, saves = page_of(person).paper, list[Path]()
        save = paper.save

        def noted(file: Path, *rest: Any) -> None:
            saves.append(file)
            save(file, *rest)

        monkeypatch.setattr(paper, "save", noted)
        with slowly(view_of(person)):
            for _ in range(4):
                press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not paper.saving and not paper.unsaved)
        assert saves == [path, path]


def test_a_window_that_is_closed_while_it_saves_closes_afterwards(qtbot: QtBot, path: Path) -> None:
    with edited(qtbot, path) as person:
        with slowly(view_of(person)):
            press(person, Key.Key_S, CONTROL)
            person.window.close()
            assert person.window.isVisible()
        person.wait(lambda: not person.window.isVisible())
    assert in_file(path)["c"] == "mild"


def test_a_document_is_saved_while_its_view_computes(qtbot: QtBot, path: Path) -> None:
    done, gate = list[bool](), threading.Event()
    with sitting(qtbot) as person:
        view = look_at(person, path)
        view.host.background(lambda: gate.wait(20), done.append)
        edit(person, 2, 1, "mild")
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved, patience=5000)
        assert in_file(path)["c"] == "mild"
        gate.set()
        person.wait(lambda: done == [True])


def test_what_a_view_that_made_way_had_computed_is_answered_to_nobody(qtbot: QtBot, path: Path) -> None:
    gate, seen = threading.Event(), list[str]()
    with sitting(qtbot) as person:
        view = look_at(person, path)
        view.host.background(lambda: gate.wait(20), lambda _: seen.append(view.line.text()))
        view.host.background(lambda: 1 // 0, lambda _: seen.append("done"))
        press(person, Key.Key_N, CONTROL)
        person.wait(lambda: not view_of(person).document.notes)
        gate.set()
        view_of(person).host.background(lambda: 3, lambda _: seen.append("the new one"))
        person.wait(lambda: seen)
        assert seen == ["the new one"]
        assert not person.page.bar.bad


def test_a_long_name_leaves_the_window_its_width(qtbot: QtBot, path: Path, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        before = person.window.minimumSizeHint().width()
        other = home / f"{'so long a name ' * 12}.notes"
        path.rename(other)
        look_at(person, other)
        assert page_of(person).title.text().startswith("so long a name so long")
        person.qtbot.wait(200)
        assert person.window.minimumSizeHint().width() <= before + 20
