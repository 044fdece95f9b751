"""What a job sends to be seen: newest frame wins, scalars in batches, the rest in order; never waits for the reader."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from workbench.events import FRAMES, Event
from workbench.runs.packing import Calls

Deliver = Callable[[Sequence[Event]], None]
"""Takes what is shown at one moment, in order."""
Source = tuple[str, int]
"""Run and generation of the parameters."""
Scalars = tuple[Source, int, float, Mapping[str, float]]
"""Source, step, wall time, values by name."""
UNWATCHED = 10.0
"""Deliveries a second while nobody has said how often it wants to look."""
SLACK = 1.2
"""Scalars wait a little longer than frames, so that they go with them."""
PROGRESS = 30.0
"""Times a second at most that progress, a frame of no stream, is told."""
BACKLOG = 200_000
"""Scalars that wait at most for a reader that has stalled; older ones are dropped here and lie in the store."""


class Screen:
    """Delivers events from a thread of its own. `rates`: frames a second asked for, by stream, "*" for all others.

    at_once: each event goes as soon as it is reported, as a live tool's answers do. Else the thread wakes about as
    often as somebody looks, for each time it does the job's own thread stands still: frames go when they are due (a
    job also makes those that are to be stored; the newest of a stream goes), scalars and the rest with them or a
    little later, and all that waits before the job is said to pause or to end.
    """

    def __init__(self, deliver: Deliver, at_once: bool = False) -> None:
        self.rates: dict[str, float] = {}
        self._at_once = at_once
        self._deliver = deliver
        self._frames: dict[tuple[str, str], Event] = {}
        self._others: deque[Event] = deque()
        self._scalars: deque[Scalars] = deque(maxlen=BACKLOG)
        self._last: dict[tuple[str, str], float] = {}
        self._wakes = 0.0
        self._changed = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)
        self._thread.start()

    def due(self, stream: str, run: str = "") -> bool:
        """Whether a frame of `stream` should be made now to be seen: watched, the last one gone, its time come."""
        key = run, stream
        return self.watched(stream) and key not in self._frames and time.monotonic() >= self._time(key)

    def watched(self, stream: str) -> bool:
        """Whether anybody looks at `stream`."""
        return bool(self.rates.get(stream) or self.rates.get("*"))

    def offer(self, event: Event) -> None:
        """A frame replaces the one of its stream that still waits; other events queue."""
        with self._changed:
            if event.kind in FRAMES:
                key = event.run, event.stream
                self._frames[key] = event
                hurried = bool(event.stream) and self._time(key) < self._wakes
            else:
                self._others.append(event)
                hurried = event.kind == "state"
            if hurried or self._at_once:
                self._changed.notify()

    def scalars(self, source: Source, step: int, wall: float, values: Mapping[str, float]) -> None:
        """Values to be sent with the next batch."""
        self._scalars.append((source, step, wall, values))
        if self._at_once:
            with self._changed:
                self._changed.notify()

    def close(self, seconds: float = 5.0) -> None:
        """Delivers what waits and ends; gives up on a reader that does not read for so long."""
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join(seconds)

    def _run(self) -> None:
        going = True
        while going:
            with self._changed:
                if self._open and not self._hurried():
                    self._sleep()
                going = self._open
                batch = [*self._timely(), *self._others]
                self._others.clear()
            if events := [*self._packed(), *batch]:
                now = time.monotonic()
                self._last.update({(each.run, each.stream): now for each in batch if each.kind in FRAMES})
                self._deliver(events)
            with self._changed:
                for event in batch:
                    if self._frames.get((event.run, event.stream)) is event:
                        del self._frames[event.run, event.stream]

    def _sleep(self) -> None:
        """Until a frame may go, what else waits has waited long enough, or somebody is in a hurry."""
        fastest = UNWATCHED if self._at_once else max(self.rates.values(), default=0.0) or UNWATCHED
        now = time.monotonic()
        self._wakes = min([now + SLACK / fastest, *map(self._time, self._frames)])
        self._changed.wait(max(0.0, self._wakes - now))

    def _hurried(self) -> bool:
        """Whether what waits goes now: before a change of the job's state, and in a live tool always."""
        if self._at_once:
            return bool(self._others or self._scalars or self._frames)
        return any(event.kind == "state" for event in self._others)

    def _time(self, key: tuple[str, str]) -> float:
        """When the next frame of a run's stream may go, on the monotonic clock."""
        rate = self.rates.get(key[1]) or (self.rates.get("*", 0.0) if key[1] else PROGRESS)
        return self._last.get(key, 0.0) + (1 / rate if rate > 0 and not self._at_once else 0.0)

    def _timely(self) -> list[Event]:
        """The frames to be delivered now."""
        hurried = not self._open or self._hurried()
        now = time.monotonic()
        return [event for key, event in self._frames.items() if hurried or now >= self._time(key)]

    def _packed(self) -> list[Event]:
        """The scalars that wait, one event for each run and generation of the parameters."""
        batch = [self._scalars.popleft() for _ in range(len(self._scalars))]
        parts = groupby(sorted(batch, key=itemgetter(0)), key=itemgetter(0))
        return [_pack(source, list(each)) for source, each in parts]


def _pack(source: Source, batch: Sequence[Scalars]) -> Event:
    calls = Calls()
    for _, step, wall, values in batch:
        calls.add(step, wall, values)
    return Event("scalars", step=batch[-1][1], arrays=calls.points(), run=source[0], generation=source[1])
