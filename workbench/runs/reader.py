"""The reader: a run as it lies on the disk, while it is written or long after, with or without its plugin."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from workbench.events import POINT, Event, decode
from workbench.runs import frames, segments, series
from workbench.runs.facts import RunFacts, understood
from workbench.runs.packing import PAIR, Points
from workbench.runs.segments import Window, shows
from workbench.texts import Text

_PAGE = 1000


class Reader(RunFacts):
    """Reads one run. Unless said otherwise only the visible steps: the newest segment and what it continues."""

    # ------------------------------------------------------------------ scalars

    def series(self) -> list[str]:
        """The names of all scalars, in the order of their first report."""
        with self._read() as db:
            return [name for (name,) in db.execute("SELECT name FROM series ORDER BY id")]

    def scalars(self, name: str) -> Points:
        """(N,) of `events.POINT` in the order of report; empty for a name that was never reported."""
        with self._read() as db:
            found = _series(db, name)
            return np.empty(0, POINT) if found is None else series.read_points(db, found, _windows(db))

    def overview(self, name: str, pairs: int = 2000) -> Points:
        """At most `pairs` of `packing.PAIR`: step and wall of the first, lowest and highest of neighbouring points."""
        with self._read() as db:
            found = _series(db, name)
            return np.empty(0, PAIR) if found is None else series.read_overview(db, found, _windows(db), pairs)

    # ------------------------------------------------------------------ frames and rows

    def streams(self) -> dict[str, str]:
        """The kind of every stream of frames, and "rows" for every stream of rows."""
        with self._read() as db:
            rows = db.execute("SELECT DISTINCT stream FROM rows ORDER BY stream").fetchall()
            kept = db.execute("SELECT name, kind FROM streams ORDER BY name").fetchall()
        return {**{name: "rows" for (name,) in rows}, **dict(kept)}

    def frames(self, stream: str) -> list[int]:
        """The steps of which a frame is stored, ascending."""
        with self._read() as db:
            return frames.read_steps(db, stream, _windows(db))

    def frame(self, stream: str, step: int | None = None) -> Event | None:
        """The newest frame, not after `step`; None where there is none."""
        with self._read() as db:
            message = frames.read_newest(db, stream, _windows(db), step)
            return None if message is None else decode(message)

    def rows(self, stream: str, step: int | None = None) -> Iterator[dict[str, Any]]:
        """The rows in the order of report, none after `step`; of those with one key the newest. Read page by page.

        Within a segment a row takes the place of the one with its key: at steps before that there is neither.
        """
        after = -1
        while page := self._page(stream, after, step):
            after = page[-1][0]
            yield from (row for _, row in page if row is not None)

    def row_steps(self, stream: str) -> list[int]:
        """The visible steps at which rows were reported, ascending."""
        with self._read() as db:
            windows = _windows(db)
            found = db.execute("SELECT segment, step, wall FROM rows WHERE stream = ?", (stream,))
            return sorted({step for segment, step, wall in found if shows(windows, segment, step, wall)})

    def all_rows(self, stream: str) -> list[dict[str, Any]]:
        """The rows in the order of report, those of hidden steps too: what does not depend on steps stays true."""
        with self._read() as db:
            return [
                json.loads(row) for (row,) in db.execute("SELECT row FROM rows WHERE stream = ? ORDER BY id", (stream,))
            ]

    def _page(self, stream: str, after: int, step: int | None) -> list[tuple[int, dict[str, Any] | None]]:
        sql = "SELECT id, segment, step, wall, key, row FROM rows WHERE stream = ? AND id > ? ORDER BY id LIMIT ?"
        with self._read() as db:
            windows = [each.to(step) for each in _windows(db)]
            newest = _newest_of_keys(db, stream, windows)
            found = db.execute(sql, (stream, after, _PAGE)).fetchall()
            return [
                (number, json.loads(row) if shows(windows, *place) and newest.get(key, number) == number else None)
                for number, *place, key, row in found
            ]

    # ------------------------------------------------------------------ what is kept in full

    @understood
    def notices(self) -> list[dict[str, Any]]:
        """Every notice: text and remedy (`Text`), step, segment, wall, visible. Those of hidden steps too."""
        return [
            {
                **each,
                "text": Text.from_json(each.get("text", "")),
                "remedy": Text.from_json(each.get("remedy", "")),
            }
            for each in self._records("notice")
        ]

    def changes(self) -> list[dict[str, Any]]:
        """Every change of a parameter and every action: its data, with kind, stream (an action's id), step, segment,
        wall, visible. In the order of report; those of hidden steps too, for a repeat goes the same way."""
        return self._records("change", "action")

    def artifacts(self) -> list[dict[str, Any]]:
        """The visible artifacts, oldest first: name, kind, step, segment, path, bytes, sha256, wall."""
        columns = ("name", "kind", "step", "segment", "path", "bytes", "sha256", "wall")
        with self._read() as db:
            windows = _windows(db)
            found = db.execute(f"SELECT {', '.join(columns)} FROM artifacts ORDER BY id").fetchall()
            made = [dict(zip(columns, row, strict=True)) for row in found]
            return [each for each in made if shows(windows, each["segment"], each["step"], each["wall"])]

    def _records(self, *kinds: str) -> list[dict[str, Any]]:
        marks = ", ".join("?" * len(kinds))
        with self._read() as db:
            windows = _windows(db)
            sql = f"SELECT event FROM records WHERE kind IN ({marks}) ORDER BY id"
            return [_described(decode(message), windows) for (message,) in db.execute(sql, kinds)]


def _series(db: sqlite3.Connection, name: str) -> int | None:
    row = db.execute("SELECT id FROM series WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def _windows(db: sqlite3.Connection) -> list[Window]:
    return segments.visible(segments.read(db))


def _newest_of_keys(db: sqlite3.Connection, stream: str, windows: Sequence[Window]) -> dict[str | None, int]:
    """For each key that several segments reported: the row that counts."""
    sql = """SELECT key, id, segment, step, wall FROM rows WHERE stream = ?1 AND key IN (
        SELECT key FROM rows WHERE stream = ?1 AND key IS NOT NULL GROUP BY key HAVING count(*) > 1) ORDER BY id"""
    found = db.execute(sql, (stream,)).fetchall() if len(windows) > 1 else []
    return {key: number for key, number, *place in found if shows(windows, *place)}


def _described(event: Event, windows: Sequence[Window]) -> dict[str, Any]:
    place = {"step": event.step, "segment": event.segment, "wall": event.wall}
    shown = shows(windows, event.segment, event.step, event.wall)
    return {**event.data, "kind": event.kind, "stream": event.stream, **place, "visible": shown}
