"""The parts of the frame that need no window: what a job sends, arrangements, searching, time left."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from workbench.events import POINT, Event
from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder
from workbench.runs.records import Header
from workbench.runs.workspace import Workspace
from workbench.ui.arrangement import Split, complete, grid, leaves, parse
from workbench.ui.bridge import MOST_POINTS, MOST_ROWS, Feed, Intake, Series, ends
from workbench.ui.fuzzy import best, score
from workbench.ui.meters import Reading, Readings
from workbench.ui.pace import Pace, duration
from workbench.ui.pages.progress import Progress, together
from workbench.ui.speech import Speech


def points(first: int, last: int, value: float = 0.0) -> np.ndarray:
    found = np.zeros(last - first, POINT)
    found["step"], found["value"] = np.arange(first, last), value
    return found


# ------------------------------------------------------------------ what a job sends


def test_a_series_grows_and_what_was_taken_stays() -> None:
    series = Series()
    series.add(points(0, 10))
    taken = series.points
    series.add(points(10, 2000))
    assert (len(taken), len(series.points)) == (10, 2000)


def test_a_job_that_goes_back_takes_its_later_points_away() -> None:
    series = Series()
    series.add(points(0, 100, 1.0))
    taken = series.points
    series.add(points(50, 60, 2.0))
    assert list(series.points["step"]) == list(range(60))
    assert (taken["value"] == 1.0).all()


def test_long_series_are_thinned_to_values_that_were_reported() -> None:
    series, random = Series(), np.random.default_rng(0)
    for start in range(0, 400_000, 500):
        batch = points(start, start + 500)
        batch["value"] = random.normal(size=500)
        batch["value"][7] = 99.0 if start == 1000 else batch["value"][7]
        series.add(batch)
        assert len(series.points) <= MOST_POINTS
        assert series.points[-1] == batch[-1]
    assert series.points["value"].max() == 99.0
    assert (np.diff(series.points["step"]) > 0).all()


def test_more_than_a_series_may_have_is_taken_at_once() -> None:
    series = Series(7)
    series.add(points(0, 3 * MOST_POINTS))
    assert MOST_POINTS // 4 < len(series.points) <= MOST_POINTS
    assert series.points["step"][-1] == 3 * MOST_POINTS - 1


def test_series_that_grow_together_are_thinned_one_after_the_other() -> None:
    """Else what they leave, which panels still hold for a moment, takes as much memory once more."""
    feed, names, length, most = Feed("a"), [f"series {k}" for k in range(40)], dict[str, int](), 0
    for start in range(0, 200_000, 20):
        feed.take(Event("scalars", arrays=dict.fromkeys(names, points(start, start + 20))))
        now = {name: len(feed.curve(name)) for name in names}
        most, length = max(most, sum(now[name] < length.get(name, 0) for name in names)), now
    assert 1 <= most <= 4


def test_frames_and_scalars_of_older_parameters_go() -> None:
    feed = Feed("a", live=True)
    feed.take(Event("field", "old"))
    feed.take(Event("scalars", arrays={"x": points(0, 1)}))
    feed.take(Event("field", "new", generation=2))
    assert feed.answered(2) == {"old"}
    assert (feed.streams(), feed.series()) == ({"new": "field"}, [])


def test_a_long_job_s_curves_go_on_where_a_parameter_changes() -> None:
    feed = Feed("a")
    feed.take(Event("scalars", arrays={"x": points(1, 5), "y": points(1, 5)}))
    feed.take(Event("scalars", arrays={"x": points(5, 9)}, generation=1))
    assert list(feed.curve("x")["step"]) == list(range(1, 9))
    assert feed.series() == ["x", "y"]


def test_rows_are_kept_by_their_key_and_not_without_end() -> None:
    feed = Feed("a")
    for start in range(0, 2 * MOST_ROWS, 100):
        rows = [{"id": k, "x": 1} for k in range(start, start + 100)]
        feed.take(Event("rows", "kept", data={"rows": rows, "key": "id"}))
    feed.take(Event("rows", "kept", data={"rows": [{"id": 2 * MOST_ROWS - 1, "x": 2}], "key": "id"}))
    frame = feed.frame("kept")
    assert frame is not None
    assert len(frame.data["rows"]) == MOST_ROWS
    assert frame.data["rows"][-1]["x"] == 2


def rows(step: int, *found: dict[str, int], key: str | None = "id", wall: float = 0.0, generation: int = 0) -> Event:
    return Event("rows", "kept", step, {"rows": list(found), "key": key}, generation=generation, wall=wall)


def shown(feed: Feed) -> list[dict[str, int]]:
    frame = feed.frame("kept")
    return [] if frame is None else list(frame.data["rows"])


@pytest.mark.parametrize("late", [False, True])
def test_all_runs_of_a_job_that_goes_back_lose_what_came_later(late: bool) -> None:
    """late: what the job reports after it has gone back may come before it is told that it has."""
    intake = Intake([Path("one"), Path("two")], lambda: None)
    old, new = points(0, 101)[::50], points(100, 101, 7.0)
    new["wall"] = 2.0
    back = Event("change", step=60, data={"roll_back": 60, "updates": 100}, wall=1.0)
    again = Event("scalars", arrays={"eval": new})
    for event in (
        Event("scalars", arrays={"eval": old, "other": old}), Event("scalars", arrays={"eval": old}, run="two"),
        rows(50, {"id": 1}), rows(100, {"id": 2}),
        *((again, back) if late else (back, again)),
    ):  # fmt: skip
        intake.take(event)
    one, two = intake.feeds
    assert one.curve("eval")[["step", "value"]].tolist() == [(0, 0.0), (50, 0.0), (100, 7.0)]
    assert [list(each["step"]) for each in (one.curve("other"), two.curve("eval"))] == [[0, 50], [0, 50]]
    assert shown(one) == [{"id": 1}]
    assert {"eval", "other", "kept"} <= intake.news().streams


def picture(step: int, wall: float, stream: str = "tiles") -> Event:
    return Event("images", stream, step, arrays={"images": np.zeros((1, 2, 2), np.uint8)}, wall=wall)


@pytest.mark.parametrize("late", [False, True])
def test_a_job_that_goes_back_shows_no_picture_of_the_way_that_it_left(late: bool) -> None:
    """late: as above."""
    intake = Intake([Path("one")], lambda: None)
    back = Event("change", step=60, data={"roll_back": 60, "updates": 100}, wall=1.0)
    again = picture(70, 2.0, "again")
    for event in (
        picture(60, 0.0, "before"), picture(61, 0.5), picture(80, 0.6, "again"),
        *((again, back) if late else (back, again)),
    ):  # fmt: skip
        intake.take(event)
    steps = {
        name: frame and frame.step for name in ("before", "tiles", "again") for frame in [intake.feeds[0].frame(name)]
    }
    assert steps == {"before": 60, "tiles": None, "again": 70}
    assert "tiles" in intake.news().streams


def test_in_place_of_such_a_picture_comes_the_one_that_was_kept_of_before(tmp_path: Path) -> None:
    folder = Workspace(tmp_path).create(Header("drip", "drip", "1", {}, {}, 0, "cpu", 1, {}))
    intake = Intake([folder], lambda: None)
    with writer(folder), closing(Recorder(folder)) as recorder:
        for step in (20, 40, 80):
            recorder.record(picture(step, 0.0))
            intake.take(picture(step, 0.0))
    intake.news()
    intake.take(Event("change", step=60, data={"roll_back": 60, "updates": 80}, wall=1.0))
    frame = intake.feeds[0].frame("tiles")
    assert frame is not None
    assert frame.step == 40
    assert "tiles" in intake.news().streams


def test_a_live_tool_s_rows_answer_its_newest_parameters() -> None:
    feed = Feed("a", live=True)
    feed.take(rows(0, {"id": 1}, generation=1))
    feed.take(rows(0, {"id": 2}, generation=2))
    feed.take(rows(0, {"id": 3}, generation=2))
    assert shown(feed) == [{"id": 2}, {"id": 3}]
    assert feed.answered(3) == {"kept"}
    assert shown(feed) == []


def test_a_run_that_is_continued_begins_with_the_rows_that_it_had() -> None:
    kept, feed = Feed("a"), Feed("a")
    kept.take(rows(9, {"id": 1, "x": 1}, {"id": 2, "x": 1}, key=None))  # as they are read from a record
    feed.begin_after(kept)
    assert shown(feed) == [{"id": 1, "x": 1}, {"id": 2, "x": 1}]
    feed.take(rows(12, {"id": 1, "x": 5}))
    assert shown(feed) == [{"id": 2, "x": 1}, {"id": 1, "x": 5}]


@given(st.lists(st.sampled_from([np.nan, np.inf, -np.inf, 1.0, 2.0, 3.0]), min_size=1, max_size=8))
def test_of_some_neighbours_the_lowest_and_the_highest_number_are_kept(values: list[float]) -> None:
    low, high = np.array(values)[ends(np.array([values]))[0]].tolist()
    numbers = [each for each in values if np.isfinite(each)]
    assert not numbers or {low, high} == {min(numbers), max(numbers)}


def test_what_is_no_number_takes_nobody_s_place_in_a_long_series() -> None:
    series = Series()
    for start in range(0, 200_000, 1000):
        batch = points(start, start + 1000, 5.0)
        batch["value"][::10] = np.nan
        batch["value"][1::10] = 3.0
        series.add(batch)
    values = series.points["value"]
    assert np.isfinite(values).mean() > 0.99
    assert {3.0, 5.0} <= set(values.tolist())


def test_an_intake_stirs_once_and_tells_what_is_new() -> None:
    stirred: list[int] = []
    intake = Intake([Path("one"), Path("two")], lambda: stirred.append(1))
    intake.take(Event("points", "here", run="two"))
    intake.take(Event("notice", data={"text": "Look.", "remedy": ""}))
    intake.take(Event("progress", data={"done": 1, "total": 2, "text": ""}))
    news = intake.news()
    assert (len(stirred), set(news.streams), news.fresh, news.moved) == (1, {"here"}, True, True)
    assert [each.text for each in news.notices] == ["Look."]
    assert [each.streams() for each in intake.feeds] == [{}, {"here": "points"}]
    intake.take(Event("points", "here", run="two"))
    assert (len(stirred), intake.news().fresh) == (2, False)


def told(done: float, total: float | None, wall: float = 0.0) -> Event:
    return Event("progress", data={"done": done, "total": total, "text": "t"}, wall=wall)


@pytest.mark.parametrize(
    ("events", "all_of_them"),
    [
        ([None], None),
        ([told(3, 10)], (3, 10)),
        ([told(3, 10), None, None], (3, 30)),
        ([told(10, 10), told(5, 20), None], (15, 50)),
        ([told(3, None), told(4, 10)], (7, 0)),
    ],
)
def test_how_far_several_jobs_are(events: list[Event | None], all_of_them: tuple[float, float] | None) -> None:
    found = together(events)
    assert (found and (found.data["done"], found.data["total"])) == all_of_them


@pytest.mark.parametrize(
    ("total", "running", "done"), [(9, "running · t · 3 of 9", "done · 3 of 9"), (None, "running · t · 3", "done")]
)
def test_what_a_job_does_is_said_until_it_has_ended(qtbot: QtBot, total: float | None, running: str, done: str) -> None:
    progress = Progress(Speech("en"))
    qtbot.addWidget(progress)
    progress.show_state("running")
    progress.show_event(told(3, total))
    assert progress.said.text() == running
    progress.show_state("done")
    assert progress.said.text() == done
    assert progress.bar.value() == progress.bar.maximum() > 0


# ------------------------------------------------------------------ arrangements


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", None),
        ("a", "a"),
        ("a | b / c", Split("/", (Split("|", ("a", "b")), "c"))),
        ("a | (b / c)", Split("|", ("a", Split("/", ("b", "c"))))),
        ("a, b | c", Split("|", (Split(",", ("a", "b")), "c"))),
        ("(a | b", Split("|", ("a", "b"))),
        ("/ a |", "a"),
    ],
)
def test_an_arrangement_is_read(text: str, node: object) -> None:
    assert parse(text) == node


def test_every_panel_has_a_place_once() -> None:
    panels = ["a", "b", "c", "d"]
    for text in ("", "a | b", "d / c / x", "a | b / c | d"):
        assert sorted(leaves(complete(parse(text), panels))) == panels
    assert complete(None, []) is None
    assert grid(list("abcde")) == Split("/", (Split("|", ("a", "b", "c")), Split("|", ("d", "e"))))


# ------------------------------------------------------------------ searching


def test_letters_find_titles() -> None:
    assert score("smo", "Slow motion") > 0
    assert score("zz", "Slow motion") == 0
    assert score("st", "Stop and save") > score("st", "Light mist")
    assert score("慢", "慢动作") > 0
    assert best("", ["anything"]) > 0
    assert score("ost", "only one stop") > 0


# ------------------------------------------------------------------ time left


def test_the_time_left_follows_the_pace() -> None:
    pace = Pace()
    assert pace.left(100) is None
    for second in range(11):
        pace.at(float(second), 2.0 * second)
    assert pace.left(100) == pytest.approx(40)
    pace.at(12.0, 0.0)
    assert pace.left(100) is None


def test_durations_are_said() -> None:
    assert [str(duration(each)) for each in (5, 725, 3720)] == ["0:05", "12:05", "1 h 02 min"]


def test_readings_are_said_in_the_new_language_at_once(qtbot: QtBot) -> None:
    speech = Speech("en")
    readings = Readings(speech)
    qtbot.addWidget(readings)
    readings.take(Reading(12.0, 2**30, 2**31))
    assert "Memory 1.0 / 2.0 GB" in readings.text()
    speech.speak("zh_CN", b"")
    qtbot.waitUntil(lambda: "内存" in readings.text(), timeout=2000)
    speech.speak("en", b"")
