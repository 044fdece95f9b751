"""A workspace: runs appear whole or not at all, and are found by what a person types."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import UserError
from workbench.runs import workspace as module
from workbench.runs.arrays import Arrays
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
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
