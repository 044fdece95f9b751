"""What a run says of itself: its header, its state, its lineage. The half of a reader that needs no events."""

from __future__ import annotations

import json
import math
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from workbench.runs import schema, segments, series
from workbench.runs.lock import is_written
from workbench.runs.owner import has_ended
from workbench.runs.records import Checkpoint, Header, Link, Segment
from workbench.texts import Text

R = TypeVar("R")
ACTIVE = frozenset({"running", "paused", "stopping"})
"""States in which somebody holds the run's lock; if nobody does, the run was interrupted."""
MISREAD = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What reading raises where a record holds what no run holds."""
_LATEST = 32_503_680_000.0
"""The year 3000: of later times not every system has a date."""


def understood(read: Callable[[Any], R]) -> Callable[[Any], R]:
    """What another program wrote otherwise is told as a damaged file is."""

    @wraps(read)
    def reading(run: RunFacts) -> R:
        try:
            return read(run)
        except MISREAD as error:
            raise schema.damaged(run.folder, ValueError(repr(error))) from error

    return reading


class RunFacts:
    """An open run file. Everything is read anew at each call, from one state of the file. Calls may come from several
    threads, one is served at a time."""

    def __init__(self, folder: Path) -> None:
        """Raises UserError for a file that is missing, damaged or written by a newer program."""
        self.folder = folder
        self._db = schema.open_to_read(folder)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Closes the file; nothing can be read afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """One state of the file for several statements. Raises UserError where the file is damaged."""
        with self._lock:
            try:
                self._db.execute("BEGIN")
                yield self._db
            except (sqlite3.Error, ValueError) as error:
                raise schema.damaged(self.folder, error) from error
            except MISREAD as error:
                raise schema.damaged(self.folder, ValueError(repr(error))) from error
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    # ------------------------------------------------------------------ facts

    @property
    def facts(self) -> dict[str, Any]:
        """Everything recorded about the run by name: the header's fields, the state, and what `set_facts` added."""
        with self._read() as db:
            return {name: json.loads(text) for name, text in db.execute("SELECT key, value FROM meta")}

    def fact(self, name: str, default: Any = None) -> Any:
        """One of the facts."""
        with self._read() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (name,)).fetchone()
            return default if row is None else json.loads(row[0])

    @property
    def id(self) -> str:
        """The run's id: the name of its folder."""
        return self.folder.name

    @property
    def tool(self) -> str:
        """The id of the tool that ran."""
        return str(self.fact("tool"))

    @property
    @understood
    def state(self) -> str:
        """queued, running, paused, stopping, stopped, done, failed, cancelled, or interrupted: its writer died, or
        the program that was to start it."""
        first = self._state()
        return self._state() if first == "interrupted" else first  # it may have ended between two looks

    def _state(self) -> str:
        return as_seen(str(self.fact("state")), self.folder, self.fact("owner"))

    @property
    @understood
    def params(self) -> dict[str, Any]:
        """The parameters at the start, as recorded; what changed while it ran is among `changes`."""
        return dict(self.fact("params"))

    @property
    @understood
    def now(self) -> dict[str, Any]:
        """The parameters in force last: those of the start, with all that changed since."""
        found = self.fact("now")
        return dict(found) if isinstance(found, dict) else self.params

    @property
    @understood
    def declaration(self) -> dict[str, Any]:
        """The tool's declaration when it ran (`workbench.tool.to_json`)."""
        return dict(self.fact("declaration"))

    @property
    @understood
    def header(self) -> Header:
        """What the run started from; device and threads as they turned out."""
        facts = self.facts
        names = set(Header.__dataclass_fields__) - {"links"}
        return Header(**{name: facts[name] for name in names}, links=tuple(self.links()))

    @property
    @understood
    def error(self) -> dict[str, Any] | None:
        """Why it failed: type, text, remedy, field (`UserError.to_json`)."""
        found: dict[str, Any] | None = self.fact("error")
        if found is not None:
            Text.from_json(found["text"]), Text.from_json(found.get("remedy", ""))
        return found

    @property
    @understood
    def created(self) -> float:
        """Seconds since the epoch."""
        return as_time(self.fact("created"))

    @property
    @understood
    def seconds(self) -> float:
        """How long it ran, as its worker said at the end; while it runs and where it was cut off, up to its newest
        scalar."""
        with self._read() as db:
            (newest,) = db.execute("SELECT max(wall) FROM last").fetchone()
            (begun,) = db.execute("SELECT max(wall) FROM segments").fetchone()
        facts = self.facts
        said = float(facts.get("seconds") or 0.0)
        if not said or facts["state"] in ACTIVE:
            said += max(0.0, (newest or 0.0) - (begun or 0.0))
        if not math.isfinite(said):
            raise ValueError(f"it ran {said} seconds")
        return said

    # ------------------------------------------------------------------ lineage

    def links(self) -> list[Link]:
        """The runs that this one refers to."""
        with self._read() as db:
            return [Link(*row) for row in db.execute("SELECT run, step, relation FROM links ORDER BY id")]

    def segments(self) -> list[Segment]:
        """The stretches of the run, oldest first."""
        with self._read() as db:
            return segments.read(db)

    def checkpoints(self) -> list[Checkpoint]:
        """Those on the disk, in the order of writing; the hidden ones too."""
        with self._read() as db:
            windows = segments.visible(segments.read(db))
            rows = db.execute("SELECT segment, step, path, wall, kept FROM checkpoints ORDER BY wall").fetchall()
        return [
            Checkpoint(segment, step, path, wall, kept, segments.shows(windows, segment, step, wall))
            for segment, step, path, wall, kept in rows
        ]

    def last(self) -> Mapping[str, float]:
        """The newest visible value of every scalar."""
        with self._read() as db:
            return series.read_last(db, segments.visible(segments.read(db)))


def as_time(found: Any) -> float:
    """Seconds since the epoch, of which every system has a date. Raises ValueError for what is no such time."""
    if type(found) not in (int, float) or not 0 <= found <= _LATEST:  # so not-a-number is none either
        raise ValueError(f"{str(found)[:40]} is no time")
    return float(found)


def as_seen(state: str, folder: Path, owner: Mapping[str, Any] | None) -> str:
    """The state that a person sees of a run with this state in its record: interrupted, if nobody goes on with it."""
    left = state in ACTIVE or (state == "queued" and has_ended(owner))
    return "interrupted" if left and not is_written(folder) else state
