"""The index of a workspace: a cache of what its runs say themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.runs.records import Link
from workbench.runs.workspace import Workspace


@dataclass(frozen=True)
class Row:
    """A run in the list."""

    id: str
    folder: Path
    tool: str
    state: str
    created: float
    seconds: float
    params: Mapping[str, Any]
    group: str
    preset: str
    last: Mapping[str, float]
    links: tuple[Link, ...]
    error: Mapping[str, Any] | None


class Index:
    def __init__(self, workspace: Workspace) -> None:
        raise NotImplementedError

    def refresh(self) -> None:
        raise NotImplementedError

    def list_runs(self, tool: str = "", group: str = "", state: str = "", limit: int = 0) -> list[Row]:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
