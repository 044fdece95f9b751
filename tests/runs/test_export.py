"""Exports: tables that a spreadsheet reads, pictures that a person sees."""

from __future__ import annotations

import csv
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from workbench.errors import UserError
from workbench.events import Event
from workbench.registry import Found, Registry
from workbench.runs.export import export
from workbench.runs.exporters.images import mosaic
from workbench.runs.reader import Reader
from workbench.tool import Exporter

from .conftest import image, recording

Read = Callable[[Path], Reader]
Make = Callable[..., Path]


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


@pytest.fixture
def full(make: Make, read: Read) -> Reader:
    """A run with scalars, rows, a table, images and points."""
    run = make(declaration={"id": "toy", "result": "found"})
    with recording(run) as recorder:
        created = 1000.0
        for step in range(1, 4):
            recorder.scalars(step, created + step, {"loss/d": step / 3})
            recorder.record(image(step))
            recorder.record(Event("points", "cloud", step, arrays={"xy": np.eye(2) * step, "label": np.arange(2)}))
        recorder.scalars(2, created, {"acc": float("nan"), "loss/d": 9.0})
        rows = [{"词": 'a,"b"', "n": 1}, {"词": "多\n行", "extra": [1, 2], "yes": True, "none": None}]
        recorder.record(Event("rows", "found", 3, {"rows": rows}))
        recorder.record(Event("table", "t", 1, {"rows": [{"x": 0.1}]}))
        recorder.record(Event("table", "t", 2, {"rows": [{"x": 0.2}]}))
        recorder.record(Event("table", "file", 2, {"path": "big.sqlite"}))
    return read(run)


@pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")
def test_a_link_is_written_through_and_a_pipe_stays(full: Reader, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "to the pipe").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "to the pipe", "loop"):
        with pytest.raises(UserError, match="neither a file nor a folder"):
            export("csv", full, tmp_path / name)
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "link").symlink_to(tmp_path / "it.csv")
    (tmp_path / "it.csv").write_text("old")
    assert export("csv", full, tmp_path / "link") == [tmp_path / "link"]
    assert (tmp_path / "link").is_symlink()
    assert table(tmp_path / "it.csv")[0][0] == "词"


def test_the_declared_result_is_the_default(full: Reader, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert export("csv", full, path) == [path]
    assert table(path) == [
        ["词", "n", "extra", "yes", "none"],
        ['a,"b"', "1", "", "", ""],
        ["多\n行", "", "[1, 2]", "true", ""],
    ]
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 3
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_scalars_are_one_wide_table(full: Reader, tmp_path: Path) -> None:
    export("csv", full, tmp_path / "s.csv", ["loss", "acc"])
    (head, *lines) = table(tmp_path / "s.csv")
    assert head == ["step", "seconds", "loss/d", "acc"]
    assert [[line[0], *line[2:]] for line in lines] == [
        ["1", repr(1 / 3), ""],
        ["2", repr(2 / 3), "nan"],
        ["2", "9.0", ""],
        ["3", "1.0", ""],
    ]


def test_a_tool_without_a_result_exports_its_scalars(run: Path, read: Read, tmp_path: Path) -> None:
    with recording(run) as recorder:
        recorder.scalars(1, 0.0, {"a": 1})
    export("csv", read(run), tmp_path / "a.csv")
    assert table(tmp_path / "a.csv")[0] == ["step", "seconds", "a"]


def test_of_a_table_the_newest(full: Reader, tmp_path: Path) -> None:
    export("csv", full, tmp_path / "t.csv", ["t"])
    assert table(tmp_path / "t.csv") == [["x"], ["0.2"]]


@pytest.mark.parametrize(
    ("form", "streams", "why"),
    [
        ("csv", ["nothing"], "has no stream nothing; it has: found, file, t, cloud, loss/d, acc"),
        ("csv", ["t", "found"], "one table"),
        ("csv", ["file"], "gone: .*big.sqlite"),
        ("parquet", ["file"], "gone: .*big.sqlite"),
        ("parquet", ["t", "found"], "one table"),
        ("parquet", ["nothing"], "has no stream nothing"),
        ("tensorboard", ["found"], "has no stream found; it has: samples, loss/d, acc"),
        ("images", ["found"], "has no stream found; it has: cloud, samples"),
        ("text", ["found"], "has no stream found"),
        ("docx", [], "no format docx; there are: csv, parquet, tensorboard, text, images"),
    ],
)
def test_what_cannot_be_exported(full: Reader, tmp_path: Path, form: str, streams: list[str], why: str) -> None:
    with pytest.raises(UserError, match=why):
        export(form, full, tmp_path / "out", streams)
    assert list(tmp_path.glob(".*")) == []


def test_a_run_without_anything(run: Path, read: Read, tmp_path: Path) -> None:
    for form in ("csv", "parquet", "tensorboard", "text", "images"):
        with pytest.raises(UserError, match=run.name):
            export(form, read(run), tmp_path / "out")


@pytest.mark.parametrize("form", ["csv", "parquet", "tensorboard", "images"])
def test_a_path_that_cannot_be_written(full: Reader, tmp_path: Path, form: str) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        export(form, full, tmp_path / "missing" / "out")


def test_a_failed_export_leaves_the_old_file(full: Reader, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(UserError):
        export("csv", full, path, ["nothing"])
    assert path.read_text() == "mine"


OLD = {"out": "old", "into": {"old.txt": "old", "a.txt": "old"}}
"""What lies in a folder: texts of files, and folders."""


def lies(folder: Path) -> dict[str, Any]:
    """What lies in a folder, as in OLD."""
    return {each.name: lies(each) if each.is_dir() else each.read_text() for each in folder.iterdir()}


def lay(folder: Path, files: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        if isinstance(content, str):
            (folder / name).write_text(content)
        else:
            lay(folder / name, content)


def one(_reader: Reader, path: Path, _streams: object) -> list[Path]:
    path.write_text("new")
    path.with_name("beside").write_text("new")
    return [path, path.with_name("beside")]


def many(_reader: Reader, path: Path, _streams: object) -> list[Path]:
    lay(path, {"a.txt": "new", "b.txt": "new"})
    return [path / "a.txt", path / "b.txt"]


def breaking(_reader: Reader, path: Path, _streams: object) -> list[Path]:
    path.write_text("half")
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupted(_reader: Reader, path: Path, _streams: object) -> list[Path]:
    lay(path, {"a.txt": "half"})
    raise KeyboardInterrupt


def missing(_reader: Reader, path: Path, _streams: object) -> list[Path]:
    path.write_text("half")
    Path("/nowhere/at-all").read_text()
    return [path]


@pytest.fixture
def registry() -> Registry:
    """The writers above as exporters of a plugin."""
    made = [Exporter(each.__name__, "", f":{each.__name__}") for each in (one, many, breaking, interrupted, missing)]
    return Registry(exporters={each.id: Found(each, "toy", __name__, "1") for each in made})


def test_what_an_exporter_of_a_plugin_writes_comes_to_lie_where_it_should(
    full: Reader, tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "here"
    lay(place, OLD)
    assert export("one", full, place / "out", (), registry) == [place / "out", place / "beside"]
    assert export("many", full, place / "into", (), registry) == [place / "into/a.txt", place / "into/b.txt"]
    export("many", full, place / "made", (), registry)
    new = {"a.txt": "new", "b.txt": "new"}
    assert lies(place) == {"out": "new", "beside": "new", "into": {"old.txt": "old", **new}, "made": new}
    monkeypatch.chdir(place / "made")
    assert export("many", full, Path(), (), registry) == [Path("a.txt"), Path("b.txt")]
    assert lies(place / "made") == new


@pytest.mark.parametrize(("form", "error"), [("breaking", UserError), ("interrupted", KeyboardInterrupt),
                                             ("missing", FileNotFoundError)])  # fmt: skip
@pytest.mark.parametrize("target", ["out", "into", "made"])
def test_an_exporter_that_breaks_off_leaves_nothing(
    full: Reader, tmp_path: Path, registry: Registry, form: str, error: type[BaseException], target: str
) -> None:
    place = tmp_path / "here"
    lay(place, OLD)
    with pytest.raises(error) as raised:
        export(form, full, place / target, (), registry)
    assert lies(place) == OLD
    if form == "breaking":
        assert str(raised.value) == f"{place / target} cannot be written: No space left on device."


def test_every_frame_becomes_a_picture(full: Reader, tmp_path: Path) -> None:
    written = export("images", full, tmp_path / "out")
    names = [f"{stream}-{step:09d}.png" for stream in ("cloud", "samples") for step in (1, 2, 3)]
    assert [each.name for each in written] == names
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == names
    with Image.open(tmp_path / "out" / names[3]) as picture:
        assert picture.size == (512, 512)
        assert picture.getpixel((256, 256)) == 1


def test_a_png_file_takes_the_newest_frame(full: Reader, tmp_path: Path) -> None:
    export("images", full, tmp_path / "last.png", ["samples"])
    with Image.open(tmp_path / "last.png") as picture:
        assert picture.getpixel((0, 0)) == 3
    with pytest.raises(UserError, match="one stream"):
        export("images", full, tmp_path / "last.png")


@pytest.mark.parametrize("shape", [(1, 28, 28), (5, 3, 4), (64, 32, 32, 3), (1, 1, 1), (9, 600, 600)])
def test_a_mosaic_holds_every_tile_unblurred(shape: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    picture = np.asarray(mosaic(images))
    columns = int(np.ceil(np.sqrt(shape[0])))
    factor = picture.shape[1] // (columns * (shape[2] + 1) - 1)
    small = picture[::factor, ::factor]
    for number, tile in enumerate(images):
        top, left = number // columns * (shape[1] + 1), number % columns * (shape[2] + 1)
        assert np.array_equal(small[top : top + shape[1], left : left + shape[2]], tile)
