"""The page of runs over thousands of them: opening it, typing a search, sorting, a star, scrolling.

    python -m tests.benchmarks.runs [--json] [--runs N]

Goals: search_ms <= 100 (from a keystroke until the answer is painted, the slowest of all), late_p99_ms and busy_max_ms
<= 16 (how late a timer in the window's thread fires meanwhile; its own processor time between two firings). first_ms is
the page's first list in a workspace whose index is there; index_s how long that takes to make.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest

from workbench.cli.session import Session
from workbench.runs import labels, schema
from workbench.runs.index import Index
from workbench.runs.labels import Labels
from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder
from workbench.runs.records import Header
from workbench.runs.workspace import Workspace
from workbench.testing.home import at_home
from workbench.testing.lateness import BUSY, WAITED, punctuality
from workbench.ui.app import make_application, opened
from workbench.ui.pages.runs.page import RunsPage

TYPED = ("ring8 stages=3", "tag:good loss<0.5", "is:starred -seed=3", "k3")
Figures = dict[str, float]


def fill(workspace: Workspace, count: int) -> None:
    """Copies of one run, each with parameters, values, a time and an id of its own."""
    params = {"seed": 0, "lr": 1e-4, "steps": 500, "head": {"stages": 3, "width": 64}, "data": {"kind": "ring8"}}
    first = workspace.create(Header("gan", "workbench_gan", "1", {"id": "gan"}, params, 0, "cpu", 1, {}))
    with writer(first):
        recorder = Recorder(first)
        for step in range(1, 20):
            recorder.scalars(step, time.time(), {f"{part}/loss": 1 / step for part in "abcdefgh"})
        recorder.set_state("done", seconds=5.0)
        recorder.close()
    schema.open_to_read(first).close()
    chance = random.Random(0)
    for number in range(1, count):
        copy = first.with_name(f"{first.name[:-4]}{number:05}")
        shutil.copytree(first, copy)
        own = {**params, "seed": number % 10, "head": {"stages": number % 5, "width": 64 << number % 3}}
        with closing(sqlite3.connect(copy / schema.FILE)) as db:
            db.execute("PRAGMA synchronous = OFF")
            made = {"id": copy.name, "params": own, "created": time.time() - 600 * number, "group": f"g{number // 10}"}
            schema.put_facts(db, {**made, "seconds": 100 * chance.random()})
            db.commit()
        if not number % 20:
            said = Labels(star=number % 40 == 0, tags=("good", f"t{number % 7}"), note="later")
            labels.change(copy, partial(_say, said))


def _say(said: Labels, _: Labels) -> Labels:
    return said


def live(until: Callable[[], object], patience: float = 60.0) -> None:
    """Lets the window live until something is so."""
    end = time.perf_counter() + patience
    while not until():
        if time.perf_counter() > end:
            raise TimeoutError("it did not happen")
        loop = QEventLoop()
        QTimer.singleShot(1, loop.quit)
        loop.exec()


def rest(seconds: float) -> None:
    """Lets the window live for so long."""
    end = time.perf_counter() + seconds
    live(lambda: time.perf_counter() > end)


def typed(page: RunsPage) -> list[float]:
    """Milliseconds of every keystroke until its answer is painted."""
    found = []
    for text in TYPED:
        page.search.clear()
        rest(0.4)
        for place, letter in enumerate(text, 1):
            begun, before = time.perf_counter(), page.model.answer
            QTest.keyClicks(page.search, letter)
            live(lambda: page.query.contains == text[:place] and page.model.answer is not before)  # noqa: B023
            page.table.viewport().repaint()
            found.append(1e3 * (time.perf_counter() - begun))
            rest(0.05)
    return found


def answered(page: RunsPage, do: Callable[[], object]) -> float:
    """Milliseconds until the list has changed."""
    begun, before = time.perf_counter(), page.model.answer
    do()
    live(lambda: page.model.answer is not before)
    return 1e3 * (time.perf_counter() - begun)


def gestures(page: RunsPage) -> Figures:
    """Sorting, grouping, a star, scrolling to the end."""
    columns = list(page.model.answer.columns)
    taken = {
        "sort_ms": answered(page, lambda: page._sort(columns.index("seconds"))),
        "group_ms": answered(page, lambda: page.wish(by="group")),
        "ungroup_ms": answered(page, lambda: page.wish(by="")),
        "star_ms": answered(page, lambda: page._star(3)),
    }
    bar = page.table.verticalScrollBar()
    for _ in range(60):
        bar.setValue(bar.value() + bar.maximum() // 40 + 1)
        rest(0.016)
    return taken


def measure(count: int) -> Figures:
    """All figures."""
    with tempfile.TemporaryDirectory() as home, at_home(Path(home)):
        session = Session.of(argparse.Namespace(workspace="", profile="", lang="en", safe_mode=False))
        workspace = Workspace(session.settings.workspace)
        fill(workspace, count)
        begun = time.perf_counter()
        index = Index(workspace)
        index.refresh()
        index.close()
        figures = {"runs": float(count), "index_s": time.perf_counter() - begun}
        make_application()
        with opened(session) as window:
            window.resize(1360, 820)
            window.show()
            live(lambda: window.host.can_draw and hasattr(window, "runs"))
            rest(3)
            figures |= _measured(window.runs.page, window.runs.show, count)
            window.close()
    return figures


def _measured(page: RunsPage, show: Callable[[], object], count: int) -> Figures:
    with punctuality(busy=0.0) as watch:
        begun = time.perf_counter()
        show()
        live(lambda: page.model.answer.total == count)
        first = 1e3 * (time.perf_counter() - begun)
        rest(0.5)
        letters = typed(page)
        page.search.clear()
        rest(0.5)
        taken = gestures(page)
    busy = max((each.busy for each in watch.lates), default=0.0)
    waited = max((each.waited for each in watch.lates), default=0.0)
    for each in watch.lates:
        if each.busy > BUSY or each.waited > WAITED:
            print(each, file=sys.stderr)  # noqa: T201
    return {
        "first_ms": first, "search_ms": max(letters), "search_median_ms": statistics.median(letters), **taken,
        "late_p50_ms": 1e3 * watch.percentile(0.5), "late_p99_ms": 1e3 * watch.percentile(0.99),
        "late_max_ms": 1e3 * watch.percentile(1.0), "busy_max_ms": 1e3 * busy, "waited_max_ms": 1e3 * waited,
    }  # fmt: skip


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5000)
    options = parser.parse_args()
    found = {name: round(value, 1) for name, value in measure(options.runs).items()}
    print(json.dumps(found) if options.json else "\n".join(f"{k:<20} {v:>10}" for k, v in found.items()))  # noqa: T201


if __name__ == "__main__":
    main()
