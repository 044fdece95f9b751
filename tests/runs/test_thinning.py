"""Thinning: by the step alone; the same whatever was watched, and after a resume."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.events import Event
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
from workbench.runs.thinning import MOST, Thinning
from workbench.runs.workspace import Workspace

from .conftest import header, image, recording

Read = Callable[[Path], Reader]


def thin(steps: list[int], last: int | None = None, every: int = 1, watched: frozenset[int] = frozenset()) -> set[int]:
    """What is kept of a job that makes frames when they are due or watched."""
    state, kept = Thinning(every), set()
    for step in steps:
        if state.due(step, last) or step in watched:
            if not state.due(step, last):
                continue
            kept.add(step)
            if state.add(step, last):
                kept = {each for each in kept if state.on_stride(each) or each == state.last}
    assert kept == state.kept | ({state.last} - {None})
    return kept


@given(st.integers(1, 9), st.integers(0, 4), st.integers(0, 99), st.integers(0, 500), st.none() | st.integers(0, 600))
def test_the_step_at_which_a_frame_is_due_next_is_foreseen(
    every: int, doublings: int, phase: int, step: int, last: int | None
) -> None:
    state = Thinning(every, doublings, phase)
    after = state.due_after(step, last)
    assert state.due(after, last)
    assert not any(state.due(each, last) for each in range(step + 1, after))


def test_all_are_kept_while_they_are_few() -> None:
    assert thin(list(range(1, MOST + 1))) == set(range(1, MOST + 1))


def test_the_stride_doubles() -> None:
    assert thin(list(range(1, MOST + 2))) == set(range(2, MOST + 2, 2))
    assert thin(list(range(1, 5001))) == set(range(32, 5001, 32))


def test_the_last_step_is_kept_besides() -> None:
    assert thin(list(range(1, 5004)), last=5003) == {*range(32, 5004, 32), 5003}


def test_the_finest_stride_is_the_jobs() -> None:
    assert thin(list(range(1, 1001)), every=50) == set(range(50, 1001, 50))


@given(st.integers(0, 99), st.integers(1, 40), st.integers(300, 2000))
def test_regular_reports_are_never_thinned_to_nothing(first: int, every: int, count: int) -> None:
    kept = thin([first + every * number for number in range(count)])
    assert MOST // 8 <= len(kept) <= MOST


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 1500), st.sampled_from([1, 3, 10]), st.sets(st.integers(1, 1500)), st.booleans())
def test_what_is_watched_changes_nothing(length: int, every: int, watched: set[int], ends: bool) -> None:
    with tempfile.TemporaryDirectory() as place:
        workspace = Workspace(Path(place) / "space")
        found = []
        for looked in (set(), watched, set(range(1501))):
            run = workspace.create(header())
            with recording(run) as recorder:
                recorder.last_step = length if ends else None
                for step in range(1, length + 1):
                    if recorder.due("samples", step, every) or step in looked:
                        recorder.record(image(step))
            reader = Reader(run)
            found.append(reader.frames("samples"))
            reader.close()
        assert found[0] == found[1] == found[2]
        assert len(found[0]) <= MOST + 1
        assert (length in found[0]) >= ends


def report(recorder: Recorder, first: int, last: int, every: int = 1) -> None:
    recorder.last_step = 3000
    for step in range(first, last + 1):
        if recorder.due("samples", step, every):
            recorder.record(image(step))


@pytest.mark.parametrize("cut", [1, 255, 256, 257, 700, 1024, 2999])
def test_a_resumed_run_is_thinned_like_one_that_never_stopped(make: Callable[..., Path], read: Read, cut: int) -> None:
    whole, parts = make(), make()
    with recording(whole) as recorder:
        report(recorder, 1, 3000)
    with recording(parts) as recorder:
        report(recorder, 1, cut)
    with recording(parts, start=cut, parent=0) as recorder:
        report(recorder, cut + 1, 3000)
    assert read(parts).frames("samples") == read(whole).frames("samples")
    assert read(parts).frame("samples", 64).step == read(whole).frame("samples", 64).step  # type: ignore[union-attr]


def test_an_older_last_frame_gives_way_to_a_newer(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        recorder.last_step = 301
        for step in range(1, 302):
            recorder.record(image(step))
    assert read(run).frames("samples")[-2:] == [300, 301]
    with recording(run, start=301, parent=0) as recorder:
        recorder.last_step = 333
        for step in range(302, 334):
            recorder.record(image(step))
    assert 301 not in read(run).frames("samples")
    assert read(run).frames("samples")[-2:] == [332, 333]


def test_at_one_step_the_newest_wins(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for value in range(5):
            recorder.record(image(value))
            recorder.record(Event("text", "same", 0, {"text": str(value)}))
    frame = read(run).frame("same")
    assert frame is not None
    assert (read(run).frames("same"), frame.data["text"]) == ([0], "4")
