"""A window that draws: what it costs a training loop to be streamed to it, and how smoothly it shows it.

    python -m tests.benchmarks.streaming [--json] [--pairs N] [--seconds N] [--game mlp|conv]

Both games of `plugins/duel` are started in a real window and streamed to its panels, at first as a person sees them,
without a halt: `frames_per_second`, the distinct frames that the panel of samples painted, counted in its paint events.
Then the same loop beside it, bare, takes short turns with each. For each game, over many pairs: `ratio`, steps a second
streamed over bare, the median, and its tenth percentile `ratio_p10`; `frames_in_turns`, as before, within the streamed
one's turns alone: a turn lasts some six frames, of which the last is often painted after its end; `p99_ms`, how late a
timer of 5 ms fired in the window's thread in these turns. The worse game is the headline. Qt draws into memory unless
QT_QPA_PLATFORM says otherwise.
Goals: ratio >= 0.95, ratio_p10 >= 0.90, frames_per_second >= 25, p99_ms <= 16.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

from tests.benchmarks import pairs
from tests.ui.frame import BUILT_IN
from workbench import settings
from workbench.cli.session import Session
from workbench.settings import Places, Settings
from workbench.testing.home import at_home, planting
from workbench.testing.lateness import Watch, punctuality
from workbench.ui.app import make_application, opened
from workbench.ui.jobs import Work
from workbench.ui.pages.tool import ToolPage
from workbench.ui.panels import PanelWidget
from workbench.ui.window import Window

STREAM = "samples"
PATIENCE = 120.0
AT_EASE = 3.0
"""Seconds without a halt: no longer than the bare loop's samples need to be made before it."""
GOALS: dict[str, tuple[str, float]] = {
    "ratio": (">=", 0.95), "ratio_p10": (">=", 0.90), "frames_per_second": (">=", 25.0), "p99_ms": ("<=", 16.0),
}  # fmt: skip
Figures = dict[str, Any]


def until(ready: Callable[[], object], patience: float = PATIENCE) -> None:
    """Runs the event loop until something is so. Raises TimeoutError."""
    loop, timer, begun = QEventLoop(), QTimer(interval=50), time.monotonic()
    timer.timeout.connect(lambda: loop.quit() if ready() or time.monotonic() - begun > patience else None)
    timer.start()
    if not ready():
        loop.exec()
    timer.stop()
    if not ready():
        raise TimeoutError(f"not within {patience:.0f} s")


@contextmanager
def window(tool: str, plugin: Path | None = None) -> Iterator[Window]:
    """A window in a home of its own that looks at a tool, with panels. plugin: where it is no built-in tool, which
    then are left out.

    Without a warm spare: it would be filled in the middle of a run.
    """
    make_application()
    options = argparse.Namespace(workspace="", profile="", lang="en", safe_mode=False)
    with tempfile.TemporaryDirectory() as folder, at_home(Path(folder)), planting() as plant:
        if plugin:
            plant(plugin)
        settings.save(Places.of(), Settings(disabled_plugins=BUILT_IN if plugin else (), threads=1))
        with opened(Session.of(options)) as made:
            made.show()
            until(lambda: made.host.can_draw and made.page is not None)
            made.open_tool(tool)
            until(lambda: made.page is not None and made.page.tool.id == tool and made.page.stage is not None)
            assert made.host.jobs is not None
            spare, made.host.jobs.spare = made.host.jobs.spare, None
            if spare is not None:
                spare.close()
            yield made
            made.close()


def begin(page: ToolPage, **values: Any) -> Work:
    """Fills in the form and starts."""
    before = page.work
    for name, value in values.items():
        page.form.put(name, value)
    page.ask("start")
    until(lambda: page.work is not None and page.work is not before)
    assert page.work is not None
    return page.work


class Painted(QObject):
    """The distinct frames of one stream that a panel has painted. times: of each one's first painting, by the clock."""

    def __init__(self, panel: PanelWidget, stream: str) -> None:
        super().__init__(panel)
        self.times: list[float] = []
        self._seen: set[float] = set()
        self._panel, self._stream = panel, stream
        self._drawn: float | None = None
        self._draw = panel.draw
        setattr(panel, "draw", self._note)  # noqa: B010 - the panel's own stays its class's
        for each in [panel, *panel.findChildren(QWidget)]:
            each.installEventFilter(self)

    def close(self) -> None:
        """Lets go of the panel."""
        delattr(self._panel, "draw")
        self.deleteLater()

    @property
    def rate(self) -> float:
        """Distinct frames a second."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0]) if len(self.times) > 1 else 0.0

    def _note(self, sources: Sequence[Any]) -> None:
        self._draw(sources)
        frame = sources[0].frame(self._stream) if sources else None
        self._drawn = None if frame is None else frame.wall

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802 - Qt's
        """Counts."""
        if event.type() == QEvent.Type.Paint and self._drawn is not None and self._drawn not in self._seen:
            self._seen.add(self._drawn)
            self.times.append(time.perf_counter())
        return False


def streamed(page: ToolPage, pair: pairs.Pair, watches: list[Watch]) -> Figures:
    """One pair, ours in the window: its figures. watches: gets what was seen in each of our turns."""
    work = begin(page, **pair.values)
    until(lambda: (dock := page.docks.docks.get(f"stream:{STREAM}")) and shows(dock.content, work))
    rest(1.0)  # samples of another kind than those before them get another panel
    dock = page.docks.docks[f"stream:{STREAM}"]
    dock.raise_()
    painted = Painted(dock.content, STREAM)
    rest(AT_EASE)
    smooth = painted.rate

    @contextmanager
    def watched() -> Iterator[None]:
        with punctuality(looks=False) as watch:
            yield
        watches.append(watch)

    found = pairs.drive(pair.contest(work.job, painted.times, watched), rest)
    found |= {"frames_in_turns": found["frames_per_second"], "frames_per_second": smooth}
    painted.close()
    page.ask("stop")
    until(lambda: work.ended and work.isFinished())
    if work.job.state != "stopped":
        raise RuntimeError(f"the run ended {work.job.state}: {work.job.error}")
    return found


def shows(panel: PanelWidget, work: Work) -> bool:
    """Whether a panel has drawn samples of this job."""
    feed = work.intake.feeds[0]
    return list(panel.sources) == [feed] and feed.frame(STREAM) is not None


def rest(seconds: float) -> None:
    """Runs the event loop without disturbing it."""
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def measure(page: ToolPage, game: str, options: argparse.Namespace) -> Figures:
    """The figures of one game."""
    rows: list[Figures] = []
    watches: list[Watch] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.pairs):
            rows.append(streamed(page, pairs.Pair(Path(folder), game, options.seconds, number), watches))
            sys.stderr.write(f"{game} {number + 1}/{options.pairs}: {json.dumps(pairs.rounded(rows[-1]))}\n")
    delays = np.concatenate([each.delays for each in watches])
    late = {f"p{share}_ms": 1000 * float(np.percentile(delays, share)) for share in (50, 99)}
    return pairs.summary(rows) | pairs.rounded({**late, "longest_ms": 1000 * float(delays.max())})


def headline(games: dict[str, Figures]) -> Figures:
    """Of every goal's figure the worse game's, and whether it is met."""
    worse = {
        name: (min if way == ">=" else max)(each[name] for each in games.values()) for name, (way, _) in GOALS.items()
    }
    met = {name: worse[name] >= goal if way == ">=" else worse[name] <= goal for name, (way, goal) in GOALS.items()}
    return {**worse, **games, "met": met}


def machine() -> Figures:
    """What it was measured on. Afterwards: it imports torch, which a window does not have in its memory."""
    found: Figures = import_module("tests.benchmarks.engine").machine()
    return found


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument("--pairs", type=int, default=20, help="of runs, streamed and bare, for each game")
    parser.add_argument("--seconds", type=float, default=10.0, help="that each loop is measured")
    parser.add_argument("--game", choices=pairs.WARM, action="append", help="this game; may be given several times")
    options = parser.parse_args()
    with window("duel", pairs.PLUGINS / "duel") as seat:
        assert seat.page is not None
        games = {game: measure(seat.page, game, options) for game in options.game or pairs.WARM}
    figures = {"machine": machine(), **headline(games)}
    sys.stdout.write(json.dumps(figures, indent=None if options.json else 2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
