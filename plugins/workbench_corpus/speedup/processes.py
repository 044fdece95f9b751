"""Counting with N processes: each reads its own stretches of the file and sends back counts, which are merged."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from workbench.api import Context

from ..tokens.cutting import cutter
from .ways import Counts, Spent, count, documents, merge

_READY_WITHIN = 120.0
"""Seconds that processes wait for each other before they count."""


def parallel(
    path: Path, tokenizer: dict[str, Any], ranges: list[tuple[int, int]], workers: int, context: Context
) -> tuple[Spent, float, Counts]:
    """What was spent on counting and merging, the seconds that starting the processes took before, the counts.

    Starting is not counted as work, for the article's pool stands once and its corpus is large: every process has its
    tokenizer loaded, and has met the others, before the first document is read.
    """
    begun, started, cpu, used = time.perf_counter(), 0.0, 0.0, 0.0
    ended, found = begun, Counts()
    with TemporaryDirectory(dir=context.dir) as meeting:
        tasks = _tasks(Path(meeting), str(path), tokenizer, ranges, workers)
        for _, (counts, seconds) in context.map(work, tasks, workers):
            if not started:  # the first result is of a meeting, and all meetings end together
                started, cpu = time.perf_counter(), time.process_time()
            merge(counts, found)
            used += seconds
            ended = time.perf_counter()
    return Spent(ended - started, time.process_time() - cpu + used), started - begun, found


def _tasks(
    meeting: Path, path: str, tokenizer: dict[str, Any], ranges: list[tuple[int, int]], workers: int
) -> Iterator[dict[str, Any]]:
    """First one for each process, to meet the others; then the stretches."""
    for k in range(workers):
        yield {"meeting": str(meeting), "name": k, "of": workers, "tokenizer": tokenizer}
    for start, end in ranges:
        yield {"path": path, "start": start, "end": end, "tokenizer": tokenizer}


def work(task: dict[str, Any]) -> tuple[Counts, float]:
    """In the process: one stretch's counts, and the processor seconds that they took."""
    cut = cutter(task["tokenizer"], {}).cut
    if "meeting" in task:
        meet(Path(task["meeting"]), task["name"], task["of"])
        return {}, 0.0
    begun, found = time.process_time(), Counts()
    count(documents(Path(task["path"]), task["start"], task["end"]), cut, found)
    return found, time.process_time() - begun


def meet(folder: Path, name: int, of: int) -> None:
    """Returns once as many processes have come here. Raises TimeoutError."""
    (folder / str(name)).touch()
    until = time.monotonic() + _READY_WITHIN
    while (here := sum(1 for _ in folder.iterdir())) < of:
        if time.monotonic() > until:
            raise TimeoutError(f"only {here} of {of} processes started")
        time.sleep(0.005)


def stretches(path: Path, documents_each: int) -> list[tuple[int, int]]:
    """Where so many documents lie in the file, byte from and to, one stretch after the other."""
    borders, at = [0], 0
    with path.open("rb") as file:
        for k, line in enumerate(file, 1):
            at += len(line)
            if k % documents_each == 0:
                borders.append(at)
    if borders[-1] != at:
        borders.append(at)
    return list(pairwise(borders))
