"""The run store against the naive design, one row per scalar, in the same run of the same program.

    python tests/benchmarks/store.py [--json] [--runs N]

Goals: scalar_cpu_us <= 1, curve_1e6_overview_ms <= 20, list_1000_runs_ms <= 100, bytes_per_scalar <= 32.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from workbench.runs.index import Index
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
from workbench.runs.workspace import Header, Workspace

SERIES = 20
RATE = 100_000
SECONDS = 5.0
POINTS = 1_000_000
Figures = dict[str, float]


class Sink(Protocol):
    """What takes scalars."""

    def scalars(self, step: int, wall: float, values: Mapping[str, float]) -> None: ...
    def flush(self) -> None: ...


class Naive:
    """One row per scalar, a commit per quarter of a second."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
        self.db.execute(
            """CREATE TABLE scalars (series INTEGER, step INTEGER, wall REAL, value REAL,
            PRIMARY KEY (series, step)) WITHOUT ROWID"""
        )
        self._ids: dict[str, int] = {}
        self._rows: list[tuple[int, int, float, float]] = []
        self._next = time.monotonic() + 0.25

    def scalars(self, step: int, wall: float, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._rows.append((self._ids.setdefault(name, len(self._ids)), step, wall, value))
        if time.monotonic() > self._next:
            self.flush()

    def flush(self) -> None:
        self.db.execute("BEGIN")
        self.db.executemany("INSERT INTO scalars VALUES (?, ?, ?, ?)", self._rows)
        self.db.execute("COMMIT")
        self._rows.clear()
        self._next = time.monotonic() + 0.25


def header() -> Header:
    return Header("bench", "workbench", "1", {}, {"seed": 0, "rate": 1e-3}, 0, "cpu", 1, {})


def paced(sink: Sink) -> Figures:
    """CPU microseconds per scalar at `RATE` scalars a second: of the whole process, and of the reporting thread."""
    names = [f"group/{number}" for number in range(SERIES)]
    steps = int(RATE * SECONDS) // SERIES
    begun, process, thread = time.perf_counter(), time.process_time(), time.thread_time()
    for step in range(1, steps + 1):
        sink.scalars(step, begun + step, dict.fromkeys(names, step * 1.5))
        ahead = step * SERIES / RATE - (time.perf_counter() - begun)
        if ahead > 0.01:
            time.sleep(ahead)
    sink.flush()
    count = steps * SERIES / 1e6
    rate = steps * SERIES / (time.perf_counter() - begun)
    return {
        "cpu_us": (time.process_time() - process) / count,
        "thread_us": (time.thread_time() - thread) / count,
        "rate": rate,
    }


def milliseconds(work: Callable[[], object], times: int = 7) -> float:
    """The median of several times."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken)


def fill(sink: Sink) -> None:
    """One curve of `POINTS` points."""
    for step in range(1, POINTS + 1):
        sink.scalars(step, 1e9 + step * 1e-3, {"loss": step * 0.5})
    sink.flush()


def size(path: Path) -> int:
    return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))


def scalars(workspace: Workspace, place: Path) -> Figures:
    run = workspace.create(header())
    with writer(run):
        recorder = Recorder(run)
        ours = paced(recorder)
        recorder.close()
    plain = Naive(place / "naive.sqlite")
    theirs = paced(plain)
    plain.db.close()
    count = int(RATE * SECONDS) // SERIES * SERIES
    return {
        "scalar_cpu_us": ours["cpu_us"],
        "scalar_thread_us": ours["thread_us"],
        "scalar_rate": ours["rate"],
        "naive_scalar_cpu_us": theirs["cpu_us"],
        "naive_scalar_rate": theirs["rate"],
        "bytes_per_scalar": size(run / "run.sqlite") / count,
        "naive_bytes_per_scalar": size(place / "naive.sqlite") / count,
    }


def curve(workspace: Workspace, place: Path) -> Figures:
    run = workspace.create(header())
    with writer(run):
        recorder = Recorder(run)
        fill(recorder)
        recorder.close()
    plain = Naive(place / "curve.sqlite")
    fill(plain)
    reader = Reader(run)

    def fresh() -> None:
        opened = Reader(run)
        opened.overview("loss")
        opened.close()

    grouped = "SELECT min(step), min(value), max(value) FROM scalars WHERE series = 0 GROUP BY step / ?"
    found = {
        "curve_1e6_overview_ms": milliseconds(lambda: reader.overview("loss")),
        "curve_1e6_overview_fresh_ms": milliseconds(fresh),
        "curve_1e6_all_ms": milliseconds(lambda: reader.scalars("loss")),
        "naive_curve_1e6_overview_ms": milliseconds(lambda: plain.db.execute(grouped, (POINTS // 2000,)).fetchall(), 3),
        "naive_curve_1e6_all_ms": milliseconds(
            lambda: plain.db.execute("SELECT step, wall, value FROM scalars WHERE series = 0").fetchall(), 3
        ),
    }
    reader.close()
    plain.db.close()
    return found


def listing(workspace: Workspace, count: int) -> Figures:
    for _ in range(count):
        run = workspace.create(header())
        with writer(run):
            recorder = Recorder(run)
            recorder.scalars(1, time.time(), {f"metric/{number}": number * 0.5 for number in range(10)})
            recorder.set_state("done", seconds=1.0)
            recorder.close()
    time.sleep(0.2)
    index = Index(workspace)
    found = {"index_rebuild_ms": milliseconds(index.refresh, 1)}
    time.sleep(0.2)
    index.refresh()

    def listed() -> None:
        index.refresh()
        if len(index.list_runs()) != count:
            raise AssertionError("runs are missing")

    def opened() -> None:
        for folder in workspace.folders():
            reader = Reader(folder)
            reader.last()
            reader.close()

    found |= {"list_1000_runs_ms": milliseconds(listed), "naive_list_1000_runs_ms": milliseconds(opened, 1)}
    index.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--runs", type=int, default=1000, help="how many runs are listed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        found = scalars(Workspace(place / "scalars"), place)
        found |= curve(Workspace(place / "curve"), place)
        found |= listing(Workspace(place / "listing"), options.runs)
    found |= {
        f"{name}_gain": found[f"naive_{name}"] / found[name]
        for name in ("scalar_cpu_us", "curve_1e6_overview_ms", "list_1000_runs_ms", "bytes_per_scalar")
    }
    rounded = {name: float(f"{value:.4g}") for name, value in found.items()}
    lines = [json.dumps(rounded)] if options.json else [f"{name:<32} {value:>12g}" for name, value in rounded.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
