"""What eight live panels cost the window: the share of a core that its thread takes at thirty frames a second.

`python -m tests.benchmarks.panels --json`. All frames are made beforehand, so that only drawing is measured. Beside
the share, each panel's own milliseconds per frame (drawn alone), and a curve of 10⁶ points.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from tests.ui.sources import Fake
from workbench.testing.lateness import punctuality
from workbench.tool import Layer, Panel
from workbench.ui.app import make_application
from workbench.ui.collector import Collector
from workbench.ui.docks import Docks
from workbench.ui.panels import PanelWidget, make_panel
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

FRAMES = 60
RATE = 30
PANELS: Mapping[str, Panel] = {
    "curves": Panel("curves", parts=(Layer("scalars", "loss"),)),
    "images": Panel("images", "images", "samples"),
    "points": Panel("points", parts=(Layer("points", "points"),)),
    "field": Panel("field", parts=(Layer("field", "field"),)),
    "histogram": Panel("histogram", parts=(Layer("bars", "histogram"),)),
    "bars": Panel("bars", parts=(Layer("bars", "shares"),)),
    "table": Panel("table", "table", "table"),
    "text": Panel("text", "text", "text"),
}


def made(frames: int = FRAMES) -> list[Fake]:
    """As many moments of one run: 3 curves, 64 images, 2 000 points, a 64 × 64 field, 64 bins, 10 bars, 20 rows."""
    rng = np.random.default_rng(0)
    side = np.linspace(-2, 2, 64)
    x, y = np.meshgrid(side, side)
    curves = rng.normal(size=(3, 20_000)).cumsum(1) / 50 + rng.normal(size=(3, 20_000))
    result = []
    for k in range(frames):
        fake, phase = Fake(), 2 * np.pi * k / frames
        so_far = 10_000 + 10_000 * k // frames
        fake.scalars(**{f"loss__{name}": curve[:so_far] for name, curve in zip("dge", curves, strict=True)})
        fake.put("images", "samples", rng.random((64, 32, 32, 3)))
        fake.put("points", "points", rng.normal(size=(2000, 2)))
        fake.put("field", "field", np.sin(x * 2 + phase) * np.cos(y * 2), (-2, 2), (-2, 2))
        fake.put("bars", "histogram", np.histogram(rng.normal(size=2000), 64, (-4, 4))[0], np.linspace(-4, 4, 65))
        fake.put("bars", "shares", rng.random(10), labels=[str(d) for d in range(10)])
        fake.put(
            "table", "table", [{"class": i, "share": float(rng.random()), "kl": float(rng.random())} for i in range(20)]
        )
        fake.put("text", "text", f"**step {k}**\n\n- loss {rng.random():.3f}\n- modes {k % 8}")
        result.append(fake)
    return result


class Bench:
    """The panels in one window."""

    def __init__(self, names: list[str]) -> None:
        self.window = QWidget()
        grid = QGridLayout(self.window)
        self.panels: list[PanelWidget] = [make_panel(PANELS[name], str) for name in names]
        for k, panel in enumerate(self.panels):
            panel.apply_theme(False)
            grid.addWidget(panel, k // 4, k % 4)
        self.window.resize(400 * min(len(names), 4), 300 * -(-len(names) // 4))
        self.window.show()

    def draw(self, fake: Fake) -> None:
        """One frame."""
        for panel in self.panels:
            panel.show_sources([fake])

    def close(self) -> None:
        """Gone."""
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()


def share(frames: list[Fake], seconds: float) -> dict[str, float]:
    """All panels in their docks by the clock: the thread's share of a core, the frames that there were, those that
    the panel drawn least has drawn; then, as watching takes the thread's time too, as long again for the longest and
    99th-percentile time that one turn took of the thread."""
    docks = Docks("workbench", Speech("en"), Theme())
    docks.resize(1600, 600)
    docks.fill(list(PANELS.values()), "curves | images | points | field / histogram | bars | table | text", make_panel)
    docks.show()
    drawn = Counter[str]()
    for name, dock in docks.docks.items():
        dock.content.draw = _counted(dock.content.draw, partial(drawn.update, [name]))  # type: ignore[method-assign]
    asked = 0

    def tick() -> None:
        nonlocal asked
        docks.refresh([frames[asked % len(frames)]])
        asked += 1

    timer = QTimer(interval=1000 // RATE, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    _run(1.0)  # laid out, and everything once drawn
    drawn.clear()
    asked, begun, spent = 0, time.perf_counter(), time.thread_time()
    _run(seconds)
    wall, spent = time.perf_counter() - begun, time.thread_time() - spent
    found = {
        "gui_share": spent / wall,
        "frames_per_second": asked / wall,
        "least_drawn_per_second": min(drawn.values()) / wall,
        "frame_ms": 1000 * spent / asked,
    }
    with punctuality(busy=0.0, looks=False) as watch:
        _run(seconds)
    timer.stop()
    docks.close()
    turns = sorted(each.busy for each in watch.lates)
    return found | {
        "longest_turn_ms": 1000 * turns[-1],
        "p99_turn_ms": 1000 * turns[int(0.99 * len(turns))],
    }


def _run(seconds: float) -> None:
    loop = QEventLoop()  # an application that quits closes its windows
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _counted(draw: Callable[..., None], count: Callable[[], object]) -> Callable[..., None]:
    def both(sources: Any) -> None:
        count()
        draw(sources)

    return both


def alone(name: str, frames: list[Fake]) -> float:
    """Milliseconds of the thread per frame of one panel, the median."""
    bench, taken = Bench([name]), []
    for fake in frames:
        begun = time.thread_time()
        bench.draw(fake)
        QApplication.processEvents()
        taken.append(time.thread_time() - begun)
    bench.close()
    return 1000 * float(np.median(taken))


def million() -> dict[str, float]:
    """A curve of 10⁶ points: its first frame, and one with a thousand new points."""
    curve = np.random.default_rng(0).normal(size=1_050_000)
    frames = [Fake().scalars(loss=curve[: 1_000_000 + 1000 * k]) for k in range(50)]
    bench, taken = Bench(["curves"]), []
    for fake in frames:
        begun = time.thread_time()
        bench.draw(fake)
        QApplication.processEvents()
        taken.append(1000 * (time.thread_time() - begun))
    bench.close()
    return {"million_first_ms": taken[0], "million_ms": float(np.median(taken[1:]))}


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    collector = Collector(make_application())  # as in the window
    frames = made()
    collector.begin()
    found: dict[str, Any] = {name: round(alone(name, frames), 2) for name in PANELS}
    result = {**share(frames, options.seconds), **million(), "panel_ms": found}
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
