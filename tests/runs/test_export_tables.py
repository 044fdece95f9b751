"""Exports that other programs open: Parquet, TensorBoard's event files, and tables that are files."""

from __future__ import annotations

import csv
import io
import sqlite3
import struct
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from PIL import Image

from workbench.errors import UserError
from workbench.events import Event
from workbench.runs.export import export
from workbench.runs.reader import Reader
from workbench.runs.tables import Table

from .conftest import image, recording

Make = Callable[..., Path]
Read = Callable[[Path], Reader]


@pytest.fixture
def full(make: Make, read: Read) -> Reader:
    """A run with scalars, a declared result, pictures, and a table in a SQLite file."""
    run = make(declaration={"id": "toy", "result": "found"})
    with closing(sqlite3.connect(run / "big.sqlite")) as db:
        db.execute("CREATE TABLE words (word TEXT, n INTEGER)")
        db.executemany("INSERT INTO words VALUES (?, ?)", [("词", 1), ('a,"b"', None)])
        db.commit()
    with recording(run) as recorder:
        for step in range(1, 4):
            recorder.scalars(step, 1000.0 + step, {"loss/d": step / 4, "acc": 1.0})
            recorder.record(image(step))
        recorder.record(Event("rows", "found", 3, {"rows": [{"w": "词", "n": 1}, {"w": "b", "x": [1, 2]}]}))
        recorder.record(Event("table", "file", 2, {"path": "big.sqlite"}))
    return read(run)


def test_parquet_of_a_table_that_is_a_parquet_file(make: Make, read: Read, tmp_path: Path) -> None:
    run = make(declaration={"id": "toy", "result": "words"})
    with duckdb.connect() as db:
        db.sql("SELECT '词' AS word, 2 AS n UNION ALL SELECT 'b', NULL").write_parquet(str(run / "words.parquet"))
    with recording(run) as recorder:
        recorder.record(Event("table", "words", 1, {"path": "words.parquet"}))
    export("parquet", read(run), tmp_path / "out.parquet")
    assert parquet(tmp_path / "out.parquet") == (["word", "n"], [("词", 2), ("b", None)])


def test_csv_has_the_columns_that_the_tool_names_and_parquet_all(make: Make, read: Read, tmp_path: Path) -> None:
    run = make(declaration={"id": "toy", "result": "found", "columns": ["n", "w"]})
    with recording(run) as recorder:
        recorder.record(Event("rows", "found", 3, {"rows": [{"w": "词", "n": 1, "x": 2}, {"w": "b", "x": 3}]}))
    reader = read(run)
    export("csv", reader, tmp_path / "out.csv")
    assert list(csv.reader((tmp_path / "out.csv").open(encoding="utf-8-sig"))) == [["n", "w"], ["1", "词"], ["", "b"]]
    export("csv", reader, tmp_path / "all.csv", ["found"])
    assert (tmp_path / "all.csv").read_text("utf-8-sig").startswith("w,n,x")
    export("parquet", reader, tmp_path / "all.parquet")
    assert parquet(tmp_path / "all.parquet")[0] == ["w", "n", "x"]


def parquet(path: Path) -> tuple[list[str], list[Any]]:
    with duckdb.connect() as db:
        found = db.read_parquet(str(path))
        return found.columns, found.fetchall()


def test_parquet_of_the_declared_result(full: Reader, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert export("parquet", full, path) == [path]
    assert parquet(path) == (["w", "n", "x"], [("词", 1, None), ("b", None, "[1, 2]")])


def test_parquet_of_scalars_is_one_long_table(full: Reader, tmp_path: Path) -> None:
    export("parquet", full, tmp_path / "s.parquet", ["loss"])
    rows = [("loss/d", step, 1000.0 + step, step / 4) for step in (1, 2, 3)]
    assert parquet(tmp_path / "s.parquet") == (["series", "step", "wall", "value"], rows)


def test_a_table_that_is_a_file(full: Reader, tmp_path: Path) -> None:
    export("parquet", full, tmp_path / "f.parquet", ["file"])
    assert parquet(tmp_path / "f.parquet") == (["word", "n"], [("词", 1), ('a,"b"', None)])
    export("csv", full, tmp_path / "f.csv", ["file"])
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["word", "n"], ["词", "1"], ['a,"b"', ""]]


def test_event_files_are_framed_records(full: Reader, tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX", reason="the extra `tensorboard` is not installed")
    (path,) = export("tensorboard", full, tmp_path / "board")
    raw, at, count = path.read_bytes(), 0, 0
    while at < len(raw):
        (length,) = struct.unpack_from("<Q", raw, at)
        at, count = at + 8 + 4 + length + 4, count + 1
    assert (at, count) == (len(raw), 1 + 6 + 3)
    assert export("tensorboard", full, tmp_path / "board") == [path]
    assert [each.name for each in (tmp_path / "board").iterdir()] == [path.name]


def test_tensorboard_reads_its_files(full: Reader, tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX", reason="the extra `tensorboard` is not installed")
    module = "tensorboard.backend.event_processing.event_accumulator"
    reader = pytest.importorskip(module, reason="TensorBoard is not installed")
    export("tensorboard", full, tmp_path / "board")
    board = reader.EventAccumulator(str(tmp_path / "board"), size_guidance={"scalars": 0, "images": 0})
    board.Reload()
    assert [(each.step, each.wall_time, each.value) for each in board.Scalars("loss/d")] == [
        (step, 1000.0 + step, step / 4) for step in (1, 2, 3)
    ]
    shown = board.Images("samples")
    assert [each.step for each in shown] == [1, 2, 3]
    with Image.open(io.BytesIO(shown[1].encoded_image_string)) as picture:
        assert picture.getpixel((0, 0)) == 2


def test_only_the_streams_asked_for(full: Reader, tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX", reason="the extra `tensorboard` is not installed")
    (one,) = export("tensorboard", full, tmp_path / "one", ["acc"])
    (all_,) = export("tensorboard", full, tmp_path / "all")
    assert b"acc" in one.read_bytes()
    assert b"loss/d" not in one.read_bytes()
    assert b"samples" in all_.read_bytes()


def test_without_the_extra_it_is_said_how_to_get_it(
    full: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tensorboardX", "tensorboardX.proto.event_pb2", "tensorboardX.record_writer"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UserError) as caught:
        export("tensorboard", full, tmp_path / "board")
    assert "pip install 'kexue-workbench[tensorboard]'" in str(caught.value.remedy)


FRAMES = {
    "points": (
        {"xy": np.array([[1.0, 2.0], [3.0, 4.0]]), "colour": np.array([5, 6])}, {},
        "x,y,colour|1.0,2.0,5|3.0,4.0,6",
    ),
    "field": (
        {"values": np.array([[1, 2], [3, 4]])}, {"x": [0, 2], "y": [0, 4]},
        "x,y,value|0.5,1.0,1|1.5,1.0,2|0.5,3.0,3|1.5,3.0,4",
    ),
    "lines": ({"x": np.arange(2), "y": np.array([[1, 2], [3, 4]])}, {"labels": ["a", "b"]}, "x,a,b|0,1,3|1,2,4"),
    "arrows": ({"start": np.zeros((1, 2), int), "vector": np.ones((1, 2), int)}, {}, "x,y,dx,dy|0,0,1,1"),
    "paths": ({"xy": np.arange(4).reshape(1, 2, 2)}, {}, "path,index,x,y|0,0,0,1|0,1,2,3"),
    "bars": ({"heights": np.array([7, 8])}, {"labels": ["u", "v"]}, "label,height|u,7|v,8"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_is_a_table_of_numbers(make: Make, read: Read, tmp_path: Path, kind: str) -> None:
    arrays, data, expected = FRAMES[kind]
    run = make()
    with recording(run) as recorder:
        recorder.scalars(2, 0.0, {"s/mean": 1.5})
        later = {name: array + 1 for name, array in arrays.items()}
        recorder.record(Event(kind, "s", 2, data, arrays))  # type: ignore[arg-type]
        recorder.record(Event(kind, "s", 4, data, later))  # type: ignore[arg-type]
    reader = read(run)
    for stream in ("s@2", "s@3"):
        export("csv", reader, tmp_path / "f.csv", [stream])
        assert (tmp_path / "f.csv").read_text("utf-8-sig").splitlines() == expected.split("|")
    export("csv", reader, tmp_path / "f.csv", ["s"])
    assert (tmp_path / "f.csv").read_text("utf-8-sig").splitlines()[1:] != expected.split("|")[1:]
    export("csv", reader, tmp_path / "g.csv", ["s/"])
    assert (tmp_path / "g.csv").read_text("utf-8-sig").startswith("step,seconds,s/mean")
    export("parquet", reader, tmp_path / "f.parquet", ["s@2"])
    table = Table.open(tmp_path / "f.parquet")
    assert [each.name for each in table.columns] == expected.split("|")[0].split(",")
    table.close()
    wrongs = {
        "s@1": "has no frame at step 1",
        "s@x": "x is no step",
        "s@²": "² is no step",
        "q@2": "has no stream q; it has: s",
    }
    for wrong, said in wrongs.items():
        with pytest.raises(UserError, match=said):
            export("csv", reader, tmp_path / "f.csv", [wrong])
