"""Scalars in a run's tables: batches in `tail`, folded into `chunks`; `last` holds each series' newest value."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

import numpy as np

from workbench.events import POINT
from workbench.runs.packing import BLOCK, CHUNK, PAIR, Points, as_pairs, condense, fold, summarize
from workbench.runs.schema import insert
from workbench.runs.segments import Window


class SeriesWriter:
    """Writes the scalars of one segment. What it remembers changes only when the transaction has been committed."""

    def __init__(self, segment: int) -> None:
        self._segment = segment
        self._number = 0
        self._ids: dict[str, int] = {}
        self._tails: dict[int, Points] = {}
        self._chunks: dict[int, int] = {}
        self._changes: list[tuple[int, Points, int]] = []

    def write(self, db: sqlite3.Connection, batch: Mapping[str, Points]) -> None:
        """Inside a transaction; afterwards `settle`."""
        tails, lasts = [], []
        self._number += 1
        for name, points in batch.items():
            series = self._id(db, name)
            rest = self._add(db, series, points)
            if len(rest):
                tails.append((series, self._segment, self._number, rest.tobytes()))
            newest = points[-1]
            lasts.append((series, self._segment, int(newest["step"]), float(newest["wall"]), newest["value"].tobytes()))
        insert(db, "INSERT INTO tail VALUES", tails)
        insert(db, "INSERT OR REPLACE INTO last VALUES", lasts)

    def settle(self, committed: bool) -> None:
        """The transaction has ended."""
        for series, tail, chunks in self._changes if committed else ():
            self._tails[series] = tail
            self._chunks[series] = self._chunks.get(series, 0) + chunks
        self._changes.clear()
        if not committed:
            self._ids.clear()

    def _add(self, db: sqlite3.Connection, series: int, points: Points) -> Points:
        """Folds where there is enough to fold. The points that must go into the tail."""
        waiting = np.concatenate([self._tails[series], points]) if series in self._tails else points
        if len(waiting) < CHUNK:
            self._changes.append((series, waiting, 0))
            return points
        chunks, rest = fold(waiting)
        db.execute("DELETE FROM tail WHERE series = ? AND segment = ?", (series, self._segment))
        at = self._chunks.get(series, 0)
        rows = [_chunk(series, self._segment, at + number, chunk) for number, chunk in enumerate(chunks)]
        insert(db, "INSERT INTO chunks VALUES", rows)
        self._changes.append((series, rest.copy(), len(chunks)))
        return rest

    def _id(self, db: sqlite3.Connection, name: str) -> int:
        if name not in self._ids:
            db.execute("INSERT OR IGNORE INTO series (name) VALUES (?)", (name,))
            (self._ids[name],) = db.execute("SELECT id FROM series WHERE name = ?", (name,)).fetchone()
        return self._ids[name]


def _chunk(series: int, segment: int, number: int, points: Points) -> tuple[object, ...]:
    steps = points["step"]
    low, high = int(steps.min()), int(steps.max())
    return series, segment, number, low, high, summarize(points).tobytes(), points.tobytes()


# ------------------------------------------------------------------------------------------ reading

_INSIDE = "series = ? AND segment = ? AND high >= ? AND low <= ?"


def read_points(db: sqlite3.Connection, series: int, windows: Sequence[Window]) -> Points:
    """The visible points of a series, (N,) of `events.POINT`, segment after segment in the order of report."""
    pieces: list[bytes] = []
    for window in windows:
        chunks = db.execute(
            f"SELECT low, high, points FROM chunks WHERE {_INSIDE} ORDER BY number", _place(series, window)
        )
        pieces += [blob if _whole(low, high, window) else _cut(blob, window).tobytes() for low, high, blob in chunks]
        pieces.append(_tail(db, series, window).tobytes())
    return np.frombuffer(b"".join(pieces), POINT)


def read_overview(db: sqlite3.Connection, series: int, windows: Sequence[Window], most: int) -> Points:
    """At most `most` pairs: of the points themselves, or of the chunks' summaries where there are too many points."""
    (chunks,) = db.execute("SELECT count(*) FROM chunks WHERE series = ?", (series,)).fetchone()
    if chunks * CHUNK <= most * BLOCK:
        return condense(as_pairs(read_points(db, series, windows)), most)
    pieces: list[bytes] = []
    for window in windows:
        found = db.execute(
            f"SELECT low, high, summary, rowid FROM chunks WHERE {_INSIDE} ORDER BY number", _place(series, window)
        )
        pieces += [
            summary if _whole(low, high, window) else _part(db, row, window).tobytes()
            for low, high, summary, row in found
        ]
        pieces.append(summarize(_tail(db, series, window)).tobytes())
    return condense(np.frombuffer(b"".join(pieces), PAIR), most)


def read_last(db: sqlite3.Connection, windows: Sequence[Window]) -> dict[str, float]:
    """The newest visible value of every series, in the order of their first report."""
    newest = {row[:2]: row[1:] for row in db.execute("SELECT series, segment, step, wall, value FROM last").fetchall()}
    found: dict[str, float] = {}
    for series, name in db.execute("SELECT id, name FROM series ORDER BY id").fetchall():
        for window in reversed(windows):
            value = _last(db, series, window, newest.get((series, window.segment)))
            if value is not None:
                found[name] = value
                break
    return found


def _last(
    db: sqlite3.Connection, series: int, window: Window, newest: tuple[int, int, float, bytes] | None
) -> float | None:
    """newest: what the table `last` says of the window's segment; its step may be hidden."""
    if newest is None:
        return None
    segment, step, wall, value = newest
    if window.holds(segment, step, wall):
        return float(np.frombuffer(value, "<f8")[0])
    points = read_points(db, series, [window])
    return float(points["value"][-1]) if len(points) else None


def _place(series: int, window: Window) -> tuple[int, int, int, int]:
    return series, window.segment, window.first, window.last


def _whole(low: int, high: int, window: Window) -> bool:
    return window.first <= low and high < window.last


def _tail(db: sqlite3.Connection, series: int, window: Window) -> Points:
    rows = db.execute(
        "SELECT points FROM tail WHERE series = ? AND segment = ? ORDER BY number", (series, window.segment)
    )
    return _cut(b"".join(blob for (blob,) in rows), window)


def _part(db: sqlite3.Connection, row: int, window: Window) -> Points:
    (blob,) = db.execute("SELECT points FROM chunks WHERE rowid = ?", (row,)).fetchone()
    return summarize(_cut(blob, window))


def _cut(blob: bytes, window: Window) -> Points:
    points = np.frombuffer(blob, POINT)
    steps = points["step"]
    inside = (steps >= window.first) & (steps <= window.last)
    if window.until < np.inf:
        inside &= (steps < window.last) | (points["wall"] <= window.until)
    return points if inside.all() else points[inside]
