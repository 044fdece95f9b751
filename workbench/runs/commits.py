"""The thread that commits: the job's thread only leaves batches here and never waits for the disk.

Acknowledged = committed: `flush` has returned, or half a second has passed without an error.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from workbench.runs.bundles import Bundle, Report, bundle, joined
from workbench.runs.packing import Points
from workbench.runs.schema import insert

PERIOD = 0.4
"""Seconds between two commits, unless somebody waits for one."""
HEAVY = 64 << 20
"""Bytes that may wait to be committed; beyond, the reporting thread waits for a slow disk."""
MANY = 100_000
"""Reports of scalars that may wait to be packed, likewise."""
Statement = tuple[str, Sequence[Any]]
"""One that ends with VALUES is executed together with those that follow it and are like it."""


class Batch:
    """What is committed together. newest: statements of which a later one of the same name takes the place; every one
    that is executed takes the interpreter lock from the job."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.bundles: list[Bundle] = []
        self.statements: list[Statement] = []
        self.newest: dict[str, Statement] = {}
        self.weight = 0
        self.durable = False


class Commits:
    """Owns the connection. write: puts points into the tables; settled(ok): the transaction ended.

    Holding `changed`, fill `batch`, then call `touch`. What is left in `reports` is packed when `gather` is called, and
    within PERIOD, once for all who want it: `hear` gets each bundle, in any thread, and must not wait.

    After an error of the disk, what was not committed is kept and the next call raises it; the one after that finds it
    tried again. What can never be stored is dropped when the error is raised, so that it stands in nobody's way.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        write: Callable[[sqlite3.Connection, Mapping[str, Points]], None],
        settled: Callable[[bool], None],
        explain: Callable[[Exception], Exception],
    ) -> None:
        self.changed = threading.Condition()
        self.batch = Batch(1)
        self.reports: deque[Report] = deque()
        self.hear: Callable[[Bundle], object] = bool
        self._db, self._write, self._settled, self._explain = db, write, settled, explain
        self._waiting: list[Batch] = []
        self._committed = 0
        self._dirty = self._urgent = self._closing = False
        self._synced: bool | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="commits", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raises the error of the last commit, once; then it is tried again. The caller holds `changed`."""
        if self._error is not None:
            error, self._error = self._error, None
            self.changed.notify_all()
            raise error

    def touch(self, weight: int) -> None:
        """Something was put into `batch`. The caller holds `changed`."""
        self.batch.weight += weight
        if not self._dirty:
            self._dirty = True
            self.changed.notify_all()
        if self.batch.weight > HEAVY:
            self._wait(False)

    def report(self, report: Report) -> None:
        """Takes scalars, as a loop may bring thousands of times a second: without the lock while others wait already.

        Raises the error of the last commit.
        """
        self.reports.append(report)
        heavy = len(self.reports) > MANY or self.batch.weight > HEAVY
        if not self._dirty or self._error is not None or heavy:
            with self.changed:
                self.check()
                self.touch(0)
                if len(self.reports) > MANY:
                    self._wait(False)

    def gather(self) -> None:
        """Packs the reports that wait: for the next commit, and for who hears of them. Those that can never be stored
        are dropped, and the next call raises why."""
        with self.changed:
            reports = [self.reports.popleft() for _ in range(len(self.reports))]
            try:
                made = bundle(reports)
            except (TypeError, OverflowError) as error:
                self._error = error
                self.changed.notify_all()
                return
            if reports:
                self.batch.bundles.append(made)
                self.batch.weight += made.weight
                self.hear(made)

    def flush(self, durable: bool) -> None:
        """Returns when everything left here so far is committed, durable: and synced. Raises what went wrong."""
        with self.changed:
            self.check()
            self._wait(durable)

    @contextmanager
    def still(self) -> Iterator[sqlite3.Connection]:
        """The connection, while everything is committed and synced and the thread waits."""
        with self.changed:
            self.check()
            self._wait(True)
            while self._waiting or self._dirty:
                self._wait(True)
            yield self._db

    def close(self) -> None:
        """Commits what is left and ends the thread. Raises what went wrong, but is closed all the same."""
        try:
            with self.changed:
                self._error = None
                self._wait(False)
        finally:
            with self.changed:
                self._closing = True
                self.changed.notify_all()
            self._thread.join()
            self._db.close()

    def _wait(self, durable: bool) -> None:
        self.batch.durable |= durable
        number = self.batch.number
        self._urgent = True
        self.changed.notify_all()
        self.changed.wait_for(lambda: self._committed >= number or self._error or self._closing)
        self.check()

    # ------------------------------------------------------------------ in the thread

    def _run(self) -> None:
        tried = 0.0
        while True:
            with self.changed:
                while not self.changed.wait_for(self._ready, PERIOD):
                    pass  # reports are left without a word
                rest = tried + PERIOD - time.monotonic()
                self.changed.wait_for(lambda: self._urgent or self._closing, max(rest, 0))
                if self._closing:
                    return
                self._dirty = self._urgent = False
                self.gather()
                self._waiting.append(self.batch)
                self.batch = Batch(self.batch.number + 1)
            tried = time.monotonic()
            self._conclude(self._attempt())

    def _ready(self) -> bool:
        left = self._dirty or self._urgent or self.reports or self.batch.bundles
        return self._closing or (self._error is None and bool(left))

    def _conclude(self, error: Exception | None) -> None:
        with self.changed:
            if error is None:
                self._committed = self._waiting[-1].number
                self._waiting.clear()
            else:
                self._error = self._explain(error)
                if isinstance(error, sqlite3.OperationalError | OSError):
                    self._dirty = True
                else:
                    self._waiting.clear()
            self.changed.notify_all()

    def _attempt(self) -> Exception | None:
        """Commits everything that waits, or nothing of it."""
        durable = any(batch.durable for batch in self._waiting)
        try:
            self._transact(durable)
        except Exception as error:  # noqa: BLE001 - whatever it is, the job must hear of it
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self._settled(False)
            return error
        self._settled(True)
        return None

    def _transact(self, durable: bool) -> None:
        if durable is not self._synced:
            self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._synced = durable
        self._db.execute("BEGIN IMMEDIATE")
        self._write(self._db, joined([each for batch in self._waiting for each in batch.bundles]))
        for batch in self._waiting:
            for sql, group in groupby((*batch.statements, *batch.newest.values()), itemgetter(0)):
                self._execute(sql, [values for _, values in group])
        if durable:  # a transaction that changes nothing would sync nothing
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('synced', ?)", (repr(time.time()),))
        self._db.execute("COMMIT")

    def _execute(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if sql.endswith("VALUES"):
            insert(self._db, sql, rows)
        else:
            for values in rows:
                self._db.execute(sql, values)
