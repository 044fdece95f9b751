"""Frames on their way into the store: which are kept, and the statements that keep and thin them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence

from workbench.events import Event, decode
from workbench.runs.commits import Statement
from workbench.runs.segments import FIRST, Window
from workbench.runs.thinning import Thinning

_OFF_STRIDE = """DELETE FROM frames WHERE stream = ? AND segment = ? AND step BETWEEN ? AND ?
    AND step % ? <> ? AND step <> ?"""


def name_of(event: Event) -> str:
    """The stream of a frame; what is reported without a stream goes by its kind."""
    return event.stream or event.kind


class Frames:
    """The state of thinning of every stream, as the store tells it at first."""

    def __init__(self, db: sqlite3.Connection, windows: Sequence[Window]) -> None:
        self._windows = windows
        self._streams: defaultdict[str, Thinning] = defaultdict(Thinning)
        for name, every, doublings, phase in db.execute("SELECT name, every, doublings, phase FROM streams").fetchall():
            self._streams[name] = Thinning(every, doublings, phase)
            self._streams[name].rebuild(read_steps(db, name, windows))

    def due(self, stream: str, step: int, last_step: int | None, every: int | None = None) -> bool:
        """Whether a frame would be stored. every: the finest stride, remembered; None: as it was."""
        thinning = self._streams[stream]
        if every is not None:
            thinning.every = every
        return thinning.due(step, last_step)

    def due_after(self, stream: str, step: int, last_step: int | None) -> int:
        """The first step after this one at which a frame would be stored."""
        return self._streams[stream].due_after(step, last_step)

    def keep(self, event: Event, last_step: int | None) -> list[Statement]:
        """Stores a frame that is due, and deletes those that its stream no longer keeps."""
        name = name_of(event)
        thinning = self._streams[name]
        stale = thinning.add(event.step, last_step)
        frame = (name, event.segment, event.step, event.message)
        stored: Statement = ("INSERT OR REPLACE INTO frames VALUES", frame)
        return [stored, *(self._thin(name, thinning) if stale else ())]

    def state(self, event: Event) -> Statement:
        """Stores how the stream of a frame is thinned by now."""
        name = name_of(event)
        thinning = self._streams[name]
        state = (name, event.kind, thinning.every, thinning.doublings, thinning.phase)
        return "INSERT OR REPLACE INTO streams VALUES (?, ?, ?, ?, ?)", state

    def _thin(self, stream: str, thinning: Thinning) -> list[Statement]:
        """Along the visible steps only: what older segments hide stays as it is."""
        last = FIRST if thinning.last is None else thinning.last
        rest = (thinning.stride, thinning.phase % thinning.stride, last)
        return [(_OFF_STRIDE, (stream, each.segment, each.first, each.last, *rest)) for each in self._windows]


def read_steps(db: sqlite3.Connection, stream: str, windows: Sequence[Window]) -> list[int]:
    """The visible steps of which a frame is stored, ascending."""
    steps: list[int] = []
    for window in windows:
        sql = "SELECT step FROM frames WHERE stream = ? AND segment = ? AND step BETWEEN ? AND ? ORDER BY step"
        steps += [step for (step,) in db.execute(sql, (stream, window.segment, window.first, window.last))]
    return sorted(set(steps))


def read_table_files(db: sqlite3.Connection) -> list[str]:
    """The files that tables name, those of hidden steps too. Raises one of `facts.MISREAD` for what is no frame."""
    found = db.execute("SELECT event FROM frames WHERE stream IN (SELECT name FROM streams WHERE kind = 'table')")
    named = (decode(bytes(message)).data.get("path") for (message,) in found)
    return list(dict.fromkeys(path for path in named if isinstance(path, str)))


def read_newest(db: sqlite3.Connection, stream: str, windows: Sequence[Window], step: int | None) -> bytes | None:
    """The newest visible frame that is not after `step`, as it was encoded."""
    sql = """SELECT event FROM frames WHERE stream = ? AND segment = ? AND step BETWEEN ? AND ?
        ORDER BY step DESC LIMIT 1"""
    for window in reversed([each.to(step) for each in windows]):
        row = db.execute(sql, (stream, window.segment, window.first, window.last)).fetchone()
        if row is not None:
            return bytes(row[0])
    return None
