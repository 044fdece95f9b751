"""Segments: which steps are visible after resumes and roll-backs, told by a slow and simple model."""

from __future__ import annotations

import tempfile
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
    """The definition, step by step: a segment shows its own after its start, its parent's up to it."""
    current, limit = history[-1], 10**9
    while True:
        if current.id == segment:
            return step <= limit and (current.parent is None or step > current.start)
        if current.parent is None:
            return False
        limit = min(limit, current.start)
        current = history[current.parent]


@given(histories())
def test_windows_are_the_definition(history: list[Segment]) -> None:
    windows = visible(history)
    for segment in history:
        for step in range(-1, 15):
            found = any(each.holds(segment.id, step) for each in windows)
            assert found == shown(history, segment.id, step)


@given(histories())
def test_no_step_is_shown_twice(history: list[Segment]) -> None:
    windows = visible(history)
    for step in range(-1, 15):
        assert sum(each.first <= step <= each.last for each in windows) <= 1


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
        assert reader.frames("samples") == [step for _, step in ordered]
        assert sorted(row["n"] for row in reader.rows("r")) == sorted(100 * segment + step for segment, step in seen)
        expected = {"x": float(100 * ordered[-1][0] + ordered[-1][1])} if ordered else {}
        assert reader.last() == expected
        for step in range(15):
            frame = reader.frame("samples", step)
            before = [pair for pair in ordered if pair[1] <= step]
            assert (frame and (frame.segment, frame.step)) == (before[-1] if before else None)
        reader.close()


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
