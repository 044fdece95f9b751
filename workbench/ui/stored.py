"""A run that was kept, as panels see it. Read whole by a lane; afterwards everything is in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.events import POINT, Event
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace
from workbench.ui.bridge import ends

_MOST = 20_000
"""Points of a series that are read one by one; longer ones as lows and highs."""


@dataclass(frozen=True)
class Stored:
    """A run at its end: a `workbench.ui.source.Source`, and what it says of itself."""

    label: str
    index: int
    folder: Path
    tool: str
    state: str
    params: Mapping[str, Any]
    preset: str
    error: Mapping[str, Any] | None
    frames: Mapping[str, Event]
    curves: Mapping[str, NDArray[Any]]
    made: frozenset[str] = frozenset()

    def frame(self, stream: str) -> Event | None:
        """See `Source.frame`."""
        return self.frames.get(stream)

    def series(self) -> Sequence[str]:
        """See `Source.series`."""
        return list(self.curves)

    def curve(self, name: str) -> NDArray[Any]:
        """See `Source.curve`."""
        return self.curves.get(name, np.empty(0, POINT))

    def artifacts(self) -> Collection[str]:
        """See `Source.artifacts`."""
        return self.made

    def streams(self) -> dict[str, str]:
        """See `Source.streams`."""
        return {name: each.kind for name, each in self.frames.items()}


def read(workspace: Workspace, name: str, index: int = 0) -> Stored:
    """The run of this id, beginning of an id, or "@last". Raises UserError."""
    return read_folder(workspace.find(name), index)


def parameters(folder: Path) -> dict[str, Any]:
    """Those of the run in a folder, as they are now. Raises UserError."""
    reader = Reader(folder)
    try:
        return reader.now
    finally:
        reader.close()


def read_folder(folder: Path, index: int = 0) -> Stored:
    """The run in a folder. Raises UserError."""
    reader = Reader(folder)
    try:
        frames = {name: at_step(reader, name, kind) for name, kind in reader.streams().items()}
        facts = reader.facts
        return Stored(
            label=reader.id,
            index=index,
            folder=folder,
            tool=reader.tool,
            state=reader.state,
            params=reader.now,
            preset=str(facts.get("preset", "")),
            error=reader.error,
            frames={name: each for name, each in frames.items() if each is not None},
            curves={name: _curve(reader, name) for name in reader.series()},
            made=frozenset(each["name"] for each in reader.artifacts()),
        )
    finally:
        reader.close()


def at_step(reader: Reader, stream: str, kind: str, step: int | None = None) -> Event | None:
    """A stream's newest frame that is not after `step`; rows come as one frame with all that were known then."""
    if kind == "rows":
        return Event("rows", stream, step or 0, {"rows": list(reader.rows(stream, step))})
    return reader.frame(stream, step)


def _curve(reader: Reader, name: str) -> NDArray[Any]:
    points = reader.scalars(name)
    if len(points) <= _MOST:
        return points
    blocks = np.array_split(points[1:-1], _MOST // 2 - 1)
    kept = [block[ends(block["value"][None])[0]] for block in blocks]
    return np.concatenate([points[:1], *kept, points[-1:]])
