"""What panels draw: sources, one per run, each the newest frame of every stream at or before one step.

A panel cannot know whether a source is live or stored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from workbench.events import Event


class Source(Protocol):
    """One run (or live tool) as panels see it. Everything here is in memory: reading it never waits."""

    @property
    def label(self) -> str:
        """What legends call it."""

    @property
    def index(self) -> int:
        """Its place among the sources beside each other, which is its colour."""

    @property
    def folder(self) -> Path | None:
        """Where its files lie: tables of a million rows are no frames."""

    def frame(self, stream: str) -> Event | None:
        """The newest frame of a stream at or before the source's step; None where there is none yet."""

    def series(self) -> Sequence[str]:
        """The names of its scalars."""

    def curve(self, name: str) -> NDArray[Any]:
        """A scalar up to the source's step: an array of `events.POINT` (step, wall, value)."""

    def artifacts(self) -> Collection[str]:
        """The names of what it has made."""

    def streams(self) -> dict[str, str]:
        """The kind of every stream that it has frames of."""
