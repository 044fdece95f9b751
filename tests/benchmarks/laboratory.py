"""What the laboratory of optimizers takes: `python -m tests.benchmarks.laboratory --json`.

map_seconds: from a change of the chain until 40 000 trajectories of 300 evaluations have come as a field and are
painted; the median of some chains, none computed before. redraw_p95_ms: from a change of the start, as a drag sends
it, until the path of 500 evaluations has come and the plane is painted; the base's path comes with it. answer_p95_ms:
until all has come that answers such a change: curves, tables, the map, which is kept. All through the live job's own
worker; `load` is the machine's before and after, for on cores that others use everything waits.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from workbench import fields
from workbench.events import Event
from workbench.jobs.start import Desk, live
from workbench.jobs.supervisor import Job
from workbench.testing.home import desk_here
from workbench.ui.bridge import Feed
from workbench.ui.panels import PanelWidget, make_panel

MOVES, WARM, PAUSE = 200, 20, 0.025
MAPS = 7


class Bench:
    """The live job, what it has sent, and panels that show it."""

    def __init__(self, desk: Desk) -> None:
        found = desk.tool("optimizers")
        self.job = Job(live(desk, "optimizers", fields.validate(found.tool.params, {})), desk.registry)
        self.feed, self.generation = Feed("run", live=True), 0
        self._changed = threading.Condition()
        self._came: dict[str, tuple[int, float]] = {}
        """Of each stream the generation of the newest frame, and when it came."""
        self.job.listen("*", self._take)
        self.job.watch({"*": 1000.0})
        self._thread = threading.Thread(target=self.job.supervise)
        self._thread.start()
        self.panels = {each.id: self._shown(make_panel(each, str)) for each in found.tool.panels if each.id in WATCHED}
        self._wait(0)

    def _shown(self, panel: PanelWidget) -> PanelWidget:
        panel.apply_theme(False)
        panel.resize(700, 600)
        panel.show()
        return panel

    def _take(self, event: Event) -> None:
        with self._changed:
            if event.stream:
                self.feed.take(event)
            idle = event.kind == "state" and event.data["state"] == "idle"
            self._came[IDLE if idle else event.stream] = event.generation, time.perf_counter()
            self._changed.notify_all()

    def _wait(self, generation: int, stream: str = "") -> float:
        name = stream or IDLE
        with self._changed:
            if not self._changed.wait_for(lambda: self._came.get(name, (-1, 0.0))[0] >= generation, 60):
                raise TimeoutError(f"no answer: {self.job.error}")
            return self._came[name][1]

    def ask(self, panel: str, stream: str, **values: Any) -> tuple[float, float]:
        """Seconds until a panel has painted a stream that answers these values, and until the whole answer came."""
        self.generation += 1
        begun = time.perf_counter()
        self.job.set(**values)
        self._wait(self.generation, stream)
        self.panels[panel].show_sources([self.feed])
        QApplication.processEvents()
        painted = time.perf_counter() - begun
        return painted, self._wait(self.generation) - begun

    def close(self) -> None:
        """Ends the worker."""
        self.job.stop()
        self._thread.join()
        for each in self.panels.values():
            each.close()


WATCHED, IDLE = ("plane", "basins"), "idle"


def repeated(n: int, ask: Callable[[int], tuple[float, float]]) -> list[tuple[float, float]]:
    """The answers, at about the pace of a hand."""
    found = []
    for k in range(n):
        time.sleep(random.uniform(0, 2 * PAUSE))
        found.append(ask(k))
    return found


def measure() -> dict[str, Any]:
    """The figures."""
    before, bench = os.getloadavg()[0], Bench(desk_here())
    try:
        drags = repeated(WARM + MOVES, lambda _: bench.ask("plane", "chain", start=[random.uniform(-2, 2), 1.5]))[WARM:]
        maps = repeated(MAPS, lambda k: bench.ask("basins", "map", optimizer=chain(0.03 + 0.01 * k)))
    finally:
        bench.close()
    painted, answered = ([1e3 * each[k] for each in drags] for k in (0, 1))
    return {
        "map_seconds": round(statistics.median(seconds for seconds, _ in maps), 3),
        "map_seconds_worst": round(max(seconds for seconds, _ in maps), 3),
        "redraw_p95_ms": round(statistics.quantiles(painted, n=20)[18], 2),
        "redraw_p50_ms": round(statistics.median(painted), 2),
        "answer_p95_ms": round(statistics.quantiles(answered, n=20)[18], 2),
        "load": [round(before, 1), round(os.getloadavg()[0], 1)],
    }


def chain(rate: float) -> dict[str, Any]:
    """An Adam with lookahead at this rate."""
    return {"base": {"kind": "adam", "lr": rate}, "stages": [{"kind": "lookahead"}]}


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    options = parser.parse_args()
    _app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as workspace:
        os.environ["WORKBENCH_WORKSPACE"] = workspace
        found = measure()
    sys.stdout.write(json.dumps(found, indent=None if options.json else 2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
