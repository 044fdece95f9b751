"""A table of a million rows in a file: opening, a sorted first page, a filter typed letter by letter.

    python -m tests.benchmarks.tables [--json] [--rows N]

The file is SQLite; figures that begin with `parquet_` are of the same rows in Parquet.
Goals: sorted_first_page_ms <= 100 (before a copy in that order exists), keystroke_ms <= 50 (the page of 64 rows after
each letter, sorted, the slowest of the medians). The naive figures are SQLite's own for the same questions. `_cpu_ms`
is processor time over all threads, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import numpy as np

from workbench.runs.tables import Table

WORDS = ("词", "数据", "模型", "energy", "Langevin", "sample", "token", "noise", "图像", "walk")
TYPED = ("langevin-77", "词-1234", "zzzz")
"""Filters that match most rows at first, a few, none."""
TIMES = 5
Figures = dict[str, float]


def fill(path: Path, rows: int) -> None:
    """Five columns: id, word, count, score, note."""
    chance = random.Random(0)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE corpus (id INTEGER PRIMARY KEY, word TEXT, count INTEGER, score REAL, note TEXT)")
        made = (
            (n, f"{chance.choice(WORDS)}-{chance.randrange(10**6)}", chance.randrange(10**6), chance.random(),
             " ".join(chance.choices(WORDS, k=5)))
            for n in range(rows)
        )  # fmt: skip
        db.executemany("INSERT INTO corpus VALUES (?, ?, ?, ?, ?)", made)
        db.commit()


def as_parquet(path: Path) -> Path:
    """The same rows in Parquet."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT * FROM corpus")
        names = [each[0] for each in found.description]
        columns = {name: np.array(each) for name, each in zip(names, zip(*found, strict=True), strict=True)}
    made = path.with_suffix(".parquet")
    with duckdb.connect() as db:
        db.register("columns", columns)
        db.execute(f"COPY (FROM columns) TO '{made}' (FORMAT parquet)")
    return made


def cost(work: Callable[[], object], times: int = TIMES) -> tuple[float, float]:
    """Milliseconds, wall and processor: medians."""
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(1e3 * (time.perf_counter() - wall))
        cpus.append(1e3 * (time.process_time() - cpu))
    return statistics.median(walls), statistics.median(cpus)


def first_pages(table: Table) -> tuple[float, float]:
    """The slowest column, each before its copy exists."""
    taken = []
    for name in ("word", "count", "score", "note"):
        taken.append(cost(lambda name=name: table.page(0, 64, name), 1))  # type: ignore[misc]
        table.settle()
    return max(taken)


def keystrokes(table: Table) -> dict[str, tuple[float, float]]:
    """The slowest letter: of its page, and of the count that follows it."""
    table.page(0, 64, "word")
    table.settle()
    pages, counts = [], []
    for typed in TYPED:
        for end in range(1, len(typed) + 1):
            text = typed[:end]
            pages.append(cost(lambda text=text: table.page(0, 64, "word", contains=text)))  # type: ignore[misc]
            counts.append(cost(lambda text=text: table.count(text), 1))  # type: ignore[misc]
    return {"keystroke": max(pages), "count": max(counts)}


def naive(path: Path) -> dict[str, tuple[float, float]]:
    """SQLite's own, without an index."""
    like = "SELECT * FROM corpus WHERE word LIKE ?1 OR note LIKE ?1 OR count LIKE ?1 OR score LIKE ?1"
    with closing(sqlite3.connect(path)) as db:
        return {
            "naive_sorted_first_page": cost(
                lambda: db.execute("SELECT * FROM corpus ORDER BY word LIMIT 64").fetchall(), 3
            ),
            "naive_keystroke": cost(lambda: db.execute(f"{like} ORDER BY word LIMIT 64", ("%词-1234%",)).fetchall(), 3),
        }


def looked_at(path: Path, rows: int) -> dict[str, tuple[float, float]]:
    """What a person does with a table."""
    opened: list[Table] = []
    found = {"open": cost(lambda: opened.append(Table.open(path)), 1)}
    with closing(opened[0]) as table:
        found["sorted_first_page"] = first_pages(table)
        found["sorted_later_page"] = cost(lambda: table.page(rows // 2, 64, "note"))
        return found | keystrokes(table)


def measure(rows: int) -> Figures:
    """All figures of a table of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.sqlite"
        fill(path, rows)
        found = looked_at(path, rows) | naive(path)
        found |= {f"parquet_{name}": each for name, each in looked_at(as_parquet(path), rows).items()}
    figures = {f"{name}_ms": wall for name, (wall, _) in found.items()}
    return figures | {f"{name}_cpu_ms": cpu for name, (_, cpu) in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    figures = {name: float(f"{value:.4g}") for name, value in measure(options.rows).items()}
    lines = [json.dumps(figures)] if options.json else [f"{name:<32} {value:>12g}" for name, value in figures.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
