"""How much of the disk a workspace takes, and what for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.runs.workspace import Workspace


@dataclass(frozen=True)
class Usage:
    """Bytes on the disk, by what they are for. count: of runs. free: what the disk has left."""

    count: int
    records: int
    checkpoints: int
    artifacts: int
    cache: int
    free: int

    @property
    def total(self) -> int:
        """All that the workspace takes."""
        return self.records + self.checkpoints + self.artifacts + self.cache


def measure(workspace: Workspace) -> Usage:
    """Looks at every file: seconds where there are many. What vanishes meanwhile counts nothing."""
    folders = workspace.folders()
    parts = {"checkpoints": 0, "artifacts": 0}
    whole = 0
    for folder in folders:
        whole += bytes_in(folder)
        for name in parts:
            parts[name] += bytes_in(folder / name)
    existing = next(each for each in (workspace.root, *workspace.root.parents) if each.exists())
    return Usage(
        count=len(folders),
        records=whole - sum(parts.values()),
        cache=bytes_in(workspace.cache),
        free=shutil.disk_usage(existing).free,
        **parts,
    )


def bytes_in(folder: Path) -> int:
    """What the files below a folder take; 0 where it is not there."""
    return sum(_sizes(folder))


def _sizes(folder: Path) -> Iterator[int]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(Path(entry.path))
            else:
                yield entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
