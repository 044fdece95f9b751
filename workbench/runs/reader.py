"""The reader: a run as it lies on the disk, while it is written or long after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.events import Array, Event
from workbench.runs.records import Checkpoint, Header, Link, Segment


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        raise NotImplementedError

    @property
    def id(self) -> str:
        raise NotImplementedError

    @property
    def tool(self) -> str:
        raise NotImplementedError

    @property
    def state(self) -> str:
        raise NotImplementedError

    @property
    def params(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def declaration(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def header(self) -> Header:
        raise NotImplementedError

    @property
    def facts(self) -> Mapping[str, Any]:
        raise NotImplementedError

    @property
    def error(self) -> dict[str, Any] | None:
        raise NotImplementedError

    @property
    def created(self) -> float:
        raise NotImplementedError

    @property
    def seconds(self) -> float:
        raise NotImplementedError

    def series(self) -> list[str]:
        raise NotImplementedError

    def scalars(self, name: str) -> Array:
        raise NotImplementedError

    def overview(self, name: str, pairs: int = 2000) -> Array:
        raise NotImplementedError

    def last(self) -> dict[str, float]:
        raise NotImplementedError

    def streams(self) -> dict[str, str]:
        raise NotImplementedError

    def frames(self, stream: str) -> list[int]:
        raise NotImplementedError

    def frame(self, stream: str, step: int | None = None) -> Event | None:
        raise NotImplementedError

    def rows(self, stream: str) -> Iterator[dict[str, Any]]:
        raise NotImplementedError

    def notices(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def artifacts(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def changes(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def links(self) -> list[Link]:
        raise NotImplementedError

    def segments(self) -> list[Segment]:
        raise NotImplementedError

    def checkpoints(self) -> list[Checkpoint]:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
