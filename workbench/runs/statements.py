"""What is kept in full, as statements for a run's tables: rows, notices, changes, actions, artifacts, facts, links."""

from __future__ import annotations

from typing import Any

from workbench.events import Event
from workbench.runs.commits import Statement
from workbench.runs.records import Relation
from workbench.runs.schema import to_text

_ROW = """INSERT INTO rows (stream, segment, step, wall, key, row) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (stream, key, segment) WHERE key IS NOT NULL
    DO UPDATE SET step = excluded.step, wall = excluded.wall, row = excluded.row"""
_RECORD = "INSERT INTO records (kind, stream, segment, step, wall, event) VALUES (?, ?, ?, ?, ?, ?)"
_ARTIFACT = """INSERT INTO artifacts (segment, step, wall, name, kind, path, bytes, sha256)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_LINK = """INSERT INTO links (run, step, relation) SELECT ?, ?, ?
    WHERE NOT EXISTS (SELECT 1 FROM links WHERE run = ? AND step IS ? AND relation = ?)"""


def rows(event: Event, segment: int) -> list[Statement]:
    """One statement a row. Raises ValueError for arrays, and for a row without the column that is the key."""
    column = event.data.get("key")
    if event.arrays:
        raise ValueError(f"rows of {event.stream!r} hold arrays: only JSON values are kept")
    if column is not None and any(column not in row for row in event.data["rows"]):
        raise ValueError(f"rows of {event.stream!r}: each needs its key {column!r}")
    place = (event.stream, segment, event.step, event.wall)
    return [
        (_ROW, (*place, None if column is None else to_text(row[column]), to_text(row))) for row in event.data["rows"]
    ]


def record(event: Event) -> list[Statement]:
    """A notice, change, action, artifact, …, whole; an artifact stands in its own table too."""
    values = (event.kind, event.stream, event.segment, event.step, event.wall, event.message)
    made: list[Statement] = [(_RECORD, values)]
    if event.kind == "artifact":
        data = event.data
        place = (event.segment, event.step, event.wall, data.get("name", event.stream))
        made.append((_ARTIFACT, (*place, data["kind"], str(data["path"]), data.get("bytes"), data.get("sha256"))))
    return made


def fact(name: str, value: Any) -> Statement:
    """A fact about the run. Raises ValueError for what is not JSON."""
    return "INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, to_text(value))


def link(run: str, step: int | None, relation: Relation) -> Statement:
    """A reference to another run, once."""
    return _LINK, (run, step, relation, run, step, relation)
