"""A count as files for other programs: CSV, spreadsheets, Parquet."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from corpus_counted import NASTY, jieba_counts, ranked
from workbench_corpus.counting import xlsx

from workbench.errors import UserError
from workbench.events import Event
from workbench.runs.export import export
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
from workbench.runs.records import Header
from workbench.runs.workspace import Workspace
from workbench.testing.running import Ran, Runner

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def counted(count: Callable[..., Ran], tmp_path: Path) -> Ran:
    text = NASTY + "=1+1 =HYPERLINK http://example.org 007"
    (tmp_path / "a.txt").write_bytes(text.encode())
    return count(tmp_path / "a.txt", workers=1)


def test_csv_is_word_and_count_for_spreadsheets(counted: Ran, tmp_path: Path) -> None:
    export("csv", counted.reader, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfword,count\r\n")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    text = (tmp_path / "a.txt").read_bytes().decode()
    assert header == ["word", "count"]
    assert [(word, int(n)) for word, n in rows] == ranked(jieba_counts(text))


def test_parquet_has_all_columns(counted: Ran, tmp_path: Path) -> None:
    export("parquet", counted.reader, tmp_path / "out.parquet")
    assert duckdb.read_parquet(str(tmp_path / "out.parquet")).columns == ["word", "count", "per_million", "documents"]


def cells(path: Path) -> list[list[str]]:
    """The texts of a sheet's cells, formulas told apart."""
    with zipfile.ZipFile(path) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(f".//{_SHEET}f") is None
    rows = sheet.iter(f"{_SHEET}row")
    return [["".join(cell.itertext()) for cell in row.iter(f"{_SHEET}c")] for row in rows]


def test_a_spreadsheet_holds_texts_as_texts(counted: Ran, tmp_path: Path) -> None:
    assert xlsx.write(counted.reader, tmp_path / "out.xlsx") == [tmp_path / "out.xlsx"]
    header, *rows = cells(tmp_path / "out.xlsx")
    assert header == ["word", "count", "per_million", "documents"]
    counts = jieba_counts((tmp_path / "a.txt").read_bytes().decode())
    words = {word: n for word, n in counts.items() if word.strip() and word.isprintable()}
    found = {row[0]: int(row[1]) for row in rows}
    assert {word: found[word] for word in words} == words
    assert len(rows) == len(counts)


def test_a_spreadsheet_that_is_too_small_is_refused(
    counted: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST", 10)
    with pytest.raises(UserError, match="at most 10") as refused:
        xlsx.write(counted.reader, tmp_path / "out.xlsx")
    assert "csv" in refused.value.remedy
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize(
    ("stream", "why"), [("zipf", "no finished table zipf"), ("nothing", "there are: files, groups, words")]
)
def test_what_is_no_table_is_said(counted: Ran, tmp_path: Path, stream: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        xlsx.write(counted.reader, tmp_path / "out.xlsx", [stream])


def _reported(folder: Path, *tables: str) -> Reader:
    """A run of a tool without a result, which reported these tables."""
    run = Workspace(folder).create(Header("walk", "walk", "1", {"id": "walk"}, {}, 0, "cpu", 1, {}))
    with writer(run):
        recorder = Recorder(run)
        for name in tables:
            recorder.record(Event("table", name, data={"rows": [{"n": 1}]}))
        recorder.set_state("done", seconds=1.0)
        recorder.close()
    return Reader(run)


def test_the_only_table_of_a_tool_without_a_result_is_meant(tmp_path: Path) -> None:
    xlsx.write(_reported(tmp_path, "one"), tmp_path / "out.xlsx")
    assert cells(tmp_path / "out.xlsx") == [["n"], ["1"]]


@pytest.mark.parametrize(("tables", "why"), [((), "has no tables"), (("one", "two"), "there are: one, two")])
def test_where_no_one_table_can_be_meant_is_said(tmp_path: Path, tables: tuple[str, ...], why: str) -> None:
    with pytest.raises(UserError, match=why):
        xlsx.write(_reported(tmp_path, *tables), tmp_path / "out.xlsx")


@pytest.mark.parametrize("left", [b"", b"PAR1 and no more"])
def test_a_table_whose_file_is_gone_or_damaged_is_said(counted: Ran, tmp_path: Path, left: bytes) -> None:
    (counted.folder / "words.parquet").unlink()
    if left:
        (counted.folder / "words.parquet").write_bytes(left)
    with pytest.raises(UserError, match=r"table words is missing or damaged: .*words\.parquet"):
        xlsx.write(counted.reader, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_table_that_is_no_file_is_one_too(runner: Runner, tmp_path: Path) -> None:
    ran = runner("corpus-preview", {"text": "T恤", "words": {"case": True}}, where="thread")
    xlsx.write(ran.reader, tmp_path / "out.xlsx", ["folded"])
    assert cells(tmp_path / "out.xlsx") == [["text", "becomes", "times"], ["T恤", "t恤", "1"]]


def test_numbers_without_end_are_in_a_spreadsheet_by_name(counted: Ran, tmp_path: Path) -> None:
    values = ", ".join(f"('{each}'::DOUBLE)" for each in ("inf", "-inf", "nan", "1.5"))
    duckdb.sql(f"COPY (FROM (VALUES {values}) given(x)) TO '{counted.folder / 'words.parquet'}' (FORMAT parquet)")
    xlsx.write(counted.reader, tmp_path / "out.xlsx")
    assert cells(tmp_path / "out.xlsx") == [["x"], ["inf"], ["-inf"], ["1.5"]]


def test_a_place_that_cannot_be_written_is_said(counted: Ran, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        xlsx.write(counted.reader, tmp_path / "no" / "out.xlsx")
