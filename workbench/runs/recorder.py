"""The recorder: what a job reports, written into its run by a thread of its own."""

from __future__ import annotations

import dataclasses
import errno
import math
import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from workbench.events import FRAMES, Event
from workbench.runs import schema, segments, statements
from workbench.runs.bundles import Bundle
from workbench.runs.commits import Commits, Statement
from workbench.runs.frames import Frames, name_of
from workbench.runs.lock import writer
from workbench.runs.packing import Points
from workbench.runs.records import Relation
from workbench.runs.series import SeriesWriter
from workbench.texts import Text


class Recorder:
    """Records one run; the caller holds `lock.writer(folder)`. Opening it begins a new segment.

    start: the last step of the segment `parent` (the newest one, where it is not named) that stays visible; with
    start 0 and no parent the record begins anew and hides all before. last_step: the step at which the loop will end,
    set by the loop: frames of that step are kept. reports: scalars may be left here, once `scalars` has met the first
    of the segment; `gather` packs them, at the latest when they are committed, and `hear` is told.

    Every method raises UserError when writing failed since the last call (disk full, read-only). Nothing that waits is
    lost by that: the next call finds it tried again.
    """

    def __init__(self, folder: Path, *, start: int = 0, parent: int | None = None, reason: str = "start") -> None:
        self.folder = folder
        self.last_step: int | None = None
        db = schema.open_to_write(folder)
        try:
            self._begin(db, start, parent, reason)
        except sqlite3.Error as error:
            db.close()
            raise schema.unwritable(folder, error) from error
        self._series = SeriesWriter(self.segment)
        self._file = (folder / schema.FILE).stat()
        self._commits = Commits(db, self._write, self._settle, self._explain)
        self.reports = self._commits.reports

    def branch(self, start: int, reason: str) -> None:
        """Begins a new segment after step `start` of the present one, whose later steps stay and are hidden."""
        with self._commits.still() as db:
            try:
                self._begin(db, start, self.segment, reason)
            except sqlite3.Error as error:
                raise schema.unwritable(self.folder, error) from error
            self._series = SeriesWriter(self.segment)

    def _begin(self, db: sqlite3.Connection, start: int, parent: int | None, reason: str) -> None:
        self._begun = segments.begin(db, start, parent, reason)
        self._seam = start if math.isfinite(self._begun.until) else None
        self.segment = self._begun.id
        self._frames = Frames(db, segments.visible(segments.read(db)))

    def _meet(self, step: int) -> None:
        """At the step at which the segment began: what its parent did there after its checkpoint is done again."""
        if step == self._seam:
            self._seam = None
            self._put([segments.redo(self._begun)])

    def _write(self, db: sqlite3.Connection, batch: Mapping[str, Points]) -> None:
        """Raises OSError where the file is gone: SQLite would write on what nobody finds any more."""
        path = self.folder / schema.FILE
        if not os.path.samestat(path.stat(), self._file):
            raise FileNotFoundError(errno.ENOENT, "another file lies in its place", str(path))
        self._series.write(db, batch)

    def _settle(self, committed: bool) -> None:
        self._series.settle(committed)

    # ------------------------------------------------------------------ events

    def scalars(self, step: int, wall: float, values: Mapping[str, float]) -> None:
        """Numbers of one step. wall: seconds since the epoch. values: kept by the recorder, so not to be changed."""
        if self._seam is not None:
            self._meet(step)
        self._commits.report((step, wall, values))

    def gather(self) -> None:
        """Packs the scalars that wait."""
        if self.reports:
            self._commits.gather()

    def hear(self, listener: Callable[[Bundle], object]) -> None:
        """From now on `listener` gets all that is gathered, from any thread; it must not wait."""
        self._commits.hear = listener

    def record(self, event: Event) -> None:
        """A frame is stored if it is `due` (of several at one step the newest), every other event always.

        Rows: `event.data["rows"]`; `event.data["key"]` may name the column by which a row that is reported again
        replaces itself. Raises ValueError for what is not JSON.
        """
        if event.kind in FRAMES:
            if self._frames.due(name_of(event), event.step, self.last_step):
                event = self._sealed(event)
                made = self._frames.keep(event, self.last_step)
                self._put(made, len(event.message), {name_of(event): self._frames.state(event)})
        elif event.kind == "scalars":
            raise ValueError("scalars are recorded by `scalars`")
        elif event.kind == "rows":
            self._meet(event.step)
            self._put(statements.rows(event, self.segment))
        else:
            if event.kind == "artifact":
                self._meet(event.step)
            self._put(statements.record(self._sealed(event)))

    def due(self, stream: str, step: int, every: int = 1) -> bool:
        """Whether a frame of this stream at this step would be stored: by the step alone, whatever is watched.

        every: the finest stride in steps; remembered for `record`.
        """
        return self._frames.due(stream, step, self.last_step, every)

    def due_after(self, stream: str, step: int) -> int:
        """The first step after this one at which a frame of this stream would be stored."""
        return self._frames.due_after(stream, step, self.last_step)

    def _sealed(self, event: Event) -> Event:
        """The event as it is stored: of this segment, its texts as records. Unchanged where it is so already."""
        data = schema.plain(event.data) if _has_text(event.data) else event.data
        if data is event.data and event.segment == self.segment:
            return event
        return dataclasses.replace(event, data=data, segment=self.segment)

    # ------------------------------------------------------------------ facts

    def set_state(self, state: str, **facts: Any) -> None:
        """Returns when the state and the facts (error, fingerprint, threads, seconds, …) are synced to the disk."""
        self.set_facts(state=state, changed=time.time(), **facts)
        self.flush(durable=True)

    def set_facts(self, **facts: Any) -> None:
        """Facts about the run, JSON values; a fact that is there already is replaced."""
        self._put([statements.fact(name, value) for name, value in facts.items()])

    def add_link(self, run: str, step: int | None, relation: Relation) -> None:
        """This run refers to another; the same link twice is one."""
        self._put([statements.link(run, step, relation)])

    def add_checkpoint(self, step: int, path: Path, kept: str = "") -> None:
        """Returns when it is synced. kept: why it outlives newer ones. Again for the same path: replaced."""
        values = (self._relative(path), self.segment, step, time.time(), kept)
        self._put([("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?)", values)])
        self.flush(durable=True)

    def remove_checkpoint(self, path: Path) -> None:
        """Returns when it is synced: a checkpoint may be deleted from the disk only after its record."""
        self._put([("DELETE FROM checkpoints WHERE path = ?", (self._relative(path),))])
        self.flush(durable=True)

    def flush(self, durable: bool = False) -> None:
        """Returns when everything reported so far is committed; durable: and synced, to survive a power cut."""
        self._commits.flush(durable)

    def close(self) -> None:
        """Commits what is left and closes the file. Raises UserError when that fails; it is closed all the same."""
        self._commits.close()

    # ------------------------------------------------------------------ inside

    def _put(self, made: Sequence[Statement], weight: int = 0, newest: Mapping[str, Statement] | None = None) -> None:
        with self._commits.changed:
            self._commits.check()
            self._commits.batch.statements += made
            self._commits.batch.newest.update(newest or {})
            self._commits.touch(weight + 200 * len(made))

    def _relative(self, path: Path) -> str:
        return (path.relative_to(self.folder) if path.is_relative_to(self.folder) else path).as_posix()

    def _explain(self, error: Exception) -> Exception:
        return schema.unwritable(self.folder, error) if isinstance(error, sqlite3.Error | OSError) else error


def mark(folder: Path, state: str, **facts: Any) -> None:
    """Sets the state of a run that nobody writes (never started, or its worker died), without a new segment.

    Raises UserError when somebody writes it, or it cannot be written.
    """
    with writer(folder), closing(schema.open_to_write(folder)) as db:
        try:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            schema.put_facts(db, {"state": state, "changed": time.time(), **facts})
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise schema.unwritable(folder, error) from error


def _has_text(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_text, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_text, value))
    return isinstance(value, Text)
