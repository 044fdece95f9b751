"""A workspace: runs appear whole or not at all, and are found by what a person types."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from workbench.errors import UserError
from workbench.runs import workspace as module
from workbench.runs.arrays import Arrays
from workbench.runs.arrival import take_in
from workbench.runs.facts import RunFacts
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder, mark
from workbench.runs.sharing import share
from workbench.runs.workspace import Link, Workspace

from .conftest import header

Make = Callable[..., Path]
Read = Callable[[Path], Reader]


def remount(place: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", place], check=True)


def test_nothing_is_created_until_a_run_is(workspace: Workspace) -> None:
    assert workspace.folders() == []
    assert not workspace.root.exists()


def test_a_new_run(workspace: Workspace, make: Make, read: Read) -> None:
    link = Link("20250101-000000-toy-aaaa", 7, "fork")
    run = make(params={"seed": 3, "名": "环"}, group="g", links=(link,))
    assert re.fullmatch(r"\d{8}-\d{6}-toy-[a-z2-7]{4}", run.name)
    assert {each.name for each in run.iterdir()} == {"run.sqlite", "lock", "checkpoints", "artifacts"}
    assert [each.name for each in workspace.runs.iterdir()] == [run.name]
    found = read(run)
    assert (found.id, found.tool, found.state) == (run.name, "toy", "queued")
    assert found.params == {"seed": 3, "名": "环"}
    assert found.header == header(params=found.params, group="g", links=(link,))


def test_runs_are_found_by_id_prefix_and_last(workspace: Workspace, make: Make) -> None:
    first, second, third = make(tool="a"), make(tool="c"), make(tool="b")
    assert workspace.folders() == [third, second, first]
    assert workspace.find(first.name) == first
    assert workspace.find(first.name[:-1]) == first
    assert workspace.find("@last") == third


@contextmanager
def clock(zone: str) -> Iterator[None]:
    """A program in another place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(sys.platform == "win32", reason="the time zone is the system's there")
def test_the_last_run_is_the_one_that_was_made_last_wherever_that_was(
    workspace: Workspace, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock("Asia/Shanghai"):
        east = make()
    with clock("America/Los_Angeles"):
        west = make()
    assert east.name > west.name
    assert workspace.find("@last") == west
    mark(east, "done")
    arrived = take_in(Workspace(tmp_path / "there"), share(east, tmp_path)).folder
    with clock("UTC"):
        mine = Workspace(tmp_path / "there").create(header())
    assert arrived.name > mine.name
    assert Workspace(tmp_path / "there").find("@last") == mine
    asked = Mock(side_effect=RunFacts)
    monkeypatch.setattr(module, "RunFacts", asked)
    for each in range(20):  # long ago, and copied since
        old = shutil.copytree(east, workspace.runs / f"20200101-0000{each:02d}-toy-aaaa")
        os.utime(old / "lock")
    (workspace.runs / "notes").mkdir()
    os.utime(workspace.runs / "notes", (1.0, 1.0))
    assert workspace.find("@last") == west
    assert asked.call_count <= 3


def test_a_damaged_run_may_be_the_last(workspace: Workspace, make: Make) -> None:
    make()
    damaged = make()
    (damaged / "run.sqlite").write_bytes(b"nothing" * 999)
    (damaged / "more").touch()
    assert workspace.find("@last") == damaged


def test_an_ambiguous_name_names_the_runs(workspace: Workspace, make: Make) -> None:
    runs = [make(), make()]
    with pytest.raises(UserError) as error:
        workspace.find(runs[0].name[:8])
    assert all(run.name in str(error.value) for run in runs)


@pytest.mark.parametrize("name", ["nothing", "@last", "", ".."])
def test_an_unknown_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(UserError, match="There is no run"):
        workspace.find(name)


def test_ids_never_collide(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LETTERS", "ab")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: workspace.create(header()), range(12)))
    assert len(set(made)) == 12
    assert all((each / "run.sqlite").exists() for each in made)
    assert sorted(made) == sorted(workspace.folders())


def test_a_missing_parent(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "gone" / "space")
    with pytest.raises(UserError) as error:
        workspace.create(header())
    assert str(workspace.root) in str(error.value)
    assert str(tmp_path / "gone") in error.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match="file"):
        Workspace(tmp_path / "file").create(header())
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_workspace(small_disk: Path) -> None:
    workspace = Workspace(small_disk / "space")
    (small_disk / "ballast").write_bytes(bytes(200 << 10))
    with pytest.raises(UserError) as error:
        workspace.create(header())
    assert str(workspace.root) in str(error.value)
    assert "free some space" in error.value.remedy
    assert [each.name for each in small_disk.iterdir()] == ["ballast"]
    (small_disk / "ballast").unlink()
    assert workspace.create(header()).is_dir()


def test_a_read_only_workspace_is_read_but_not_written(small_disk: Path, read: Read) -> None:
    workspace = Workspace(small_disk / "space")
    run = workspace.create(header())
    remount(small_disk, "ro")
    with pytest.raises(UserError, match="Read-only"):
        workspace.create(header())
    assert workspace.folders() == [run]
    assert read(run).state == "queued"
    with pytest.raises(UserError, match="cannot be written"):
        Recorder(run)
    remount(small_disk, "rw")
    assert os.listdir(workspace.runs) == [run.name]  # noqa: PTH208 - hidden names too


def test_arrays_travel_with_the_parameters_that_name_them(workspace: Workspace) -> None:
    arrays = Arrays()
    reference = arrays.write(np.eye(3))
    run = workspace.create(header(params={"mask": reference}), arrays)
    assert np.array_equal(Arrays(run).read(reference, "float64", 2), np.eye(3))
