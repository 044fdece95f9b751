"""The index: a cache that is never wrong for long, whoever writes, deletes or damages what."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import UserError
from workbench.runs import index as module
from workbench.runs import schema
from workbench.runs.index import Index
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder, mark
from workbench.runs.workspace import Link, Workspace
from workbench.texts import T

from .conftest import header, recording

Make = Callable[..., Path]


@pytest.fixture
def index(workspace: Workspace) -> Iterator[Index]:
    """An index of the workspace."""
    made = Index(workspace)
    yield made
    made.close()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the runs that a refresh opened."""
    opened: list[str] = []
    original = module._read

    def spy(folder: Path, stamp: str) -> tuple[object, ...] | None:
        opened.append(folder.name)
        return original(folder, stamp)

    monkeypatch.setattr(module, "_read", spy)
    return opened


def settle(index: Index) -> None:
    """Waits until every file is old enough to be trusted, and reads once more."""
    time.sleep(0.15)
    index.refresh()
    time.sleep(0.15)
    index.refresh()


def test_an_empty_workspace_stays_uncreated(workspace: Workspace, index: Index) -> None:
    index.refresh()
    assert index.list_runs() == []
    assert not workspace.root.exists()
    run = workspace.create(header())
    index.refresh()
    assert [row.folder for row in index.list_runs()] == [run]


def test_a_row_says_what_the_run_says(make: Make, index: Index) -> None:
    link = Link("other", 3, "fork")
    run = make(params={"seed": 1, "rate": 0.1}, group="g", preset="ring", command="workbench run toy", links=(link,))
    with recording(run) as recorder:
        recorder.scalars(1, time.time(), {"loss": 0.5, "odd": float("inf")})
        recorder.set_state("failed", seconds=2.5, error=UserError(T("No.")).to_json())
    index.refresh()
    (row,) = index.list_runs()
    assert (row.id, row.tool, row.state, row.seconds) == (run.name, "toy", "failed", 2.5)
    assert (row.params, row.group, row.preset) == ({"seed": 1, "rate": 0.1}, "g", "ring")
    assert (row.last, row.links) == ({"loss": 0.5, "odd": float("inf")}, (link,))
    assert row.error is not None
    assert row.error["text"]["source"] == "No."


def test_only_what_changed_is_read_again(make: Make, index: Index, reads: list[str]) -> None:
    runs = [make() for _ in range(5)]
    index.refresh()
    settle(index)
    reads.clear()
    index.refresh()
    assert reads == []
    mark(runs[2], "cancelled")
    index.refresh()
    assert reads == [runs[2].name]
    assert {row.id: row.state for row in index.list_runs()}[runs[2].name] == "cancelled"


def test_a_run_that_is_being_written_shows_its_progress(run: Path, index: Index) -> None:
    with recording(run) as recorder:
        recorder.set_state("running")
        for step in range(1, 4):
            recorder.scalars(step, time.time(), {"loss": step})
            recorder.flush()
            index.refresh()
            (row,) = index.list_runs()
            assert (row.last, row.state) == ({"loss": step}, "running")
    assert index.list_runs()[0].state == "interrupted"


def test_deleted_runs_are_forgotten(make: Make, index: Index) -> None:
    runs = [make() for _ in range(3)]
    index.refresh()
    shutil.rmtree(runs[1])
    index.refresh()
    assert [row.id for row in index.list_runs()] == [runs[2].name, runs[0].name]


def test_rows_are_chosen(make: Make, index: Index) -> None:
    runs = [make(tool=tool, group=group) for tool, group in (("a", "x"), ("b", "x"), ("a", "y"))]
    mark(runs[0], "done")
    index.refresh()
    assert [row.folder for row in index.list_runs(tool="a")] == [runs[2], runs[0]]
    assert [row.folder for row in index.list_runs(group="x")] == [runs[1], runs[0]]
    assert [row.folder for row in index.list_runs(state="done")] == [runs[0]]
    assert [row.folder for row in index.list_runs(limit=1)] == [runs[2]]


def test_a_damaged_run_is_listed_with_why(make: Make, index: Index) -> None:
    bad, good = make(), make()
    (bad / "run.sqlite").write_bytes(b"nothing of sense" * 100)
    index.refresh()
    rows = {row.id: row for row in index.list_runs()}
    assert (rows[good.name].state, rows[bad.name].state) == ("queued", "damaged")
    assert rows[bad.name].error is not None
    assert bad.name in str(rows[bad.name].error)


def test_an_index_whose_damage_is_no_text_is_made_again(make: Make, index: Index, workspace: Workspace) -> None:
    run = make()
    index.refresh()
    index.close()
    file = workspace.root / "index.sqlite"
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE runs", b"CREATE TABL\xff runs"))
    index.refresh()
    assert [each.id for each in index.list_runs()] == [run.name]


@pytest.mark.parametrize(
    "facts", [{"owner": {"pid": 1}}, {"owner": {"host": platform.node(), "pid": "x", "began": 0}}, {"created": "once"},
              {"params": 3}, {"state": "stopped", "seconds": "long"}, {"owner": [1]}, {"owner": 5},
              {"created": float("nan")}, {"created": float("inf")}, {"created": 1e300}, {"created": -1e17},
              {"created": 10**400}, {"error": "boo"}, {"error": {"text": 5}}, {"seconds": 10**400}]
)  # fmt: skip
def test_a_run_whose_facts_are_odd_is_listed_with_what_is_known_and_read_once(
    make: Make, index: Index, reads: list[str], facts: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    odd, good = make(group="g"), make()
    with writer(odd), closing(schema.open_to_write(odd)) as db:
        schema.put_facts(db, facts)
        db.commit()
    settle(index)
    reads.clear()
    for _ in range(3):
        index.refresh()
        rows = {row.id: row for row in index.list_runs()}
    assert (rows[good.name].state, rows[odd.name].state) == ("queued", "damaged")
    assert (rows[odd.name].tool, rows[odd.name].group) == ("toy", "g")
    assert odd.name in str(rows[odd.name].error)
    assert reads == []
    assert [odd.name in each for each in caplog.messages] == [True]
    with closing(Reader(odd)) as reader, pytest.raises(UserError, match=odd.name):
        _ = reader.state, reader.header, reader.created, reader.seconds, reader.now, reader.error


@pytest.mark.parametrize("statement", ["UPDATE segments SET parent = id", "UPDATE last SET step = 'x'"])
def test_a_run_whose_tables_are_odd_takes_no_other_away(make: Make, index: Index, statement: str) -> None:
    odd, good = make(), make()
    with recording(odd) as recorder:
        recorder.scalars(1, 0.0, {"loss": 1.0})
    with closing(sqlite3.connect(odd / "run.sqlite", isolation_level=None)) as db:
        db.execute(statement)
    index.refresh()
    assert {row.id: row.state for row in index.list_runs()} == {good.name: "queued", odd.name: "damaged"}
    with closing(Reader(odd)) as reader, pytest.raises(UserError, match=odd.name):
        reader.last()


def test_what_is_no_unicode_is_listed(make: Make, index: Index) -> None:
    run = make(group="g\udcff", params={"path": "\ud800"})
    index.refresh()
    (row,) = index.list_runs()
    assert (row.id, row.state, row.group) == (run.name, "queued", "g\\udcff")
    assert index.list_runs(group="g\udcff") == [row]


DAMAGES = {
    "other version": "PRAGMA user_version = 99",
    "other tables": "ALTER TABLE runs RENAME TO x",
    "half a row": "UPDATE runs SET facts = substr(facts, 1, 20) WHERE id = (SELECT min(id) FROM runs)",
    "a row of nothing": "UPDATE runs SET facts = '{}'",
}


@pytest.mark.parametrize(
    "damage", ["missing", "garbage", "other version", "other tables", "truncated", "half a row", "a row of nothing"]
)
def test_an_index_that_is_of_no_use_is_made_again(workspace: Workspace, make: Make, damage: str) -> None:
    runs = [make() for _ in range(3)]
    first = Index(workspace)
    first.refresh()
    first.close()
    path = workspace.root / "index.sqlite"
    if damage == "missing":
        path.unlink()
    elif damage == "garbage":
        path.write_bytes(b"garbage" * 1000)
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        with closing(sqlite3.connect(path)) as db:
            db.execute(DAMAGES[damage])
            db.commit()
    again = Index(workspace)
    again.refresh()
    assert [row.folder for row in again.list_runs()] == runs[::-1]
    again.close()


def test_a_read_only_workspace_has_its_index_in_memory(small_disk: Path) -> None:
    workspace = Workspace(small_disk / "space")
    run = workspace.create(header())
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    index = Index(workspace)
    index.refresh()
    assert [row.folder for row in index.list_runs()] == [run]
    index.close()


def test_several_programs_refresh_at_once(workspace: Workspace, make: Make) -> None:
    code = "import sys; from pathlib import Path; from workbench.runs.index import Index\n"
    code += "from workbench.runs.workspace import Workspace\n"
    code += "index = Index(Workspace(Path(sys.argv[1])))\n"
    code += "for _ in range(30): index.refresh()\n"
    code += "print(len(index.list_runs()))"
    make()
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(workspace.root)], stdout=subprocess.PIPE) for _ in range(3)
    ]
    runs = [make() for _ in range(20)]
    for run in runs:
        with writer(run):
            Recorder(run).close()
    assert [child.wait() for child in children] == [0, 0, 0]
    index = Index(workspace)
    index.refresh()
    assert len(index.list_runs()) == 21
    index.close()
    for child in children:
        child.communicate()
