"""The recorder: what a job reports, written into its run by a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.events import Event


class Recorder:
    def __init__(self, folder: Path, *, start: int = 0, parent: int | None = None, reason: str = "start") -> None:
        self.segment: int = 0
        self.last_step: int | None = None
        raise NotImplementedError

    def scalars(self, step: int, wall: float, values: Mapping[str, float]) -> None:
        raise NotImplementedError

    def record(self, event: Event, encoded: bytes | None = None) -> None:
        raise NotImplementedError

    def due(self, stream: str, step: int, every: int = 1) -> bool:
        raise NotImplementedError

    def flush(self, durable: bool = False) -> None:
        raise NotImplementedError

    def set_state(self, state: str, **facts: Any) -> None:
        raise NotImplementedError

    def set_facts(self, **facts: Any) -> None:
        raise NotImplementedError

    def add_link(self, run: str, step: int | None, relation: str) -> None:
        raise NotImplementedError

    def add_checkpoint(self, step: int, path: Path, kept: str = "") -> None:
        raise NotImplementedError

    def remove_checkpoint(self, path: Path) -> None:
        raise NotImplementedError

    def add_artifact(self, name: str, kind: str, step: int, path: Path) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def mark(folder: Path, state: str, **facts: Any) -> None:
    raise NotImplementedError
