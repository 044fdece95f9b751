"""Large tables: the same rows in the same order as Python's own sort and filter gives."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import UserError
from workbench.events import Event
from workbench.jobs.report import Reporter
from workbench.runs import tables
from workbench.runs.reader import Reader
from workbench.runs.tables import Interrupted, Table, located

from .conftest import recording

Row = tuple[Any, ...]
ODD = 'a "quoted"; DROP TABLE data --'
WORDS = st.text(st.sampled_from("abAB词语%_'\\ é"), max_size=5)
VALUES = st.tuples(
    st.one_of(st.none(), st.integers(-5, 5)),
    st.one_of(st.none(), WORDS),
    st.one_of(st.none(), st.sampled_from([-1.5, 0.25, 2.0])),
)


def fill(path: Path, rows: Sequence[Row], columns: str = f'"{ODD.replace(chr(34), chr(34) * 2)}", word, score') -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"CREATE TABLE IF NOT EXISTS found ({columns})")
        marks = ", ".join("?" * (columns.count(",") + 1))
        db.executemany(f"INSERT INTO found VALUES ({marks})", rows)
        db.commit()
    return path


@pytest.fixture
def opened() -> Iterator[Callable[..., Table]]:
    made: list[Table] = []

    def open_(path: Path, name: str = "") -> Table:
        made.append(Table.open(path, name))
        return made[-1]

    yield open_
    for each in made:
        each.close()


def expected(rows: Sequence[Row], sort: int | None, descending: bool, contains: str) -> list[Row]:
    """Python's own: stable, what is missing last, cells as text."""
    kept = [row for row in rows if any(contains.lower() in str(cell).lower() for cell in row if cell is not None)]
    kept = kept if contains else list(rows)
    if sort is None:
        return kept
    there = [row for row in kept if row[sort] is not None]
    numbered = sorted(enumerate(there), key=lambda each: each[1][sort], reverse=descending)
    if descending:
        numbered = sorted(enumerate(there[::-1]), key=lambda each: each[1][sort])[::-1]
    return [row for _, row in numbered] + [row for row in kept if row[sort] is None]


@settings(deadline=None, max_examples=60)
@given(st.lists(VALUES, max_size=30), st.sampled_from([None, 0, 1, 2]), st.booleans(), WORDS, WORDS)
def test_sorted_and_filtered_as_python_does(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], sort: int | None, descending: bool, one: str, two: str
) -> None:
    path = fill(tmp_path_factory.mktemp("t") / "t.sqlite", rows)
    table = Table.open(path)
    name = "" if sort is None else [ODD, "word", "score"][sort]
    for contains in ("", one, one + two, two):
        found = expected(rows, sort, descending, contains)
        assert table.page(0, 100, name, descending, contains) == found
        assert table.count(contains) == len(found)
        assert table.page(1, 2, name, descending, contains) == found[1:3]
    table.close()


def test_a_copy_in_the_wanted_order_gives_the_same(
    tmp_path: Path, opened: Callable[..., Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE", 10)
    monkeypatch.setattr(tables, "FEW", 20)
    monkeypatch.setattr(tables, "_GROUP", 16)
    rows = [(n % 7, f"w{n % 13}", n / 2) for n in range(200)]
    table = opened(fill(tmp_path / "t.sqlite", rows))
    for sort, name in [(0, ODD), (1, "word"), (2, "score"), (0, ODD)]:
        for contains in ("", "1", "12"):
            for descending in (False, True):
                for _ in range(2):
                    found = expected(rows, sort, descending, contains)
                    assert table.page(3, 50, name, descending, contains) == found[3:53]
                    assert table.page(0, 50, name, descending, contains) == found[:50]
                    assert table.count(contains) == len(found)
                    table.settle()


def test_columns_have_types(tmp_path: Path, opened: Callable[..., Table]) -> None:
    rows = [(1, 2, 1.5, b"\x01", None, "x"), (2, 0.5, 2.5, "t", None, "x")]
    table = opened(fill(tmp_path / "t.sqlite", rows, "i, mixed, r, blob, none, t"))
    assert [(each.name, each.kind) for each in table.columns] == [
        ("i", "integer"), ("mixed", "real"), ("r", "real"), ("blob", "text"), ("none", "text"), ("t", "text"),
    ]  # fmt: skip
    assert table.page(0, 9) == [(1, 2.0, 1.5, "01", None, "x"), (2, 0.5, 2.5, "t", None, "x")]


def test_a_parquet_file(tmp_path: Path, opened: Callable[..., Table]) -> None:
    path = tmp_path / "it's.parquet"
    with duckdb.connect() as db:
        db.execute(
            "CREATE TABLE t AS SELECT range AS i, range / 4 AS half, 'w' || range AS w, [1, range] AS l FROM range(50)"
        )
        db.table("t").write_parquet(str(path))
    table = opened(path)
    assert [each.kind for each in table.columns] == ["integer", "real", "text", "text"]
    assert table.page(0, 1, "i", descending=True) == [(49, 12.25, "w49", "[1, 49]")]
    assert table.count("w4") == 11


def test_rows_of_a_stream() -> None:
    table = Table.of_rows([{"a": 1, "b": "x\ud800"}, {"a": float("nan"), "c": {"d": [1]}}, {"a": 2**70}])
    assert [(each.name, each.kind) for each in table.columns] == [("a", "text"), ("b", "text"), ("c", "text")]
    assert table.page(1, 2, "b") == [("NaN", None, '{"d": [1]}'), (str(2**70), None, None)]
    table.close()
    empty = Table.of_rows([])
    assert (empty.count(), empty.columns, empty.page(0, 5)) == (0, [], [])
    empty.close()


def test_what_a_job_writes_meanwhile(tmp_path: Path, opened: Callable[..., Table]) -> None:
    path = fill(tmp_path / "t.sqlite", [(1, "a", 0.5)])
    table = opened(path)
    assert not table.refresh()
    fill(path, [(2, "b", 1.5)])
    assert table.refresh()
    assert table.count() == 2
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE found SET word = 'c' WHERE word = 'a'")
        db.commit()
    assert table.refresh()
    assert table.page(0, 9) == [(1, "c", 0.5), (2, "b", 1.5)]
    fill(path, [("text", "d", None)])
    assert table.refresh()
    assert [row[0] for row in table.page(0, 9)] == ["1", "2", "text"]
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM found WHERE word = 'b'")
        db.commit()
    assert table.refresh()
    assert (table.count(), table.count("b")) == (2, 0)


def interrupt_often(table: Table) -> None:
    for _ in range(100):
        time.sleep(0.01)
        table.interrupt()


def ask_on(table: Table) -> None:
    for _ in range(1000):
        table.page(0, 9, "a", contains="zz")


def test_a_query_can_be_interrupted(opened: Callable[..., Table], tmp_path: Path) -> None:
    path = tmp_path / "big.parquet"
    with duckdb.connect() as db:
        db.execute(
            "CREATE TABLE t AS SELECT md5(range::VARCHAR) AS a, md5(range::VARCHAR || 'x') AS b FROM range(1500000)"
        )
        db.table("t").write_parquet(str(path))
    table = opened(path)
    stop = threading.Thread(target=interrupt_often, args=(table,))
    stop.start()
    with pytest.raises(Interrupted):
        ask_on(table)
    stop.join()
    assert table.count() == 1_500_000


@pytest.mark.parametrize("content", [b"", b"not a table at all", b"SQLite format 3\0" + b"x" * 200, b"PAR1xx"])
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd"
    path.write_bytes(content)
    with pytest.raises(UserError, match="odd"):
        Table.open(path)
    with pytest.raises(UserError, match="missing"):
        Table.open(tmp_path / "missing")


def test_unknown_names_are_said(tmp_path: Path, opened: Callable[..., Table]) -> None:
    path = fill(tmp_path / "t.sqlite", [(1, "a", 0.5)])
    with pytest.raises(UserError, match="no table other; it has: found"):
        opened(path, "other")
    with pytest.raises(UserError, match="no column nothing"):
        opened(path).page(0, 1, "nothing")


# ------------------------------------------------------------------------------------ files of a run


def reporter(folder: Path, recorder: Any) -> Reporter:
    screen: Any = SimpleNamespace(watched=lambda stream: False, follow=print)  # noqa: ARG005 - nobody looks
    return Reporter(recorder, screen, folder)


def test_a_run_names_its_file_relative_to_its_folder(run: Path, read: Callable[[Path], Reader]) -> None:
    fill(run / "corpus.sqlite", [(1, "a", 0.5)])
    with recording(run) as recorder:
        reporter(run, recorder).table("corpus", run / "corpus.sqlite")
    moved = run.rename(run.with_name("elsewhere"))
    frame = read(moved).frame("corpus")
    assert frame is not None
    assert frame.data["path"] == "corpus.sqlite"
    assert located(moved, frame.data) == moved / "corpus.sqlite"
    assert located(moved, {"rows": []}) is None


def test_a_file_outside_of_the_run_is_refused(run: Path, tmp_path: Path) -> None:
    with recording(run) as recorder, pytest.raises(UserError, match="outside"):
        reporter(run, recorder).table("corpus", tmp_path / "corpus.sqlite")
    with pytest.raises(UserError, match="outside"):
        located(run, Event("table", "t", data={"path": "../../secret.sqlite"}).data)


def test_a_file_whose_damage_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    file = fill(tmp_path / "found.sqlite", [(1, "a", 0.5)], "number, word, score")
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE found", b"CREATE TABL\xff found"))
    with pytest.raises(UserError, match=r"found\.sqlite cannot be read"):
        Table.open(file)
