"""Runs that are deleted: whole or not at all, back on wish, gone in the end."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.errors import UserError
from workbench.runs import trash as module
from workbench.runs.lock import is_written, writer
from workbench.runs.owner import has_ended, this_program
from workbench.runs.recorder import mark
from workbench.runs.trash import Moved, Trash
from workbench.runs.workspace import Workspace

from .conftest import Make, header, recording


def ended(make: Make) -> Path:
    """A run that is done."""
    folder: Path = make()
    mark(folder, "done")
    return folder


def refusal(found: Moved) -> str:
    """Why nothing was moved."""
    moved, error = found
    assert moved == []
    return str(error)


def test_deleted_runs_come_back_or_go(workspace: Workspace, make: Make) -> None:
    runs = [ended(make) for _ in range(3)]
    trash = Trash(workspace)
    assert trash.put(runs[:2]) == (runs[:2], None)
    assert workspace.folders() == [runs[2]]
    trash.bring_back(runs[:1])
    assert set(workspace.folders()) == {runs[0], runs[2]}
    assert "cannot be brought back" in refusal(trash.bring_back(runs[:1]))
    trash.empty()
    assert not (workspace.root / "trash").exists()
    assert "cannot be brought back" in refusal(trash.bring_back(runs[1:2]))


def test_one_that_cannot_be_moved_holds_no_other_back(workspace: Workspace, make: Make) -> None:
    runs = [ended(make) for _ in range(3)]
    mark(runs[1], "running")
    trash = Trash(workspace)
    with writer(runs[1]):
        moved, error = trash.put(runs)
    assert moved == [runs[0], runs[2]]
    assert error is not None
    assert workspace.folders() == [runs[1]]
    runs[0].mkdir()  # something else lies where it was
    moved, error = trash.bring_back([runs[0], runs[2]])
    assert moved == [runs[2]]
    assert error is not None
    runs[0].rmdir()
    assert trash.bring_back(runs[:1]) == (runs[:1], None)


def test_where_open_files_hold_their_folder_the_lock_is_let_go_before_it_is_moved(
    workspace: Workspace, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, held = ended(make), []
    monkeypatch.setattr(module, "_OPEN_FILES_HOLD", True)

    def rename(source: Path, target: Path) -> None:
        held.append(is_written(source))
        os.rename(source, target)  # noqa: PTH104 - the other one is replaced

    monkeypatch.setattr(Path, "rename", rename)
    trash = Trash(workspace)
    with recording(run):
        assert "being written" in refusal(trash.put([run]))
    trash.put([run])
    assert held == [False]
    assert workspace.folders() == []


def test_what_is_written_stays(workspace: Workspace, run: Path) -> None:
    trash = Trash(workspace)
    assert "is being written" in refusal(trash.put([run]))  # queued
    with recording(run) as recorder:
        recorder.set_state("running")
        assert "is being written" in refusal(trash.put([run]))
    assert "There is no run" in refusal(trash.put([run.with_name("gone")]))
    assert workspace.folders() == [run]


def test_a_damaged_run_can_be_deleted(workspace: Workspace, run: Path) -> None:
    (run / "run.sqlite").write_bytes(b"nonsense" * 1000)
    Trash(workspace).put([run])
    assert workspace.folders() == []


def test_what_a_dead_program_left_is_swept_and_a_living_ones_is_not(workspace: Workspace, make: Make) -> None:
    runs = [ended(make) for _ in range(2)]
    code = f"""
from pathlib import Path; from workbench.runs.trash import Trash; from workbench.runs.workspace import Workspace
Trash(Workspace(Path({str(workspace.root)!r}))).put([Path({str(runs[0])!r})])
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    mine = Trash(workspace)
    mine.put(runs[1:])
    left = {each.parent for each in (workspace.root / "trash").glob("*/*") if each.is_dir()}
    assert len(left) == 2
    Trash(workspace).sweep()
    assert [each.name for each in (workspace.root / "trash").glob("*/*") if each.is_dir()] == [runs[1].name]
    mine.bring_back(runs[1:])
    assert workspace.folders() == runs[1:]


def test_a_step_of_the_clock_ends_no_program(workspace: Workspace, make: Make) -> None:
    run, trash = ended(make), Trash(workspace)
    trash.put([run])
    (file,) = workspace.root.glob("trash/*/owner.json")
    program = json.loads(file.read_text("utf-8"))
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as other:
        assert has_ended({**program, "pid": other.pid})  # one that got the number of another
        other.communicate()
    assert has_ended({**program, "pid": other.pid})
    assert program == this_program()
    if sys.platform == "linux":  # elsewhere the time of a start is noted once
        file.write_text(json.dumps({**program, "began": program["began"] - 3600}), "utf-8")
    Trash(workspace).sweep()
    trash.bring_back([run])


def test_an_empty_workspace_stays_uncreated(workspace: Workspace) -> None:
    trash = Trash(workspace)
    trash.sweep()
    trash.empty()
    assert not workspace.root.exists()
    assert header().tool == "toy"


@pytest.mark.parametrize("text", ["", '{"host": "x', "[]", "3", "{HOST}"])
def test_what_nobody_can_be_told_to_have_deleted_stays_and_is_said(workspace: Workspace, text: str) -> None:
    text = text.replace("{HOST}", json.dumps({"host": platform.node()}))
    folder = workspace.root / "trash" / "unknown"
    (folder / "some-run").mkdir(parents=True)
    (folder / "owner.json").write_text(text, "utf-8")
    ended = workspace.root / "trash" / "ended"
    ended.mkdir()
    owner = {"host": platform.node(), "pid": os.getpid(), "began": 1.0}
    (ended / "owner.json").write_text(json.dumps(owner), "utf-8")
    if text == "[]":
        Trash(workspace).sweep()  # nobody's, as of another machine
    else:
        with pytest.raises(UserError, match=f"{folder}.* they stay there"):
            Trash(workspace).sweep()
    assert (folder / "some-run").is_dir()
    assert not ended.exists()
