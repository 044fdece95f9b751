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
from collections.abc import Mapping
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from tests.ui.sources import Fake
from workbench.tool import Layer, Panel
from workbench.ui.panels import PanelWidget, make_panel

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
    """All panels by the clock: the thread's share of a core, and the frames that there were."""
    bench, drawn = Bench(list(PANELS)), 0
    for fake in frames[:5]:
        bench.draw(fake)
        QApplication.processEvents()

    def tick() -> None:
        nonlocal drawn
        bench.draw(frames[drawn % len(frames)])
        drawn += 1

    timer = QTimer(interval=1000 // RATE, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    QTimer.singleShot(int(seconds * 1000), QApplication.quit)
    begun, spent = time.perf_counter(), time.thread_time()
    QApplication.exec()
    wall, spent = time.perf_counter() - begun, time.thread_time() - spent
    timer.stop()
    bench.close()
    return {"gui_share": spent / wall, "frames_per_second": drawn / wall, "frame_ms": 1000 * spent / drawn}


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
    _app = QApplication.instance() or QApplication([])
    frames = made()
    found: dict[str, Any] = {name: round(alone(name, frames), 2) for name in PANELS}
    result = {**share(frames, options.seconds), **million(), "panel_ms": found}
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
