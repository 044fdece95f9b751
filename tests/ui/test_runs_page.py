"""The page of runs, the timeline and comparisons, by real clicks and keys in the real window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from workbench.runs.index import Row
from workbench.runs.labels import Labels
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
from workbench.runs.search import Entry, entry
from workbench.runs.workspace import Workspace
from workbench.ui.pages.runs.listing import FIXED, Heading, Listing, Query
from workbench.ui.pages.runs.model import BATCH, RunsModel, duration, shown
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.pages.runs.review import Review
from workbench.ui.pages.runs.scrubbed import Change, Scrubbed
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

from .frame import Person, look, sitting

Key = Qt.Key


def made(count: int) -> Listing:
    """A list of runs that nobody made."""
    listing = Listing(Workspace(Path("nowhere")))
    rows = [
        Row(
            id=f"run-{number:05}", folder=Path("nowhere"), tool="drip" if number % 2 else "lens", state="done",
            created=float(number), seconds=number / 10, params={"seed": number % 5, "head": {"stages": 3}},
            group=f"g{number % 3}", preset="", command="", last={"loss": -float(number)}, links=(), error=None,
        )
        for number in range(count)
    ]  # fmt: skip
    listing.put([entry(row) for row in rows])
    return listing


def ids(lines: object) -> list[str]:
    """The runs among lines."""
    return [each.row.id for each in lines if isinstance(each, Entry)]  # type: ignore[attr-defined]


# ---------------------------------------------------------------------------------- the list, without a window


def test_runs_are_found_sorted_and_filtered() -> None:
    listing = made(50)
    assert ids(listing.answer(Query()).lines)[:2] == ["run-00049", "run-00048"]
    assert ids(listing.answer(Query(sort="metric:loss", descending=False)).lines)[0] == "run-00049"
    assert len(listing.answer(Query(contains="DRIP seed=3")).lines) == 5
    assert listing.answer(Query(tool="lens", group="g1")).found == 8
    assert listing.answer(Query(state="failed")).found == 0


def test_runs_are_sorted_by_what_they_are_called() -> None:
    listing = made(6)
    names = ["zebra", "apple 10", "Apple 9", "", "Mango", "2026-003"]
    listing.put([
        entry(replace(each.row, labels=Labels(title=name)))
        for each, name in zip(listing.entries, names, strict=True)
    ])  # fmt: skip
    found = listing.answer(Query(sort="id", descending=False)).lines
    called = [each.row.labels.title or each.row.id for each in found if isinstance(each, Entry)]
    assert called == ["2026-003", "Apple 9", "apple 10", "Mango", "run-00003", "zebra"]


@pytest.mark.parametrize(
    "texts", [["k9", "k10", "K11"], ["0.25", "0.5", "1.5", "10"], ["v.9", "v.10"], ["9" * 20 + "0", "9" * 20 + "1"]]
)
def test_numbers_in_texts_stand_by_their_size(texts: list[str]) -> None:
    listing = made(len(texts))
    listing.put([
        entry(replace(each.row, group=text)) for each, text in zip(listing.entries, reversed(texts), strict=True)
    ])  # fmt: skip
    found = listing.answer(Query(sort="group", descending=False)).lines
    assert [each.row.group for each in found if isinstance(each, Entry)] == texts


def test_columns_are_what_differs_and_what_was_chosen() -> None:
    answer = made(50).answer(Query())
    assert list(answer.columns) == [*FIXED, "param:seed", "metric:loss"]
    chosen = made(50).answer(Query(columns=("metric:loss", "param:gone", "param:head.stages")))
    assert list(chosen.columns) == [*FIXED, "metric:loss", "param:head.stages"]  # what does not differ, too


def test_the_version_of_a_form_is_a_column_only_where_it_is_chosen() -> None:
    listing = made(4)
    listing.put([
        entry(replace(each.row, params={"version": number % 2, **each.row.params}))
        for number, each in enumerate(listing.entries)
    ])  # fmt: skip
    assert list(listing.answer(Query()).columns) == [*FIXED, "param:seed", "metric:loss"]
    assert list(listing.answer(Query(columns=("param:version",))).columns) == [*FIXED, "param:version"]


def test_cells_say_values_as_they_are_typed() -> None:
    values = [None, 0.1 + 0.2, 7, True, "词", ["a b", "词"], {"kind": "ring8"}]
    texts = ["", "0.3", "7", "true", "词", '["a b", "词"]', '{"kind": "ring8"}']
    assert [shown(each) for each in values] == texts


def test_runs_stand_in_groups_that_fold() -> None:
    lines = made(30).answer(Query(by="param:seed", folded=frozenset({"4"}))).lines
    heads = [each for each in lines if isinstance(each, Heading)]
    assert [(each.key, each.count, each.folded) for each in heads][:2] == [("4", 6, True), ("3", 6, False)]
    assert len(ids(lines)) == 24


def test_what_has_no_value_stands_last() -> None:
    listing = made(3)
    before = listing.entries[1]
    listing.entries[1] = replace(before, params={}, texts={}, paths=())
    for down in (True, False):
        assert ids(listing.answer(Query(sort="param:seed", descending=down)).lines)[-1] == "run-00001"


def test_a_thousand_rows_at_once() -> None:
    model = RunsModel(Speech("en"), Theme())
    model.take(made(2500).answer(Query()))
    assert model.rowCount() == BATCH
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert model.rowCount() == 2500
    assert not model.canFetchMore(QModelIndex())


def test_durations() -> None:
    assert [duration(each) for each in (2.52, 65, 3725)] == ["2.5 s", "1:05", "1:02:05"]


# ---------------------------------------------------------------------------------- in the window


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs of the first test are kept for those after it."""
    return tmp_path_factory.mktemp("kept") / "runs"


@pytest.fixture
def person(plant: Callable[[str], Path], home: Path, kept: Path, qtbot: QtBot) -> Iterator[Person]:
    """Before a window; three runs were made."""
    plant("drip")
    runs = home / "workspace" / "runs"
    if kept.exists():
        shutil.copytree(kept, runs)
    with sitting(qtbot) as found:
        found.open("drip", "short", steps=30)
        if not kept.exists():
            make_three(found)
            shutil.copytree(runs, kept)
        yield found


def make_three(person: Person) -> None:
    """A sweep of three seeds, from the form."""
    person.page.form.hub.vary["seed"] = "0:3"
    person.start()
    person.wait(lambda: len(person.jobs.works) == 3 and not person.jobs.active)
    person.page.form.hub.vary.clear()


def runs_page(person: Person) -> RunsPage:
    """The page of runs, opened by its button."""
    button = person.window.sidebar.findChild(QToolButton, "runs-button")
    assert isinstance(button, QToolButton)
    person.click(button)
    page: RunsPage = person.window.runs.page
    person.wait(lambda: page.isVisible() and page.model.rowCount() == 3)
    return page


def listed(person: Person, count: int) -> RunsPage:
    """The page of runs, once it lists so many."""
    person.window.host.commands.action("runs.list").trigger()
    page: RunsPage = person.window.runs.page
    person.wait(lambda: page.isVisible() and page.model.rowCount() == count)
    return page


def click_row(page: RunsPage, row: int, keys: Qt.KeyboardModifier, double: bool = False) -> None:
    """A real click on a row."""
    place = page.table.visualRect(page.model.index(row, 1)).topLeft() + QPoint(20, 8)
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, keys, place)
    if double:
        QTest.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, keys, place)


def shows(page: RunsPage, column: int, wanted: str) -> bool:
    """Whether the first row has this text in a column."""
    return bool(page.model.index(0, column).data() == wanted)


def choose(page: RunsPage, *rows: int) -> None:
    """Selects rows by clicks."""
    for place, row in enumerate(rows):
        none, more = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
        click_row(page, row, more if place else none)


def press(person: Person, page: RunsPage, name: str) -> None:
    """Clicks a button above the list."""
    button = next(each for each in page.deeds.buttons if each.objectName() == name)
    person.click(button)


def review_of(person: Person) -> Review:
    """What stands under the panels, once it is there."""
    review: Review = person.window.runs.reviews["drip"]
    person.wait(lambda: review.isVisible() and review.sources)
    return review


def test_search_and_sort_by_keys_and_clicks(person: Person) -> None:
    page = runs_page(person)
    assert "param:seed" in page.model.answer.columns
    QTest.keyClicks(page.search, "seed=1")
    person.wait(lambda: page.model.rowCount() == 1)
    page.search.clear()
    person.wait(lambda: page.model.rowCount() == 3)
    head, column = page.table.horizontalHeader(), list(page.model.answer.columns).index("param:seed")
    place = QPoint(head.sectionViewportPosition(column) + 10, head.height() // 2)
    for wanted in ("0", "2"):
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
        person.wait(partial(shows, page, column, wanted))


def test_groups_fold(person: Person) -> None:
    page = runs_page(person)
    page.by.setCurrentIndex(page.by.findData("group"))
    page.by.activated.emit(page.by.currentIndex())
    person.wait(lambda: page.model.rowCount() == 4)
    assert page.table.columnSpan(0, 0) == page.model.columnCount()
    click_row(page, 0, Qt.KeyboardModifier.NoModifier, double=True)
    person.wait(lambda: page.model.rowCount() == 1)


def test_enter_opens_a_run_and_the_timeline_scrubs_it(person: Person) -> None:
    page = runs_page(person)
    choose(page, 1)
    name = page.selected[0].row.id
    QTest.keyClick(page.table, Key.Key_Return)
    review = review_of(person)
    assert (review.sources[0].label, person.page.run.text()) == (name, name)
    picture = person.page.docks.docks["picture"].content
    person.wait(lambda: picture.sources and picture.sources[0].frame("tiles"))
    before, slider = look(picture), review.timeline.slider
    QTest.keyClick(slider, Key.Key_Left)
    person.wait(lambda: review.sources[0].step == 29)
    QTest.keyClick(slider, Key.Key_Home)
    person.wait(lambda: review.sources[0].step == review.timeline.steps[0])
    QTest.keyClick(slider, Key.Key_Right)
    person.wait(lambda: review.sources[0].step == review.timeline.steps[1])
    assert look(picture) != before
    reader = Reader(person.runs()[0].folder.with_name(name))
    wanted, shown = reader.frame("tiles", review.sources[0].step), review.sources[0].frame("tiles")
    reader.close()
    assert wanted is not None and shown is not None  # noqa: PT018
    assert shown.step == wanted.step
    assert np.array_equal(next(iter(shown.arrays.values())), next(iter(wanted.arrays.values())))
    assert review.sources[0].curve("water/level")["step"].max() == review.sources[0].step


def test_many_wishes_become_few_and_the_last_wins(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    page = runs_page(person)
    click_row(page, 0, Qt.KeyboardModifier.NoModifier, double=True)
    review = review_of(person)
    read: list[int] = []
    plain = Scrubbed.read

    def counted(source: Scrubbed, step: int) -> Change:
        read.append(step)
        return plain(source, step)

    monkeypatch.setattr(Scrubbed, "read", counted)
    for _ in range(20):
        QTest.keyClick(review.timeline.slider, Key.Key_Left)
    person.wait(lambda: review.sources[0].step == review.timeline.step)
    assert read[-1] == review.timeline.step
    assert len(read) <= 20


def test_space_plays_to_the_end(person: Person) -> None:
    page = runs_page(person)
    click_row(page, 0, Qt.KeyboardModifier.NoModifier, double=True)
    review = review_of(person)
    QTest.keyClick(review.timeline.slider, Key.Key_Space)
    assert review.timeline.playing
    person.wait(lambda: 3 < review.sources[0].step < 30)
    person.click(review.timeline.play)
    assert not review.timeline.playing
    person.click(review.timeline.play)
    person.wait(lambda: review.sources[0].step == 30 and not review.timeline.playing)


def test_two_runs_beside_each_other_follow_the_timeline(person: Person) -> None:
    page = runs_page(person)
    choose(page, 0, 2)
    press(person, page, "compare")
    review = review_of(person)
    assert [each.index for each in review.sources] == [0, 1]
    assert review.arms.isVisible()
    assert review.arms.columnCount() == 1  # they differ in the seed alone: two repetitions of one arm
    item = review.arms.item(review.arms.rowCount() - 1, 0)
    assert item is not None
    assert "±" in item.text()
    picture = person.page.docks.docks["picture"].content
    person.wait(lambda: len(picture.sources) == 2)
    for _ in range(3):
        QTest.keyClick(review.timeline.slider, Key.Key_PageDown)
    person.wait(lambda: all(each.step == review.timeline.step < 30 for each in review.sources))
    person.start()
    person.wait(lambda: not review.isVisible())


def test_a_fork_takes_what_was_changed(person: Person) -> None:
    page = runs_page(person)
    choose(page, 0)
    name = page.selected[0].row.id
    press(person, page, "fork")
    review = review_of(person)
    person.wait(review.fork.isEnabled)
    person.page.form.put("steps", 40)
    person.click(review.fork)
    person.wait(lambda: person.page.work is not None)
    person.until("done")
    row = person.runs()[0]
    assert [(each.run, each.relation) for each in row.links] == [(name, "fork")]
    assert row.params["steps"] == 40


def test_a_run_is_repeated(person: Person) -> None:
    page = runs_page(person)
    choose(page, 0)
    name = page.selected[0].row.id
    press(person, page, "repeat")
    person.wait(lambda: person.page.isVisible() and person.page.work is not None and len(person.runs()) == 4)
    person.until("done")
    assert [(each.run, each.relation) for each in person.runs()[0].links] == [(name, "repeat")]


def test_a_stopped_run_goes_on(person: Person) -> None:
    person.open("drip", "short", steps=300, pause=0.01)
    run = person.start().job.run_id
    person.wait(lambda: person.steps() > 5)
    person.click("stop")
    person.until("stopped")
    person.window.host.commands.action("runs.list").trigger()
    page: RunsPage = person.window.runs.page
    person.wait(lambda: page.model.rowCount() == 4)
    choose(page, 0)
    press(person, page, "resume")
    person.wait(lambda: person.work.job.run_id == run and person.work.job.state == "running")
    person.click("stop")
    person.until("stopped")


def test_a_run_that_waits_to_go_on_stays_what_it_was(person: Person) -> None:
    person.open("drip", "short", steps=300, pause=0.01)
    run = person.start().job.run_id
    person.wait(lambda: person.steps() > 5)
    person.click("stop")
    person.until("stopped")
    person.open("drip", "slow")
    for _ in range(2):
        person.start()
        person.until("running")
    page = listed(person, 6)
    row = next(row for row in range(6) if page.model.line(row).row.id == run)  # type: ignore[union-attr]
    choose(page, row)
    press(person, page, "resume")
    person.wait(lambda: person.page.isVisible() and person.work.job.run_id == run)
    waiting = person.work
    person.wait(lambda: person.jobs.place(waiting) == 0)
    listed(person, 6)
    for deed in ("resume", "delete"):
        page.bar.hide()
        press(person, page, deed)
        person.wait(page.bar.isVisible)
        assert f"{run} is being continued, or waits for a slot" in page.bar.text
    assert page.deeds.question is None
    assert sum(each.job.run_id == run for each in person.jobs.active) == 1
    person.window.show_work(waiting)
    person.click("stop")
    person.wait(lambda: waiting.job.state == "stopped")
    assert [each.state for each in person.runs() if each.id == run] == ["stopped"]
    person.wait(person.page.controls.buttons["again"].isVisible)


def test_a_run_that_is_running_is_opened_as_it_goes_on(person: Person) -> None:
    person.open("drip", "slow")
    job = person.start()
    person.until("running")
    page = listed(person, 4)
    click_row(page, 0, Qt.KeyboardModifier.NoModifier, double=True)
    person.wait(lambda: person.page.isVisible() and person.page.run.text() == job.job.run_id)
    seen = person.steps()
    person.wait(lambda: person.steps() > seen + 5)
    assert person.page.form.hub.running
    person.click("stop")
    person.wait(lambda: job.job.state == "stopped")


def test_a_run_of_another_program_cannot_be_steered(person: Person) -> None:
    row = person.runs()[0]
    with writer(row.folder):
        recorder = Recorder(row.folder)
        recorder.set_state("running")
        recorder.flush()
        page = listed(person, 3)
        person.wait(lambda: page.model.line(0).row.state == "running")  # type: ignore[union-attr]
        click_row(page, 0, Qt.KeyboardModifier.NoModifier, double=True)
        person.wait(lambda: person.page.isVisible() and person.page.run.text() == row.id)
        buttons = person.page.controls.buttons
        assert not any(buttons[deed].isEnabled() for deed in ("pause", "step", "slow", "stop"))
        assert buttons["start"].isEnabled()
        recorder.close()


def test_runs_are_deleted_after_a_question_but_not_while_they_are_written(person: Person) -> None:
    page = runs_page(person)
    choose(page, 0, 1)
    kept = page.model.index(2, 1).data()
    QTest.keyClick(page.table, Key.Key_Delete)
    assert page.deeds.question is not None
    person.click(page.deeds.question.refuse)
    assert len(person.runs()) == 3
    QTest.keyClick(page.table, Key.Key_Delete)
    person.click(page.deeds.question.agree)
    person.wait(lambda: page.model.rowCount() == 1)
    assert [each.id for each in person.runs()] == [kept]
    person.open("drip", "slow")
    person.start()
    person.until("running")
    person.window.host.commands.action("runs.list").trigger()
    person.wait(lambda: page.model.rowCount() == 2 and page.isVisible())
    choose(page, 0)
    person.wait(lambda: page.selected and page.selected[0].row.state == "running")
    assert not page.deeds.actions["delete"].isEnabled()
    page.deeds._delete([page.selected[0].row.folder])
    person.wait(lambda: page.bar.isVisible() and page.bar.bad)
    assert "is being written" in page.bar.text


def test_runs_are_exported_and_copied(person: Person, tmp_path: Path) -> None:
    page = runs_page(person)
    choose(page, 0, 1)
    for form in ("csv", "images", "parquet"):
        page.bar.hide()
        page.deeds.export(form)
        assert page.deeds.dialog is not None
        page.deeds.dialog.fileSelected.emit(str(tmp_path))
        page.deeds.dialog.close()
        person.wait(page.bar.isVisible)
        assert not page.bar.bad, page.bar.text
    names = [each.row.id for each in page.selected]
    assert {f"{each}{end}" for each in names for end in (".csv", ".parquet", "")} == {
        each.name for each in tmp_path.iterdir()
    }
    QTest.keyClick(page.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "\n".join(names)
    choose(page, 0)
    page.deeds.actions["copy_command"].trigger()
    person.wait(lambda: QApplication.clipboard().text().startswith("workbench run drip --set"))
