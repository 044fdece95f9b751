"""The engine: what running a job under the workbench costs, how fast a live tool answers, what the store takes.

    python -m tests.benchmarks.engine [--json] [--pairs N] [--seconds N] [--moves N] [--runs N] [--only PART …]
        [--alike]

ratio: steps a second of a training loop in a worker, recorded and listened to at 30 frames a second, over those of
the same loop bare (the same samples made at the same steps and dropped, the same priority, one torch thread each);
the median of pairs whose loops take short turns; the smaller of `mlp` (hundreds of steps a second) and `conv`
(tens). A worker's memory lies in huge pages where the system lends them (`workbench/jobs/pages.py`), that of the bare
loop as in any script; with --alike there too: then the difference is what recording and listening cost.
Goals: ratio >= 0.97, live_p95_ms <= 8, and those of tests/benchmarks/store.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import psutil
import torch

import workbench
from tests.benchmarks import eventfiles, live, pairs, recorded, store
from workbench import settings
from workbench.discovery import discover
from workbench.jobs.start import Desk
from workbench.runs.workspace import Workspace
from workbench.settings import Places

HERE = Path(__file__).parent
PLUGINS = (HERE / "plugins" / "duel", HERE.parent / "plugins" / "lens")
GOALS = {
    "ratio": (">=", 0.97),
    "live_p95_ms": ("<=", 8.0),
    "scalar_cpu_us": ("<=", 1.0),
    "curve_1e6_overview_ms": ("<=", 20.0),
    "list_1000_runs_ms": ("<=", 100.0),
    "bytes_per_scalar": ("<=", 32.0),
}
Figures = dict[str, Any]


def desk(home: Path) -> Desk:
    """A desk of its own, with the plugins that are measured, for this process and its children."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(home)
    os.environ[settings.WORKSPACE] = str(home / "workspace")
    places = Places.of()
    for plugin in PLUGINS:
        shutil.copytree(plugin, places.plugins / plugin.name)
    found = settings.load(places).model_copy(update={"threads": 1})
    return Desk(discover(places, found), Workspace(found.workspace), found)


def ratios(here: Desk, options: argparse.Namespace) -> Figures:
    """Both games."""
    found = {game: recorded.measure(here, game, options.pairs, options.seconds, options.alike) for game in pairs.WARM}
    return {"ratio": min(each["ratio"] for each in found.values()), **found}


def answers(here: Desk, options: argparse.Namespace) -> Figures:
    """The live tool."""
    return live.measure(here, options.moves)


def stored(here: Desk, options: argparse.Namespace) -> Figures:
    """The run store's figures, as its own benchmark measures them, beside the naive design and event files."""
    home = here.workspace.root.parent
    found = store.scalars(Workspace(home / "scalars"), home)
    found |= store.curve(Workspace(home / "curve"), home)
    found |= store.listing(Workspace(home / "listing"), options.runs)
    return {name: float(f"{value:.4g}") for name, value in found.items()} | eventfiles.measure()


PARTS: dict[str, Callable[[Desk, argparse.Namespace], Figures]] = {"ratio": ratios, "live": answers, "store": stored}


def machine() -> Figures:
    """What it was measured on."""
    return {
        "system": platform.platform(), "processor": _processor(), "cores": len(psutil.Process().cpu_affinity() or [])
        if hasattr(psutil.Process, "cpu_affinity") else psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1), "load": psutil.getloadavg()[0],
        "python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__,
        "workbench": workbench.__version__,
    }  # fmt: skip


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def met(figures: Figures) -> dict[str, bool]:
    """Which goals are reached, of those that were measured."""
    return {
        name: figures[name] >= bound if way == ">=" else figures[name] <= bound
        for name, (way, bound) in GOALS.items()
        if name in figures
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--pairs", type=int, default=20, help="of runs, recorded and bare, for each game")
    parser.add_argument("--seconds", type=float, default=10.0, help="that each loop is measured")
    parser.add_argument("--moves", type=int, default=400, help="of the live tool's slider")
    parser.add_argument("--runs", type=int, default=1000, help="how many runs are listed")
    parser.add_argument("--alike", action="store_true", help="the bare loop has its memory in huge pages too")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given several times")
    options = parser.parse_args()
    figures: Figures = {"machine": machine()}
    with tempfile.TemporaryDirectory() as folder:
        here = desk(Path(folder))
        for part in options.only or PARTS:
            figures |= PARTS[part](here, options)
    figures["met"] = met(figures)
    lines = [json.dumps(figures)] if options.json else [f"{name:<32} {value}" for name, value in figures.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
