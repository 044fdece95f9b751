"""A run that was kept, at any of its steps, as panels see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.events import Event
from workbench.runs.reader import Reader
from workbench.ui.stored import Stored, at_step

Change = Mapping[str, Event | None]


class Scrubbed:
    """A `workbench.ui.source.Source`. `read` and making it are for a lane, everything else is in memory."""

    def __init__(self, run: Stored, folder: Path) -> None:
        """Raises UserError for a run that was deleted meanwhile."""
        self.run, self.label, self.index = run, run.label, run.index
        self.folder = folder
        reader = Reader(folder)
        try:
            self._kept = {name: _kept(reader, name, kind) for name, kind in run.streams().items()}
            self.checkpoints = sorted({each.step for each in reader.checkpoints() if each.visible})
        finally:
            reader.close()
        found = [np.empty(0, np.int64), *self._kept.values(), *(each["step"] for each in run.curves.values())]
        self.steps: NDArray[np.int64] = np.unique(np.concatenate(found))
        self.step = int(self.steps[-1]) if len(self.steps) else 0
        self._frames: dict[str, Event | None] = dict(run.frames)
        self._places = {name: len(kept) - 1 for name, kept in self._kept.items()}

    # ------------------------------------------------------------------ a source

    def frame(self, stream: str) -> Event | None:
        """See `Source.frame`."""
        return self._frames.get(stream)

    def series(self) -> Sequence[str]:
        """See `Source.series`."""
        return self.run.series()

    def curve(self, name: str) -> NDArray[Any]:
        """See `Source.curve`."""
        points = self.run.curve(name)
        return points[: int(np.searchsorted(points["step"], self.step, "right"))]

    def artifacts(self) -> Collection[str]:
        """See `Source.artifacts`."""
        return self.run.artifacts()

    def streams(self) -> dict[str, str]:
        """See `Source.streams`."""
        return self.run.streams()

    # ------------------------------------------------------------------ moving along the steps

    def kept(self, stream: str) -> NDArray[np.int64]:
        """The steps at which a stream becomes another, ascending."""
        return self._kept.get(stream, np.empty(0, np.int64))

    def read(self, step: int) -> Change:
        """The frames that are other ones at this step: in a lane, each of them followed by `show`."""
        places = {name: int(np.searchsorted(kept, step, "right")) - 1 for name, kept in self._kept.items()}
        moved = [name for name, place in places.items() if place != self._places[name]]
        self._places = places
        if not moved:
            return {}
        reader, kinds = Reader(self.folder), self.run.streams()
        try:
            return {name: at_step(reader, name, kinds[name], step) if places[name] >= 0 else None for name in moved}
        finally:
            reader.close()

    def show(self, step: int, change: Change) -> set[str]:
        """Is at this step from now on; the streams and series that have changed."""
        self._frames.update(change)
        self.step = step
        return {*change, *self.series()}


def _kept(reader: Reader, stream: str, kind: str) -> NDArray[np.int64]:
    """The steps at which a stream becomes another."""
    return np.array(reader.row_steps(stream) if kind == "rows" else reader.frames(stream), np.int64)


def opened(runs: Sequence[Stored], folders: Sequence[Path]) -> list[Scrubbed]:
    """Runs that were read, made to be moved along their steps. In a lane."""
    return [Scrubbed(run, folder) for run, folder in zip(runs, folders, strict=True)]


def read_all(sources: Sequence[Scrubbed], step: int) -> list[Change]:
    """What changes in each at this step. In a lane."""
    return [each.read(step) for each in sources]
