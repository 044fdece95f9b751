"""Segments: which steps are visible after resumes and roll-backs, told by a slow and simple model."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.events import Event
from workbench.runs.reader import Reader
from workbench.runs.records import Segment
from workbench.runs.segments import visible
from workbench.runs.workspace import Workspace

from .conftest import header, image, recording

Read = Callable[[Path], Reader]


@st.composite
def histories(draw: st.DrawFn) -> list[Segment]:
    """Segments, each with any earlier one as its parent, or none."""
    made = [Segment(0, 0, None, "start", 0.0)]
    for number in range(1, draw(st.integers(1, 6))):
        parent = draw(st.none() | st.integers(0, number - 1))
        made.append(Segment(number, draw(st.integers(0, 12)), parent, "resume", 0.0))
    return made


def shown(history: list[Segment], segment: int, step: int) -> bool:
    """The definition, step by step: a segment shows its own from its start on, its parent's up to it."""
    current, limit = history[-1], 10**9
    while True:
        if current.id == segment:
            return step <= limit and (current.parent is None or step >= current.start)
        if current.parent is None:
            return False
        limit = min(limit, current.start)
        current = history[current.parent]


@given(histories())
def test_windows_are_the_definition(history: list[Segment]) -> None:
    windows = visible(history)
    for segment in history:
        for step in range(-1, 15):
            found = any(each.holds(segment.id, step, 0.0) for each in windows)
            assert found == shown(history, segment.id, step)


@given(histories())
def test_windows_meet_in_one_step_at_most(history: list[Segment]) -> None:
    windows = visible(history)
    for older, newer in itertools.pairwise(windows):
        assert older.last <= newer.first


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), st.integers(5, 12))
def test_a_reader_shows_only_visible_steps(history: list[Segment], length: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        run = Workspace(Path(place) / "space").create(header())
        for each in history:
            # a beginning from nothing is recorded as such: without a start
            start = 0 if each.parent is None else each.start
            with recording(run, start=start, parent=each.parent) as recorder:
                assert recorder.segment == each.id
                for step in range(start, start + length):
                    recorder.scalars(step, 0.0, {"x": 100 * each.id + step})
                    recorder.record(image(step))
                    recorder.record(Event("rows", "r", step, {"rows": [{"n": 100 * each.id + step}]}))
        seen = []
        for each in history:
            start = 0 if each.parent is None else each.start
            seen += [(each.id, step) for step in range(start, start + length) if shown(history, each.id, step)]
        ordered = sorted(seen, key=lambda pair: pair[1])
        reader = Reader(run)
        assert reader.scalars("x")["value"].tolist() == [100 * segment + step for segment, step in ordered]
        assert reader.frames("samples") == sorted({step for _, step in ordered})
        assert sorted(row["n"] for row in reader.rows("r")) == sorted(100 * segment + step for segment, step in seen)
        expected = {"x": float(100 * ordered[-1][0] + ordered[-1][1])} if ordered else {}
        assert reader.last() == expected
        for step in range(15):
            frame = reader.frame("samples", step)
            before = [pair for pair in ordered if pair[1] <= step]
            assert (frame and (frame.segment, frame.step)) == (before[-1] if before else None)
        reader.close()


@pytest.mark.parametrize("parent", [1, 2, 9])
def test_a_parent_that_is_not_older_is_damage(parent: int) -> None:
    history = [Segment(0, 0, None, "start", 0.0), Segment(1, 3, parent, "resume", 0.0)]
    with pytest.raises(ValueError, match=f"no parent {parent}"):
        visible(history)


def test_the_overview_is_cut_where_the_run_was_left(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for step in range(1, 6001):
            recorder.scalars(step, 0.0, {"x": 1e6 if step > 5000 else step})
    with recording(run, start=5000, parent=0, reason="roll-back") as recorder:
        recorder.scalars(5001, 0.0, {"x": -3})
    for pairs in (10, 2000):
        found = read(run).overview("x", pairs)
        assert (found["low"].min(), found["high"].max()) == (-3, 5000)
    assert len(read(run).scalars("x")) == 5001
    assert [each.reason for each in read(run).segments()] == ["start", "roll-back"]


def test_the_newest_segment_is_the_parent_that_nobody_names(run: Path, read: Read) -> None:
    with recording(run):
        pass
    with recording(run, start=4, reason="resume"):
        pass
    with recording(run, reason="anew"):
        pass
    assert [(each.start, each.parent) for each in read(run).segments()] == [(0, None), (4, 0), (0, None)]
    with pytest.raises(ValueError, match="no segment 9"), recording(run, start=1, parent=9):
        pass


def test_what_was_reported_after_the_checkpoint_is_done_again(run: Path, read: Read) -> None:
    """A job reports its last step, saves, evaluates, is killed; resumed there, it evaluates again."""

    def evaluate() -> None:
        recorder.scalars(20, time.time(), {"score": recorder.segment})
        recorder.record(Event("rows", "r", 20, {"rows": [{"by": recorder.segment}]}))
        recorder.record(Event("artifact", "net", 20, {"name": "net", "kind": "k", "path": "net"}))

    with recording(run) as recorder:
        for step in range(1, 21):
            recorder.scalars(step, time.time(), {"loss": step})
            recorder.record(Event("rows", "r", step, {"rows": [{"by": -step}]}))
        recorder.add_checkpoint(20, run / "checkpoints" / "000-20")
        evaluate()
    with recording(run, start=20, parent=0, reason="resume") as recorder:
        recorder.record(Event("rows", "r", 0, {"rows": [{"by": "set-up"}]}))
        evaluate()
    reader = read(run)
    assert reader.scalars("loss")["step"].tolist() == list(range(1, 21))
    assert reader.scalars("score")["value"].tolist() == [1.0]
    assert reader.last() == {"loss": 20, "score": 1}
    assert [row["by"] for row in reader.rows("r")] == [*range(-1, -21, -1), 1]
    assert [each["segment"] for each in reader.artifacts()] == [1]
    assert [each.visible for each in reader.checkpoints()] == [True]


def test_a_run_that_is_extended_keeps_what_it_said_at_its_end(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        recorder.scalars(20, time.time(), {"loss": 1})
        recorder.add_checkpoint(20, run / "checkpoints" / "000-20")
        recorder.scalars(20, time.time(), {"score": 2})
    with recording(run, start=20, parent=0, reason="resume") as recorder:
        recorder.record(Event("change", "", 20, {"values": {"rate": 1}}))
        recorder.scalars(21, time.time(), {"loss": 3, "score": 4})
    assert read(run).scalars("score")["value"].tolist() == [2, 4]
    assert read(run).scalars("loss")["value"].tolist() == [1, 3]
    assert read(run).changes()[0]["visible"]


def test_a_roll_back_branches_off_while_the_recorder_is_open(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for step in range(1, 31):
            recorder.scalars(step, time.time(), {"x": step})
            recorder.record(image(step))
        recorder.branch(20, "roll-back")
        for step in range(21, 26):
            recorder.scalars(step, time.time(), {"x": -step})
            recorder.record(image(step))
        assert recorder.segment == 1
    reader = read(run)
    assert reader.scalars("x")["value"].tolist() == [*range(1, 21), *range(-21, -26, -1)]
    assert reader.frames("samples") == list(range(1, 26))
    frame = reader.frame("samples", 22)
    assert frame is not None
    assert frame.segment == 1
    assert [(each.start, each.parent, each.reason) for each in reader.segments()][1] == (20, 0, "roll-back")
