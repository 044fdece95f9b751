"""What a workspace takes of the disk."""

from __future__ import annotations

from pathlib import Path

from workbench.runs.usage import bytes_in, measure
from workbench.runs.workspace import Header, Workspace


def test_every_part_is_measured(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    folders = [workspace.create(Header("walk", "p", "1", {}, {}, 0, "cpu", 1, {})) for _ in range(2)]
    (folders[0] / "checkpoints" / "000-000000001").mkdir()
    (folders[0] / "checkpoints" / "000-000000001" / "state").write_bytes(bytes(1000))
    (folders[1] / "artifacts" / "model").write_bytes(bytes(200))
    workspace.cache.mkdir()
    (workspace.cache / "digits").write_bytes(bytes(30))
    (workspace.cache / "loop").symlink_to(workspace.root)
    found = measure(workspace)
    assert (found.count, found.checkpoints, found.artifacts) == (2, 1000, 200)
    assert 30 <= found.cache < 30 + 4096
    assert found.records == sum(bytes_in(each) for each in folders) - 1200
    assert found.total == found.records + 1200 + found.cache
    assert found.free > 0


def test_a_workspace_that_is_not_there_takes_nothing(tmp_path: Path) -> None:
    found = measure(Workspace(tmp_path / "none" / "yet"))
    assert (found.count, found.total) == (0, 0)
    assert found.free > 0
