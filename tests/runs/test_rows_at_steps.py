"""Rows along the steps: what was known at a step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench.events import Event
from workbench.runs.reader import Reader
from workbench.ui.pages.runs.scrubbed import Scrubbed
from workbench.ui.stored import read_folder

from .conftest import recording

Read = Callable[[Path], Reader]


def row(step: int, key: str | None = None) -> Event:
    return Event("rows", "r", step, {"rows": [{"id": step % 3, "n": step}], "key": key})


def test_rows_of_later_steps_are_not_known_yet(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for step in (1, 2, 2, 5):
            recorder.record(row(step))
    reader = read(run)
    known = {step: [each["n"] for each in reader.rows("r", step)] for step in (0, 1, 2, 4, 5, 9)}
    assert known == {0: [], 1: [1], 2: [1, 2, 2], 4: [1, 2, 2], 5: [1, 2, 2, 5], 9: [1, 2, 2, 5]}
    assert reader.row_steps("r") == [1, 2, 5]
    assert [each["n"] for each in reader.rows("r")] == [1, 2, 2, 5]


def test_hidden_steps_stay_hidden_and_older_segments_answer_for_their_steps(run: Path, read: Read) -> None:
    with recording(run) as recorder:
        for step in range(1, 7):
            recorder.record(row(step, "id"))
    with recording(run, start=3, parent=0) as recorder:
        recorder.record(row(4, "id"))
    reader = read(run)
    assert reader.row_steps("r") == [4]  # 1, 2 and 3 made way for 4, 5 and 6 of the same segment, which are hidden
    assert [each["n"] for each in reader.rows("r", 3)] == []
    assert [each["n"] for each in reader.rows("r", 4)] == [4]


def test_a_scrubbed_run_shows_the_rows_of_its_step(run: Path) -> None:
    with recording(run) as recorder:
        for step in (1, 3, 8):
            recorder.record(row(step))
    source = Scrubbed(read_folder(run), run)
    assert source.steps.tolist() == [1, 3, 8]
    assert source.folder == run
    for step, known in ((3, [1, 3]), (0, None), (8, [1, 3, 8])):
        assert "r" in source.show(step, source.read(step))
        frame = source.frame("r")
        assert (None if frame is None else [each["n"] for each in frame.data["rows"]]) == known
