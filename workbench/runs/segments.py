"""Which reports of a run are visible: those of the newest segment, and of its ancestors up to where each was left."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.runs.records import Segment

FIRST, LAST = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class Window:
    """What is visible of one segment: the steps from first to last, both included; of the last step only what was
    reported not later than `until` (seconds since the epoch)."""

    segment: int
    first: int = FIRST
    last: int = LAST
    until: float = math.inf

    def holds(self, segment: int, step: int, wall: float) -> bool:
        """Whether a report of this segment, step and time is visible here."""
        inside = segment == self.segment and self.first <= step <= self.last
        return inside and (step < self.last or wall <= self.until)

    def to(self, step: int | None) -> Window:
        """The same, without the steps after `step`."""
        return self if step is None or step >= self.last else replace(self, last=step, until=math.inf)


def visible(segments: Sequence[Segment]) -> list[Window]:
    """The windows of the chain that ends in the newest segment, oldest first; empty ones are left out.

    A segment with start k shows its own steps >= k (all of them without a parent), its parent's <= k, and so on. Both
    may report at k: the parent before the checkpoint from which the segment goes on; the segment what a job does after
    its loop, or right after a roll-back. When it does at k again what the parent had done there after that checkpoint
    (a job that was killed while it evaluated), the parent's is hidden (`Segment.until`).

    Raises ValueError for a parent that is not there or is no older: such a chain would have no end.
    """
    by_id = {each.id: each for each in segments}
    windows: list[Window] = []
    last, until = LAST, math.inf
    current = by_id.get(max(by_id, default=0))
    while current is not None:
        first = FIRST if current.parent is None else current.start
        if first <= last:
            windows.append(Window(current.id, first, last, until))
        last, until = min((last, until), (current.start, current.until))
        current = None if current.parent is None else _parent(by_id, current)
    return windows[::-1]


def _parent(by_id: Mapping[int, Segment], segment: Segment) -> Segment:
    found = None if segment.parent is None else by_id.get(segment.parent)
    if found is None or found.id >= segment.id:
        raise ValueError(f"segment {segment.id} has no parent {segment.parent}")
    return found


def shows(windows: Sequence[Window], segment: int, step: int, wall: float) -> bool:
    """Whether a report is visible in one of the windows."""
    return any(each.holds(segment, step, wall) for each in windows)


def read(db: sqlite3.Connection) -> list[Segment]:
    """The segments of an open run file, oldest first."""
    rows = db.execute("SELECT id, start, parent, reason, wall, until FROM segments ORDER BY id")
    return [
        Segment(number, start, parent, reason, wall, math.inf if until is None else until)
        for number, start, parent, reason, wall, until in rows
    ]


def begin(db: sqlite3.Connection, start: int, parent: int | None, reason: str) -> Segment:
    """Writes a new segment; `until` is what `redo` would write. Raises ValueError for a parent that does not exist."""
    known = {each.id for each in read(db)}
    if parent is None and start > 0 and known:
        parent = max(known)
    if parent is not None and parent not in known:
        raise ValueError(f"there is no segment {parent}")
    number = max(known, default=-1) + 1
    now = time.time()
    db.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?, NULL)", (number, start, parent, reason, now))
    sql = "SELECT max(wall) FROM checkpoints WHERE segment = ? AND step = ?"
    (until,) = db.execute(sql, (parent, start)).fetchone()
    return Segment(number, start, parent, reason, now, math.inf if until is None else until)


def redo(segment: Segment) -> tuple[str, tuple[float, int]]:
    """The statement that hides what the parent reported after the checkpoint from which the segment goes on."""
    return "UPDATE segments SET until = ? WHERE id = ?", (segment.until, segment.id)
