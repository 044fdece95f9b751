"""Which steps of a run are visible: those of the newest segment, and of its ancestors up to where each was left."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.runs.records import Segment

FIRST, LAST = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class Window:
    """The visible steps of one segment: first to last, both included."""

    segment: int
    first: int = FIRST
    last: int = LAST

    def holds(self, segment: int, step: int) -> bool:
        """Whether this step of this segment is visible here."""
        return segment == self.segment and self.first <= step <= self.last

    def until(self, step: int | None) -> Window:
        """The same, without the steps after `step`."""
        return self if step is None else Window(self.segment, self.first, min(self.last, step))


def visible(segments: Sequence[Segment]) -> list[Window]:
    """The windows of the chain that ends in the newest segment, oldest first; empty ones are left out.

    A segment with start k shows its own steps > k (all of them without a parent), its parent's ≤ k, and so on.
    """
    by_id = {each.id: each for each in segments}
    windows, last = [], LAST
    current = by_id.get(max(by_id, default=0))
    while current is not None:
        first = FIRST if current.parent is None else current.start + 1
        if first <= last:
            windows.append(Window(current.id, first, last))
        last = min(last, current.start)
        current = None if current.parent is None else by_id[current.parent]
    return windows[::-1]


def read(db: sqlite3.Connection) -> list[Segment]:
    """The segments of an open run file, oldest first."""
    return [Segment(*row) for row in db.execute("SELECT id, start, parent, reason, wall FROM segments ORDER BY id")]


def begin(db: sqlite3.Connection, start: int, parent: int | None, reason: str) -> int:
    """Writes a new segment and returns its number. Raises ValueError for a parent that does not exist."""
    known = {each.id for each in read(db)}
    if parent is None and start > 0 and known:
        parent = max(known)
    if parent is not None and parent not in known:
        raise ValueError(f"there is no segment {parent}")
    number = max(known, default=-1) + 1
    db.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?)", (number, start, parent, reason, time.time()))
    return number
