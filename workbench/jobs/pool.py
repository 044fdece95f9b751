"""`context.map`: self-contained tasks over processes that die with their parent, their results kept by task."""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from workbench.errors import UserError
from workbench.jobs.child import prepare
from workbench.runs.reader import Reader
from workbench.texts import T

log = logging.getLogger(__name__)
_AHEAD = 2
"""Tasks that wait per worker: enough that none is idle, few enough that memory stays bounded."""
_LOSSES = 3
"""So many times a killed worker process is replaced before the job gives up."""


class Owner(Protocol):
    """What a pool needs of the context that it works for."""

    def sync(self) -> None:
        """Heeds pause, stop and cancel."""

    def rows(self, stream: str, rows: list[dict[str, Any]]) -> None:
        """Keeps results."""

    @property
    def dir(self) -> Any:
        """The run's folder."""


class Pool:
    """Computes f over tasks in `workers` processes for the context `owner`."""

    def __init__(self, owner: Owner, f: Callable[[Any], Any], workers: int, keep: str) -> None:
        self._owner, self._f, self._workers = owner, f, max(1, workers)
        self._stream = f"map/{keep}" if keep else ""
        self._kept = _kept(owner, self._stream) if keep else {}
        self._losses = 0

    def run(self, tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """(task, result) as they come; kept results first come when their task does.

        Raises what a task raised, and UserError when worker processes die again and again.
        """
        todo = iter(tasks)
        lost: list[Any] = []
        executor = self._executor()
        pending: dict[Future[Any], Any] = {}
        try:
            while True:
                self._owner.sync()
                try:
                    yield from self._fill(executor, pending, todo, lost)
                    if not pending:
                        return
                    yield from self._finished(pending)
                except BrokenProcessPool:
                    lost += pending.values()
                    pending.clear()
                    executor = self._replaced(executor)
        finally:
            _end(executor)

    def _fill(
        self, executor: ProcessPoolExecutor, pending: dict[Future[Any], Any], todo: Iterator[Any], lost: list[Any]
    ) -> Iterator[tuple[Any, Any]]:
        while len(pending) < _AHEAD * self._workers:
            if lost:
                task = lost.pop()
            else:
                try:
                    task = next(todo)
                except StopIteration:
                    return
            key = _key(task) if self._stream else ""
            if key in self._kept:
                yield task, self._kept[key]
                self._owner.sync()  # thousands may follow each other
                continue
            lost.append(task)  # until it is accepted: the pool may be broken by now
            pending[executor.submit(self._f, task)] = task
            lost.pop()

    def _finished(self, pending: dict[Future[Any], Any]) -> Iterator[tuple[Any, Any]]:
        done, _ = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in done:
            result = future.result()
            task = pending.pop(future)
            self._keep(task, result)
            yield task, result

    def _keep(self, task: Any, result: Any) -> None:
        if self._stream:
            self._owner.rows(self._stream, [{"key": _key(task), "result": result}])

    def _executor(self) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, spawn, prepare, (os.getpid(), list(sys.path)))

    def _replaced(self, executor: ProcessPoolExecutor) -> ProcessPoolExecutor:
        self._losses += 1
        _end(executor)
        log.warning("a process of the pool died; its tasks are begun again")
        if self._losses > _LOSSES:
            raise UserError(
                T("Processes that compute for this job die again and again."),
                remedy=T("Often the system runs out of memory: take fewer workers or smaller tasks."),
            )
        return self._executor()


def _end(executor: ProcessPoolExecutor) -> None:
    """Ends the pool at once: what still computes is not wanted any more."""
    processes = list((executor._processes or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()


def _key(task: Any) -> str:
    """What tells a task from others, the same in every process: the digest of its JSON."""
    return hashlib.sha256(json.dumps(task, sort_keys=True, default=str).encode()).hexdigest()


def _kept(owner: Owner, stream: str) -> dict[str, Any]:
    reader = Reader(owner.dir)
    try:
        return {row["key"]: row["result"] for row in reader.all_rows(stream)}
    finally:
        reader.close()
