"""A long run streamed to a window: whether memory stays flat, everything is kept, and an idle window rests.

    python -m tests.benchmarks.soak [--json] [--scale S] [--minutes M]

10⁷ scalars and 10⁵ pictures are reported within the given minutes to a window that draws them. The resident memory of
window and worker is read every five seconds: `window_flat` and `worker_flat` are the spread of what was read after the
first two minutes, as a share of its median. `lost_scalars`, `lost_rows` and `wrong_pictures` compare the store with
what was reported and with the rule of thinning. `idle_percent`: the window's processor time afterwards, of one core.
Goals: both flat within 0.05, nothing lost, idle_percent < 1. With --scale everything is that much shorter.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil

from tests.benchmarks import streaming
from workbench.runs.reader import Reader
from workbench.runs.thinning import Thinning
from workbench.testing.lateness import punctuality
from workbench.ui.jobs import Work
from workbench.ui.pages.tool import ToolPage

PLUGIN = Path(__file__).parent / "plugins" / "torrent"
STREAM = "pictures"
STEPS, SERIES, PICTURE, ROW = 500_000, 20, 5, 1000
EVERY, SETTLED, IDLE = 5.0, 120.0, 20.0
"""Seconds: between two readings; until memory must be flat; of the idle window."""
FLAT, RESTING = 0.05, 1.0
Figures = dict[str, Any]


class Memory:
    """The resident memory of two processes, read by a thread. readings: seconds since the beginning, bytes, bytes."""

    def __init__(self, worker: int) -> None:
        self.readings: list[tuple[float, int, int]] = []
        self._processes = psutil.Process(), psutil.Process(worker)
        self._over = threading.Event()
        self._begun = time.monotonic()

    def read(self, every: float) -> None:
        """Until `end`, or until the worker has gone."""
        while not self._over.wait(every):
            try:
                window, worker = (each.memory_info().rss for each in self._processes)
            except psutil.NoSuchProcess:
                return
            self.readings.append((time.monotonic() - self._begun, window, worker))

    def end(self) -> None:
        """Ends the reading."""
        self._over.set()

    def flat(self, which: int, after: float) -> float:
        """The spread of what was read after so many seconds, as a share of its median; of the window 1, the worker 2.

        The last reading is left out: the worker may be ending.
        """
        found = [each[which] for each in self.readings[:-1] if each[0] >= after]
        return (max(found) - min(found)) / float(np.median(found)) if found else float("nan")


@contextmanager
def reading(worker: int, every: float) -> Iterator[Memory]:
    """Memory, read inside."""
    memory = Memory(worker)
    thread = threading.Thread(target=memory.read, args=(every,), name="memory")
    thread.start()
    try:
        yield memory
    finally:
        memory.end()
        thread.join()


def stream(page: ToolPage, steps: int, minutes: float, scale: float) -> tuple[Work, Figures]:
    """The run, and what was seen of it."""
    work = streaming.begin(page, steps=steps, minutes=minutes)
    panel = f"stream:{STREAM}"
    streaming.until(lambda: panel in page.docks.docks and work.intake.feeds[0].frame(STREAM) is not None)
    painted = streaming.Painted(page.docks.docks[panel].content, STREAM)
    worker = getattr(work.job._runner, "pid")  # noqa: B009 - of the process runner alone
    begun = time.monotonic()
    with reading(worker, EVERY * min(1.0, 10 * scale)) as memory, punctuality(looks=False) as watch:
        streaming.until(lambda: work.ended and work.isFinished(), 60 * (minutes + 10))
    painted.close()
    if work.job.state != "done":
        raise RuntimeError(f"the run ended {work.job.state}: {work.job.error}")
    return work, {
        "seconds": time.monotonic() - begun, "frames_per_second": painted.rate, "p99_ms": 1000 * watch.percentile(0.99),
        "window_flat": memory.flat(1, SETTLED * scale), "worker_flat": memory.flat(2, SETTLED * scale),
        "readings_mb": [[round(at, 1), window >> 20, job >> 20] for at, window, job in memory.readings],
    }  # fmt: skip


def kept(folder: Path, steps: int) -> Figures:
    """What the store has, against what was reported."""
    reader = Reader(folder)
    try:
        counts = [len(np.unique(reader.scalars(name)["step"])) for name in reader.series()]
        rows = sum(1 for _ in reader.rows("rows"))
        pictures = reader.frames(STREAM)
    finally:
        reader.close()
    return {
        "scalars": sum(counts), "lost_scalars": SERIES * steps - sum(counts), "lost_rows": steps // ROW - rows,
        "kept_pictures": len(pictures), "wrong_pictures": len(set(pictures) ^ thinned(steps)),
    }  # fmt: skip


def thinned(steps: int) -> set[int]:
    """The steps of the pictures that are to be kept."""
    rule = Thinning()
    for step in range(PICTURE, steps + 1, PICTURE):
        if rule.due(step, steps):
            rule.add(step, steps)
    return rule.kept | ({rule.last} if rule.last is not None else set())


def idle(seconds: float) -> float:
    """Percent of one core that this process takes while its window is there and nothing happens."""
    streaming.rest(3.0)
    begun, spent = time.monotonic(), time.process_time()
    streaming.rest(seconds)
    return 100 * (time.process_time() - spent) / (time.monotonic() - begun)


def met(figures: Figures) -> dict[str, bool]:
    """Which goals are reached."""
    nothing = ("lost_scalars", "lost_rows", "wrong_pictures")
    flat = {name: figures[name] <= FLAT for name in ("window_flat", "worker_flat")}
    return {**flat, **{name: figures[name] == 0 for name in nothing}, "idle_percent": figures["idle_percent"] < RESTING}


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument("--scale", type=float, default=1.0, help="of the whole: 0.01 takes seconds")
    parser.add_argument("--minutes", type=float, default=12.0, help="in which all is reported, times the scale")
    options = parser.parse_args()
    steps = max(ROW, int(STEPS * options.scale))
    with streaming.window(PLUGIN.name, PLUGIN) as seat:
        assert seat.page is not None
        work, figures = stream(seat.page, steps, options.minutes * options.scale, options.scale)
        figures |= {"idle_percent": idle(IDLE), **kept(work.job.spec.folder, steps)}
    whole = {"machine": streaming.machine(), **figures, "met": met(figures)}
    sys.stdout.write(json.dumps(whole, indent=None if options.json else 2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
