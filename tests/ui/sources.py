"""A source in memory, for tests and benchmarks of panels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.events import POINT, Event
from workbench.jobs.report import Reporter


class Recorded:
    """A recorder and screen that keep the newest event of each stream: events are made by the real reporter."""

    segment = 0
    last_step: int | None = None

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}

    def record(self, event: Event) -> None:
        """Keeps it."""
        self.events[event.stream] = event

    def gather(self) -> None:
        """Scalars are no frames."""

    def hear(self, listener: object) -> None:
        """Scalars are no frames."""

    def follow(self, who: object, gather: object) -> None:
        """Nothing goes to the screen."""

    def watched(self, stream: str) -> bool:
        """Nothing goes to the screen."""
        del stream
        return False


class Fake:
    """One run: frames put in by `report`, curves by `curve_of`."""

    def __init__(self, label: str = "run", index: int = 0) -> None:
        self.label = label
        self.index = index
        self.folder: Path | None = None
        self.made: set[str] = set()
        self._kept = Recorded()
        self.report: Any = Reporter(self._kept, self._kept, None)  # type: ignore[arg-type]
        self._curves: dict[str, NDArray[Any]] = {}

    def put(self, kind: str, stream: str, *values: Any, **more: Any) -> Fake:
        """Reports a frame as a job does."""
        getattr(self.report, kind)(stream, *values, **more)
        return self

    def scalars(self, **values: Any) -> Fake:
        """Curves, by name (with __ for /): values at steps 1, 2, …"""
        for name, curve in values.items():
            points = np.zeros(len(curve), POINT)
            points["step"], points["value"] = np.arange(1, len(curve) + 1), curve
            self._curves[name.replace("__", "/")] = points
        return self

    def frame(self, stream: str) -> Event | None:
        """The newest frame."""
        return self._kept.events.get(stream)

    def series(self) -> Sequence[str]:
        """The scalars."""
        return list(self._curves)

    def curve(self, name: str) -> NDArray[Any]:
        """A scalar."""
        return self._curves.get(name, np.empty(0, POINT))

    def artifacts(self) -> Collection[str]:
        """What was made."""
        return self.made

    def streams(self) -> dict[str, str]:
        """Frames by kind."""
        return {name: event.kind for name, event in self._kept.events.items()}

    def data(self, stream: str) -> Mapping[str, Any]:
        """The data of a frame."""
        return self._kept.events[stream].data
