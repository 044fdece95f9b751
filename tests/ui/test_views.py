"""A tool's own view in the real window: its document edited, saved, left; results taken back."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.testing.fixtures import Audit

from .frame import sitting
from .views_played import (
    CONTROL,
    LEARNT,
    SHIFT,
    Key,
    add,
    answer,
    answer_file,
    drafts,
    edit,
    in_file,
    labels,
    look_at,
    page_of,
    press,
    suggest,
    view_of,
)

# ------------------------------------------------------------------ the whole story


def test_a_document_is_edited_learnt_from_saved_closed_and_opened_again(qtbot: QtBot, path: Path, audit: Audit) -> None:
    with sitting(qtbot) as person:
        with audit():
            look_at(person, path)
            edit(person, 1, 1, "sunny")
            press(person, Key.Key_Z, CONTROL)
            assert labels(person)["b"] == "dry"
            person.page.setFocus()
            suggest(person)
            person.wait(lambda: labels(person) == LEARNT)
            assert view_of(person).table.item(2, 1).text() == "wet"
            press(person, Key.Key_Z, CONTROL)  # all that the job suggested, in one go
            assert labels(person) == {**LEARNT, "c": "", "d": ""}
            press(person, Key.Key_Z, CONTROL, SHIFT)
            assert labels(person) == LEARNT
            assert person.window.isWindowModified()
            press(person, Key.Key_S, CONTROL)
            person.wait(lambda: not person.window.isWindowModified())
        assert in_file(path) == LEARNT
        view_of(person).table.setCurrentCell(2, 0)
        person.window.close()
        assert not person.window.isVisible()
    with sitting(qtbot) as person:
        person.wait(lambda: person.window.tool == "notes")
        assert (labels(person), view_of(person).table.currentRow()) == (LEARNT, 2)
        assert person.window.windowTitle().startswith("weather.notes")
        assert page_of(person).documents.recent == [str(path)]


def test_results_come_again_when_the_run_is_opened_again_and_only_once(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        suggest(person)
        press(person, Key.Key_Z, CONTROL)
        assert labels(person)["c"] == ""
        run = person.work.job.run_id
        for _ in range(2):
            person.page.show_works([])
            person.window.open_run(run)
            person.wait(lambda: person.page.stored is not None and labels(person) == LEARNT)
            person.qtbot.wait(200)
        stack = view_of(person).undo_stack
        assert stack.count() == 1
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)


def test_the_results_of_another_document_are_left_alone(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        suggest(person)
        run = person.work.job.run_id
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)
        press(person, Key.Key_N, CONTROL)
        person.wait(lambda: not view_of(person).document.notes)
        person.window.open_run(run)
        person.wait(lambda: "is about weather.notes" in person.page.bar.text)
        assert not page_of(person).paper.unsaved


@pytest.mark.usefixtures("path")
def test_a_new_document_is_saved_before_its_job_starts(qtbot: QtBot, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person)
        for place, (text, label) in enumerate([("rain", "wet"), ("sun", "dry"), ("rain again", "")]):
            add(person, text)
            if label:
                edit(person, place, 1, label)
        person.click("start")
        answer_file(person, home / "mine")
        person.wait(lambda: person.page.work is not None)
        person.until("done")
        person.wait(lambda: list(labels(person).values()) == ["wet", "dry", "wet"])
        assert list(in_file(home / "mine.notes").values()) == ["wet", "dry", ""]
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: list(in_file(home / "mine.notes").values()) == ["wet", "dry", "wet"])


# ------------------------------------------------------------------ leaving


def test_closing_asks_about_changes(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        edit(person, 2, 1, "mild")
        person.window.close()
        answer(person, -1)
        assert person.window.isVisible()
        person.window.close()
        answer(person, 0)
        person.wait(lambda: not person.window.isVisible())
    assert in_file(path)["c"] == "mild"


def test_no_draft_is_due_any_more_once_the_window_is_gone(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        edit(person, 2, 1, "mild")
    qtbot.wait(1000)  # what fails in the event loop fails the test


def test_changes_that_nobody_wants_are_gone(qtbot: QtBot, path: Path, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        edit(person, 2, 1, "mild")
        person.wait(lambda: drafts(home))
        person.window.close()
        answer(person, 1)
        person.wait(lambda: not person.window.isVisible())
    assert in_file(path)["c"] == ""
    assert not drafts(home)
    with sitting(qtbot) as person:
        assert labels(look_at(person) and person)["c"] == ""


def test_opening_another_document_asks_about_changes(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        add(person, "snow")
        press(person, Key.Key_N, CONTROL)
        answer(person, -1)
        assert len(labels(person)) == 5
        press(person, Key.Key_N, CONTROL)
        answer(person, 0)
        person.wait(lambda: not view_of(person).document.notes)
        assert len(in_file(path)) == 5


def test_a_view_that_makes_way_takes_its_operations_with_it(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        edit(person, 2, 1, "mild")
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)
        suggest(person)
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)
        press(person, Key.Key_N, CONTROL)
        person.wait(lambda: not view_of(person).document.notes)


def test_what_another_program_has_written_is_not_lost(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        path.write_text(json.dumps({"revision": 9, "notes": {}}), "utf-8")
        edit(person, 2, 1, "mild")
        press(person, Key.Key_S, CONTROL)
        answer(person, -1)
        assert in_file(path) == {}
        assert page_of(person).paper.unsaved
        press(person, Key.Key_S, CONTROL)
        answer(person, 0)
        person.wait(lambda: not page_of(person).paper.unsaved)
        assert in_file(path)["c"] == "mild"


def test_a_file_that_cannot_be_written_is_a_sentence(qtbot: QtBot, path: Path, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        add(person, "snow")
        press(person, Key.Key_S, CONTROL, SHIFT)
        person.wait(lambda: page_of(person).documents.asking.dialog is not None)
        page_of(person).documents.asking.dialog.fileSelected.emit(str(home / "nowhere" / "a.notes"))  # type: ignore[union-attr]
        person.wait(lambda: person.page.bar.bad and "a.notes cannot be written" in person.page.bar.text)
        assert page_of(person).paper.unsaved
        page_of(person).documents.asking.dialog.close()  # type: ignore[union-attr]
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)
        assert len(in_file(path)) == 5


def test_a_file_that_is_no_document_is_a_sentence(qtbot: QtBot, path: Path, home: Path) -> None:
    (home / "b.notes").write_text("[]", "utf-8")
    with sitting(qtbot) as person:
        look_at(person, path)
        page_of(person).open(home / "b.notes")
        person.wait(lambda: person.page.bar.text == "b.notes cannot be read as notes.")
        assert page_of(person).paper.path == path


# ------------------------------------------------------------------ commands, languages


def test_commands_follow_what_can_be_done(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        action = person.window.host.commands.action
        assert not action("document.undo").isEnabled()
        assert not action("document.save").isEnabled()
        add(person, "snow")
        assert action("document.undo").isEnabled()
        assert action("document.save").isEnabled()
        action("document.undo").trigger()
        assert (action("document.undo").isEnabled(), action("document.redo").isEnabled()) == (False, True)
        assert {"document.undo", "document.redo"} <= {
            each.id for each in person.window.host.commands.search("do") if each.id.startswith("document")
        }


def test_a_view_speaks_the_language_of_the_window(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        view = look_at(person, path)
        person.window.speak("zh_CN")
        person.wait(lambda: view.add.text() == "添加")
        person.settled()
        assert view.table.horizontalHeaderItem(0).text() == "笔记"


def test_drafts_come_soon(qtbot: QtBot, path: Path, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        begun = time.monotonic()
        add(person, "snow")
        person.wait(lambda: drafts(home))
        assert time.monotonic() - begun < 5
        press(person, Key.Key_Z, CONTROL)  # back at what the file holds
        page_of(person).setFocus()
        person.wait(lambda: not page_of(person).paper.unsaved)
        person.wait(lambda: not drafts(home))
