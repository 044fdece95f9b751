"""What a job sends to be seen: newest frame wins, scalars in batches, the rest in order; never waits for the reader."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from workbench.events import FRAMES, Event
from workbench.runs.bundles import Bundle, merged

Deliver = Callable[[Sequence[Event]], None]
"""Takes what is shown at one moment, in order."""
Source = tuple[str, int]
"""Run and generation of the parameters."""
SWEEP = 0.1
"""Seconds between two looks of the thread at what still waits."""
GATHER = 0.002
"""Seconds in which the reports of a live tool come together, unless its own thread sends them before."""
SLACK = 1.2
"""Scalars wait a little longer than frames, so that they go with them."""
LIGHT = 1 << 17
"""Bytes that the job's own thread sends at most."""
PROGRESS = 30.0
"""Times a second at most that progress, a frame of no stream, is told."""
BACKLOG = 1 << 26
"""Bytes of scalars that wait at most for a reader that has stalled; older ones are dropped here and lie in the
store."""


def never() -> bool:
    """No reader whose room can be told."""
    return False


class Screen:
    """Delivers events. `rates`: frames a second asked for, by stream, "*" for all others.

    at_once: events go as they are reported, as a live tool's answers do: those of a moment together, at the latest with
    the tool's next `flush` or the end of the answer. Else frames go when they are due (a job also makes those that are
    to be stored; the newest of a stream goes), scalars as often, and all that waits before the job is said to pause or
    to end.

    roomy: whether the reader can take `LIGHT` bytes at once. Then the job's own thread sends what is due: waking
    another, which takes the interpreter lock from it, costs many times as much. All else goes by a thread. next: when
    there is something to send again, on the monotonic clock.
    """

    def __init__(self, deliver: Deliver, at_once: bool = False, roomy: Callable[[], bool] = never) -> None:
        self._rates: Mapping[str, float] = {}
        self._times: dict[tuple[str, str], float] = {}
        self.at_once = at_once
        self._deliver, self._roomy = deliver, roomy
        self._frames: dict[tuple[str, str], Event] = {}
        self._others: deque[Event] = deque()
        self._bundles: deque[tuple[Source, Bundle]] = deque()
        self._weight = 0
        self._gathers: dict[object, Callable[[], object]] = {}
        self._outgoing: list[Event] = []
        self._last: dict[tuple[str, str], float] = {}
        self._sent = 0.0
        self.next = 0.0
        self._called, self._stirred = False, False
        self._open = True
        self._changed = threading.Condition()
        self._delivering = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)
        self._thread.start()

    @property
    def rates(self) -> Mapping[str, float]:
        """Frames a second that are asked for, by stream."""
        return self._rates

    @rates.setter
    def rates(self, rates: Mapping[str, float]) -> None:
        self._rates = rates
        self._times = {}

    def due(self, stream: str, run: str = "") -> bool:
        """Whether a frame of `stream` should be made now to be seen: watched, the last one gone, its time come."""
        return time.monotonic() >= self.time_of(stream, run) and (run, stream) not in self._frames

    def time_of(self, stream: str, run: str = "") -> float:
        """When the next frame of `stream` should be made, on the monotonic clock; never while nobody looks at it."""
        key, times = (run, stream), self._times  # others may set new rates meanwhile
        at = times.get(key)
        if at is None:
            at = times[key] = self._time(key) if self.watched(stream) else math.inf
        return at

    def watched(self, stream: str) -> bool:
        """Whether anybody looks at `stream`."""
        return self._rate(stream) > 0

    def offer(self, event: Event) -> None:
        """A frame replaces the one of its stream that still waits; other events queue."""
        with self._changed:
            if event.kind in FRAMES:
                key = event.run, event.stream
                self._frames[key] = event
                at = self._time(key) if event.stream else math.inf
                due = time.monotonic() >= at
                self.next = min(self.next, at)
            else:
                self._others.append(event)
                due = event.kind == "state"
        if self.at_once and event.kind != "state":
            self._stir()
        elif due:
            self._hand_over()

    def follow(self, who: object, gather: Callable[[], object]) -> None:
        """Calls `gather`, which hands what has been reported to `hold`, before anything is sent, from any thread. It
        takes the place of the one that `who` gave before, which is called once more."""
        self._gathers.pop(who, bool)()
        self._gathers[who] = gather

    def hold(self, source: Source, bundle: Bundle) -> None:
        """Scalars that go with what is sent next."""
        with self._changed:
            self._bundles.append((source, bundle))
            self._weight += bundle.weight
            while self._weight > BACKLOG and len(self._bundles) > 1:
                self._weight -= self._bundles.popleft()[1].weight

    def look(self) -> None:
        """Scalars have been left: they are gathered and sent when it is time."""
        if self.at_once:
            self._stir()
        elif time.monotonic() >= self.next:
            self._hand_over()

    def flush(self) -> None:
        """A live tool has come to a boundary: sends what waits, unless that is done all the time."""
        if self._stirred and time.monotonic() - self._sent > GATHER:
            self._hand_over()

    def close(self, seconds: float = 5.0) -> None:
        """Delivers what waits and ends; gives up on a reader that does not read for so long."""
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join(seconds)

    # ------------------------------------------------------------------ sending

    def _hand_over(self) -> None:
        """Sends what is due from here, the job's thread; by the other one where that might make the job wait."""
        if self._delivering.acquire(blocking=False):
            try:
                if self._roomy() and self._send(LIGHT):
                    return
            finally:
                self._delivering.release()
        with self._changed:
            self._called = True
            self._changed.notify()

    def _stir(self) -> None:
        """The other thread sends in a moment what has not been sent by then."""
        if not self._stirred:
            with self._changed:
                self._stirred = True
                self._changed.notify()

    def _run(self) -> None:
        going = True
        while going:
            with self._changed:
                self._changed.wait_for(lambda: self._called or self._stirred or not self._open, SWEEP)
                if self._stirred:
                    self._changed.wait_for(lambda: self._called or not self._open, GATHER)
                called, going = self._called or self._stirred, self._open
                self._called = self._stirred = False
            if called or not going or time.monotonic() - self._sent > SWEEP:
                with self._delivering:
                    self._send()

    def _send(self, most: float = math.inf) -> bool:
        """Delivers what is due; False where that is more than `most` bytes. The caller holds `_delivering`."""
        if most == math.inf or not self._outgoing:
            self._outgoing += self._collected()
        if most < sum(len(each.message) for each in self._outgoing):
            return False
        self._sent = time.monotonic()
        if self._outgoing:
            self._deliver(self._outgoing)
            self._outgoing = []
        return True

    def _collected(self) -> list[Event]:
        with self._changed:
            frames, others = self._timely(), [*self._others]
            self._others.clear()
            for key in frames:
                self._last[key] = self._counted_from(key, time.monotonic())
                self._times.pop(key, None)
            pause = min(SWEEP, SLACK / max([*self.rates.values(), 1.0]))
            self.next = min([time.monotonic() + pause, *map(self._time, self._frames)])
        return [*self._packed(), *frames.values(), *others]

    def _rate(self, stream: str) -> float:
        """Frames of a stream that are asked for in a second."""
        return self.rates.get(stream) or self.rates.get("*", 0.0)

    def _time(self, key: tuple[str, str]) -> float:
        """When the next frame of a run's stream may go, on the monotonic clock."""
        rate = self._rate(key[1]) if key[1] else PROGRESS
        return self._last.get(key, 0.0) + (1 / rate if rate > 0 and not self.at_once else 0.0)

    def _counted_from(self, key: tuple[str, str], now: float) -> float:
        """From when the next frame's time is counted: from when this one was due, so that as many go as are asked for
        although a step is seldom over just then; from now where it is more than one late."""
        due = self._time(key)
        return due if 0 <= now - due < due - self._last.get(key, 0.0) else now

    def _timely(self) -> dict[tuple[str, str], Event]:
        """Takes the frames to be delivered now: all of them before a change of the job's state."""
        hurried = not self._open or any(event.kind == "state" for event in self._others)
        now = time.monotonic()
        due = [key for key in self._frames if hurried or now >= self._time(key)]
        return {key: self._frames.pop(key) for key in due}

    def _packed(self) -> list[Event]:
        """The scalars that wait, in few events for each run and generation of the parameters."""
        for gather in [*self._gathers.values()]:
            gather()
        with self._changed:
            bundles, self._bundles, self._weight = self._bundles, deque(), 0
        sources: dict[Source, list[Bundle]] = {}
        for source, bundle in bundles:
            sources.setdefault(source, []).append(bundle)
        return [_packed(source, each) for source, found in sources.items() for each in merged(found)]


def _packed(source: Source, bundle: Bundle) -> Event:
    run, generation = source
    return Event("scalars", step=bundle.step, data=bundle.data, arrays=bundle.arrays, run=run, generation=generation)
