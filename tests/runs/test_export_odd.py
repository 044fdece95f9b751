"""Exports of what a run may hold though nobody expects it: an @ in a name, half a character, frames taken back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from workbench.errors import UserError
from workbench.events import Event
from workbench.runs.export import export
from workbench.runs.reader import Reader

from .conftest import image, recording

Read = Callable[[Path], Reader]
HALF = "a\ud800b"


def lines(reader: Reader, stream: str, target: Path) -> list[str]:
    """A stream as CSV."""
    export("csv", reader, target, [stream])
    return target.read_text("utf-8-sig").splitlines()


def parquet(reader: Reader, stream: str, target: Path) -> tuple[list[str], list[tuple[object, ...]]]:
    """The names of the columns, and the rows."""
    export("parquet", reader, target, [stream])
    with duckdb.connect() as db:
        found = db.read_parquet(str(target))
        return found.columns, found.fetchall()


def test_a_name_that_holds_an_at(run: Path, read: Read, tmp_path: Path) -> None:
    with recording(run) as recorder:
        recorder.scalars(1, 0.0, {"acc@1": 0.5, "top@5/loss": 0.25})
        recorder.record(Event("rows", "good@k", 1, {"rows": [{"n": 7}]}))
        for step in (1, 3):
            recorder.record(Event("points", "cloud@2", step, arrays={"xy": np.full((1, 2), step)}))
    reader, target = read(run), tmp_path / "out"
    assert lines(reader, "acc@1", target)[0] == "step,seconds,acc@1"
    assert lines(reader, "top@5", target)[0] == "step,seconds,top@5/loss"
    assert lines(reader, "good@k", target) == ["n", "7"]
    assert lines(reader, "cloud@2", target) == ["x,y", "3,3"]
    assert lines(reader, "cloud@2@2", target) == ["x,y", "1,1"]
    assert [row[0] for row in parquet(reader, "acc@1", target)[1]] == ["acc@1"]
    assert parquet(reader, "good@k", target) == (["n"], [(7,)])
    for wrong, said in {"acc@2": "has no stream acc;", "cloud@2@k": "k is no step"}.items():
        with pytest.raises(UserError, match=said):
            export("csv", reader, target, [wrong])


def test_half_a_character_becomes_a_mark(run: Path, read: Read, tmp_path: Path) -> None:
    with recording(run) as recorder:
        recorder.record(Event("rows", "found", 1, {"rows": [{HALF: HALF}, {HALF: {"in": HALF}}]}))
        recorder.record(Event("bars", "bars", 1, {"labels": [HALF]}, {"heights": np.ones(1)}))
        recorder.record(Event("lines", "lines", 1, {"labels": [HALF, "c"]}, {"x": np.ones(1), "y": np.ones((2, 1))}))
        recorder.record(Event("text", "words", 1, {"text": HALF}))
    reader, target = read(run), tmp_path / "out"
    assert lines(reader, "found", target) == ["a?b", "a?b", '"{""in"": ""a?b""}"']
    assert parquet(reader, "found", target) == (["a?b"], [("a?b",), ('{"in": "a?b"}',)])
    assert lines(reader, "bars", target) == ["label,height", "a?b,1.0"]
    assert parquet(reader, "bars", target) == (["label", "height"], [("a?b", 1.0)])
    assert parquet(reader, "lines", target) == (["x", "a?b", "c"], [(1.0, 1.0, 1.0)])
    export("text", reader, target, ["words"])
    assert target.read_text("utf-8") == "a?b\n"


def test_frames_that_were_taken_back_are_no_file(run: Path, read: Read, tmp_path: Path) -> None:
    with recording(run) as recorder:
        recorder.record(image(5))
        recorder.record(image(5, "others"))
        recorder.record(Event("text", "words", 5, {"text": "said"}))
        recorder.record(Event("points", "cloud", 5, arrays={"xy": np.zeros((1, 2))}))
        recorder.branch(2, "roll-back")
        recorder.record(image(3, "others"))
    reader = read(run)
    for form, place, stream in (
        ("images", "out.png", "samples"), ("images", "out", "samples"), ("text", "out.txt", "words"),
        ("csv", "out.csv", "cloud"), ("parquet", "out.parquet", "cloud"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=f"The stream {stream} has no frames"):
            export(form, reader, tmp_path / place, [stream])
        assert not (tmp_path / place).exists()
    written = export("images", reader, tmp_path / "out", ["samples", "others"])
    assert written == list((tmp_path / "out").iterdir()) == [tmp_path / "out" / "others-000000003.png"]


def test_pictures_of_streams_with_names_alike_lie_apart(run: Path, read: Read, tmp_path: Path) -> None:
    with recording(run) as recorder:
        for step, stream in enumerate(("a-b", "a/b", "A:b", "a-b-"), 1):
            recorder.record(image(step, stream))
    written = export("images", read(run), tmp_path / "out")
    assert len({each.name.casefold() for each in written}) == 4
    assert sorted(written) == sorted((tmp_path / "out").iterdir())
    assert not any(set(each.name) & set('\\/:*?"<>|') for each in written)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is a text")
def test_a_place_whose_name_is_no_text(run: Path, read: Read, tmp_path: Path) -> None:
    place = tmp_path / "odd\udcff"
    place.mkdir()
    with recording(run) as recorder:
        recorder.scalars(1, 0.0, {"loss": 0.5})
    assert export("csv", read(run), place / "a.csv") == [place / "a.csv"]
    with pytest.raises(UserError, match="UTF-8"):
        export("parquet", read(run), place / "a.parquet")
    assert [each.name for each in place.iterdir()] == ["a.csv"]
