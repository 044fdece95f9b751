"""A corpus counted in a window that draws: how smooth it stays, how soon and how often it moves, what it needs.

    python -m tests.benchmarks.counting [--json] [--corpus FILE] [--megabytes N]

FILE: as for `tests.benchmarks.corpus`. `p99_ms`: how late a timer of 5 ms fired in the window's thread from Start to
the end; `first_words_s`: from Start to the first words painted; `changes_per_s`: of the table of words, painted, after
them until all is read; `window_mb`: what the window's process grew by. Goals: p99_ms <= 16, first_words_s <= 1.5, about
10 changes a second, window_mb < 150.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.benchmarks.corpus import corpus
from tests.benchmarks.pairs import rounded
from tests.benchmarks.streaming import Painted, machine, until, window
from workbench.testing.lateness import punctuality
from workbench.ui.pages.tool import ToolPage

PATIENCE = 600.0


class Growth:
    """What this process holds beyond its beginning, in MB; the most of it. read: when all of the corpus had been."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._process.memory_info().rss
        self.most = self.read = 0.0

    def looked(self, page: ToolPage) -> bool:
        """Looks again."""
        progress = page.work.intake.progress if page.work else None
        if progress and not self.read and progress.data["total"] and progress.data["done"] >= progress.data["total"]:
            self.read = time.perf_counter()
        self.most = max(self.most, (self._process.memory_info().rss - self._before) / 1e6)
        return True


def counted(page: ToolPage, path: Path) -> dict[str, float]:
    """The figures of one count."""
    page.form.put("paths", [str(path)])
    page.form.put("documents", "line")
    until(lambda: page.form.values() is not None and page.docks.docks.get("words") is not None)
    painted, growth = Painted(page.docks.docks["words"].content, "words"), Growth()
    with punctuality(looks=False) as watch:
        begun = time.perf_counter()
        page.ask("start")
        until(lambda: growth.looked(page) and page.work and page.work.ended and page.work.isFinished(), PATIENCE)
    assert page.work is not None
    if page.work.job.state != "done":
        raise RuntimeError(f"the run ended {page.work.job.state}: {page.work.job.error}")
    times = painted.times
    first, counting = times[0], [each for each in times if each <= growth.read]
    late = {f"p{share}_ms": 1000 * float(np.percentile(watch.delays, share)) for share in (50, 99)}
    return {
        **late, "longest_ms": 1000 * float(np.max(watch.delays)), "first_words_s": first - begun,
        "changes_per_s": (len(counting) - 1) / max(growth.read - first, 1e-9), "seconds": times[-1] - begun,
        "window_mb": growth.most,
    }  # fmt: skip


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument("--corpus", type=Path, help="UTF-8, a document a line")
    parser.add_argument("--megabytes", type=float, default=100.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = corpus(Path(folder), options.megabytes, options.corpus)
        with window("corpus-count") as seat:
            assert seat.page is not None
            found: dict[str, Any] = rounded(counted(seat.page, path))
    found = {"machine": machine(), "megabytes": options.megabytes, **found}
    sys.stdout.write(json.dumps(found, indent=None if options.json else 2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
