"""What a job has sent, in memory: filled in its supervisor's thread, read by panels in the window's.

Frames: the newest of each stream. Scalars: every series, thinned beyond some ten thousand points by lows and highs,
so that memory stays flat and no value is shown that was not reported; not all at one moment, which would take twice the
memory and the interpreter's lock for long. Rows: the newest thousands.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.errors import UserError
from workbench.events import FRAMES, POINT, Event
from workbench.runs.reader import Reader
from workbench.texts import Text
from workbench.ui.source import Source

MOST_POINTS = 1 << 15
MOST_ROWS = 5_000
MOST_NOTICES = 200
_FEW = 8
"""Places for points in the smallest buffer, as a power of two."""
_APART = 5063
"""The golden section of `MOST_POINTS // 4`: its multiples lie apart, of however many series."""


class Series:
    """One scalar along the steps. One thread adds, another may look at any time."""

    def __init__(self, number: int = 0) -> None:
        """number: among those that grow together. It tells how far below `MOST_POINTS` this one is thinned."""
        self._most = MOST_POINTS - number * _APART % (MOST_POINTS // 4)
        self._held = _roomy(np.empty(0, POINT), 0), 0

    @property
    def points(self) -> NDArray[Any]:
        """(N,) of `events.POINT`; what is added later does not change it."""
        buffer, count = self._held
        return buffer[:count]

    def add(self, points: NDArray[Any]) -> None:
        """Appends; points of steps that the job has gone back behind make way for the new ones."""
        buffer, count = self._held
        if count and len(points) and points["step"][0] < buffer[count - 1]["step"]:
            count = int(np.searchsorted(buffer["step"][:count], points["step"][0]))
            buffer = _roomy(buffer[:count], count)
        if count + len(points) > self._most:
            points = self._thinned(np.concatenate([buffer[:count], points]))
            buffer, count = _roomy(points[:0], MOST_POINTS), 0
        if count + len(points) > len(buffer):
            buffer = _roomy(buffer[:count], count + len(points))
        buffer[count : count + len(points)] = points
        self._held = buffer, count + len(points)

    def cut(self, step: int, wall: float) -> None:
        """Lets go of what was reported before this time for later steps."""
        points = self.points
        left = points[(points["step"] <= step) | (points["wall"] >= wall)]
        if len(left) < len(points):
            self._held = _roomy(left, len(left)), len(left)

    def _thinned(self, points: NDArray[Any]) -> NDArray[Any]:
        while len(points) > self._most:
            points = _halved(points)
        return points


def _roomy(points: NDArray[Any], least: int) -> NDArray[Any]:
    """A copy with room for so many at least. Of few sizes: what one leaves free in memory fits the next."""
    buffer = np.empty(1 << max(_FEW, (least - 1).bit_length()), POINT)
    buffer[: len(points)] = points
    return buffer


def _halved(points: NDArray[Any]) -> NDArray[Any]:
    """Of every four neighbours the lowest and the highest, in their order; and the newest, up to four, as they are."""
    whole = (len(points) - 1) // 4 * 4
    groups = points[:whole].reshape(-1, 4)
    return np.concatenate([np.take_along_axis(groups, ends(groups["value"]), 1).reshape(-1), points[whole:]])


def ends(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """(N, 2): of each row of values (N, M) where the lowest and the highest are, in their order; what is not finite
    only where nothing else is."""
    finite = np.isfinite(values)
    low, high = np.where(finite, values, np.inf).argmin(1), np.where(finite, values, -np.inf).argmax(1)
    return np.sort(np.stack([low, high], 1), 1)


class Feed:
    """One run as panels see it: a `workbench.ui.source.Source`."""

    def __init__(self, label: str, index: int = 0, folder: Path | None = None, live: bool = False) -> None:
        """live: a live tool's, whose every answer takes the place of those to earlier parameters."""
        self.label, self.index, self.folder, self._live = label, index, folder, live
        self._frames: dict[str, Event] = {}
        self._series: dict[str, Series] = {}
        self._rows: dict[str, Rows] = {}
        self._made: frozenset[str] = frozenset()
        self._left: set[str] = set()
        self._generation = 0

    def frame(self, stream: str) -> Event | None:
        """See `Source.frame`. Rows come as one frame with the newest of them."""
        rows = self._rows.get(stream)
        return self._frames.get(stream) if rows is None else rows.frame(stream)

    def series(self) -> Sequence[str]:
        """See `Source.series`."""
        return list(self._series)

    def curve(self, name: str) -> NDArray[Any]:
        """See `Source.curve`."""
        found = self._series.get(name)
        return np.empty(0, POINT) if found is None else found.points

    def streams(self) -> dict[str, str]:
        """See `Source.streams`."""
        kinds: dict[str, str] = {name: each.kind for name, each in list(self._frames.items())}
        return kinds | dict.fromkeys(list(self._rows), "rows")

    def artifacts(self) -> Collection[str]:
        """See `Source.artifacts`."""
        return self._made

    def begin_after(self, earlier: Source) -> None:
        """Starts from what a run has shown before it is continued. Before its job begins."""
        for name in earlier.series():
            self._add(name, earlier.curve(name))
        for stream, kind in earlier.streams().items():
            frame = earlier.frame(stream)
            if frame is not None:
                self.take(replace(frame, step=0) if kind == "rows" else frame)  # nobody knows of which step each row is
        self._made = frozenset(earlier.artifacts())

    # ------------------------------------------------------------------ the supervisor's thread

    def take(self, event: Event) -> set[str]:
        """Takes an event in; the streams and series that have changed."""
        if self._live and event.generation > self._generation:
            self._generation = event.generation
            self._series = {}  # they answered other parameters
        if event.kind == "scalars":
            for name, points in event.arrays.items():
                self._add(name, points)
            return set(event.arrays)
        if event.kind == "artifact":
            self._made |= {event.data["name"]}
            return set()
        if event.kind == "rows":
            rows = self._rows.get(event.stream)
            if rows is None or (self._live and rows.generation < event.generation):
                rows = self._rows[event.stream] = Rows()
            rows.add(event)
        else:
            self._frames[event.stream] = event
        return {event.stream}

    def _add(self, name: str, points: NDArray[Any]) -> None:
        self._series.setdefault(name, Series(len(self._series))).add(points)

    def back_to(self, step: int, wall: float) -> set[str]:
        """At this time the job has gone back to a step: what was reported of later ones goes, whenever this is told."""
        kept: list[Series | Rows] = [*self._series.values(), *self._rows.values()]
        for each in kept:
            each.cut(step, wall)
        self._left = {name for name, each in self._frames.items() if each.step > step and each.wall < wall}
        self._frames = {name: each for name, each in self._frames.items() if name not in self._left}
        return {*self._series, *self._rows, *self._left}

    def recorded(self, step: int) -> list[Event]:
        """After going back to a step: of each stream whose frame has gone the one that was kept of then, or before. A
        record that cannot be read has none; its job says so."""
        try:
            with closing(Reader(self.folder or Path())) as reader:
                found = [reader.frame(name, step) for name in self._left]
        except UserError:
            return []
        return [each for each in found if each is not None]

    def answered(self, generation: int) -> set[str]:
        """A live tool has answered these parameters in full: frames and rows that answered older ones go."""
        kept: list[Mapping[str, Event | Rows]] = [self._frames, self._rows]
        old = {name for those in kept for name, each in those.items() if each.generation < generation}
        self._frames = {name: each for name, each in self._frames.items() if name not in old}
        self._rows = {name: each for name, each in self._rows.items() if name not in old}
        return old


class Rows:
    """The newest rows of a stream; of those with one key the newest."""

    def __init__(self) -> None:
        self._rows: dict[Any, tuple[Mapping[str, Any], int, float]] = {}
        """Each with the step and the time of its report."""
        self._key: str | None = None
        self._last = Event("rows")
        self._count = 0
        self._lock = threading.Lock()

    @property
    def generation(self) -> int:
        """Of the newest."""
        return self._last.generation

    def add(self, event: Event) -> None:
        """Takes the rows of an event."""
        with self._lock:
            self._name_by(event.data.get("key"))
            for row in event.data["rows"]:
                self._put(row, event.step, event.wall)
            for name in list(self._rows)[: max(0, len(self._rows) - MOST_ROWS)]:
                del self._rows[name]
            self._last = event

    def cut(self, step: int, wall: float) -> None:
        """Lets go of what was reported before this time for later steps."""
        with self._lock:
            self._rows = {name: each for name, each in self._rows.items() if each[1] <= step or each[2] >= wall}

    def _name_by(self, key: str | None) -> None:
        """Rows that were kept come without their key: it is known with the next ones."""
        if key != self._key:
            self._key, kept, self._rows = key, self._rows, {}
            for each in kept.values():
                self._put(*each)

    def _put(self, row: Mapping[str, Any], step: int, wall: float) -> None:
        self._count += 1
        name = row.get(self._key) if self._key else ("", self._count)
        self._rows.pop(name, None)
        self._rows[name] = row, step, wall

    def frame(self, stream: str) -> Event:
        """All of them as one event."""
        with self._lock:
            last, rows = self._last, [row for row, _, _ in self._rows.values()]
        return Event("rows", stream, last.step, {**last.data, "rows": rows}, generation=last.generation)


@dataclass(frozen=True)
class Notice:
    """A sentence of the job's. bad: it ended the job or an evaluation; log: the file with the details."""

    text: Text
    remedy: Text
    step: int = 0
    bad: bool = False
    log: str = ""
    wall: float = field(default_factory=time.time)


@dataclass(frozen=True)
class News:
    """What has changed since the last look: streams and series by name; fresh: new ones are among them; moved: the
    progress; notices, results (rows and artifacts, every one of them): those that have come."""

    streams: frozenset[str] = frozenset()
    fresh: bool = False
    moved: bool = False
    notices: tuple[Notice, ...] = ()
    results: tuple[Event, ...] = ()


class Intake:
    """Everything that one job sends, for however many runs it fills. `stir` is called when there is news."""

    def __init__(self, runs: Sequence[Path], stir: Callable[[], object], live: bool = False) -> None:
        """runs: their folders. live: whether a live tool answers."""
        self.feeds = [Feed(run.name, place, run, live) for place, run in enumerate(runs)]
        self.notices: deque[Notice] = deque(maxlen=MOST_NOTICES)
        self.progress: Event | None = None
        self._stir = stir
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._known: set[str] = set()
        self._fresh = self._moved = False
        self._new: list[Notice] = []
        self._results: list[Event] = []
        self._stirred = False

    def take(self, event: Event) -> None:
        """The listener of the job: in the supervisor's thread."""
        self._locked(partial(self._note, event))
        if event.kind == "change" and "roll_back" in event.data:
            for feed in self.feeds:
                for kept in feed.recorded(event.data["roll_back"]):  # read without the lock: the window does not wait
                    self._locked(partial(self._fill, feed, kept))

    def _locked(self, do: Callable[[], object]) -> None:
        with self._lock:
            do()
            stirred, self._stirred = self._stirred, True
        if not stirred:
            self._stir()

    def news(self) -> News:
        """What there is since the last call: in the window's thread."""
        with self._lock:
            found = News(frozenset(self._changed), self._fresh, self._moved, tuple(self._new), tuple(self._results))
            self._changed, self._new, self._results = set(), [], []
            self._fresh = self._moved = self._stirred = False
        return found

    def _note(self, event: Event) -> None:
        match event.kind:
            case "progress":
                self.progress, self._moved = event, True
            case "notice" | "error":
                self._say(event)
            case "state":
                if event.data["state"] == "idle":
                    self._changed |= self.feeds[0].answered(event.generation)
            case "artifact":
                self._results.append(event)
                self._show(event)
            case "rows":
                self._results.append(event)
                self._show(event)
            case "change" if "roll_back" in event.data:
                for feed in self.feeds:  # all runs of a job go back together
                    self._changed |= feed.back_to(event.data["roll_back"], event.wall)
            case "scalars":
                self._show(event)
            case kind if kind in FRAMES:
                self._show(event)

    def _show(self, event: Event) -> None:
        self._fill(self._feed(event.run), event)

    def _fill(self, feed: Feed, event: Event) -> None:
        changed = feed.take(event)
        self._fresh = self._fresh or not changed <= self._known
        self._known |= changed
        self._changed |= changed

    def _feed(self, run: str) -> Feed:
        return next((each for each in self.feeds if each.folder is not None and each.folder.name == run), self.feeds[0])

    def _say(self, event: Event) -> None:
        text, remedy = (Text.from_json(event.data.get(key) or "") for key in ("text", "remedy"))
        bad = event.kind == "error"
        notice = Notice(text, remedy, event.step, bad, str(event.data.get("log", "")), event.wall)
        self.notices.append(notice)
        self._new.append(notice)
