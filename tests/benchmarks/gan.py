"""What the GAN trainer reaches, run as a person runs it: `python -m tests.benchmarks.gan --json`.

Each run is a child process, `workbench run gan`, on one torch thread; its CPU seconds are the child's whole life:
imports, the judge's training where the workspace has none yet, training, evaluation. `goals` are what is asked of
every seed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

Figures = dict[str, Any]
VARIANTS: dict[str, dict[str, list[str]]] = {
    "digits": {"N=3": []},
    "ring8": {"N=1": ["head.stages=1"], "N=3": ["head.stages=3"]},
    "long": {"N=1": ["head.stages=1"], "N=3": ["head.stages=3"]},
    "grid25": {"N=1": ["head.stages=1"], "N=3": ["head.stages=3"]},
}  # preset -> variant -> what is set
GOALS: dict[str, dict[str, tuple[str, float]]] = {
    "digits": {
        "sure": (">=", 0.65),
        "classes": (">=", 0.03),
        "coverage": (">=", 0.85),
        "nearest": (">=", 0.95),
        "cpu_seconds": ("<=", 90),
    },
    "ring8": {"modes": (">=", 8), "high_quality": (">=", 0.90), "mode_kl": ("<=", 0.02), "cpu_seconds": ("<=", 60)},
    "long": {"modes": (">=", 8), "high_quality": (">=", 0.94), "mode_kl": ("<=", 0.02), "cpu_seconds": ("<=", 120)},
    "grid25": {"modes": (">=", 25), "high_quality": (">=", 0.88), "mode_kl": ("<=", 0.03), "cpu_seconds": ("<=", 150)},
}
KEPT = (
    "modes", "high_quality", "mode_kl", "sure", "classes", "coverage", "frechet", "nearest",
    "real/sure", "real/classes", "real/coverage", "real/frechet", "time/images_per_second",
)  # fmt: skip


def run(preset: str, settings: Sequence[str], seed: int, workspace: str) -> Figures:
    """One run's figures. Raises CalledProcessError if it fails."""
    command = [sys.executable, "-m", "workbench", "run", "gan", "--preset", preset, "--workspace", workspace]
    command += ["--json", "--set", f"seed={seed}", *settings]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = json.loads(done.stdout)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = {name: found["metrics"][name] for name in KEPT if name in found["metrics"]}
    return {"seed": seed, "cpu_seconds": round(spent, 1), "seconds": round(found["seconds"], 1), **figures}


def met(figures: Figures, goals: dict[str, tuple[str, float]]) -> dict[str, bool]:
    """Which goals one run reaches."""
    return {
        name: figures[name] >= bound if way == ">=" else figures[name] <= bound for name, (way, bound) in goals.items()
    }


def benchmark(presets: Sequence[str], seeds: Sequence[int]) -> Figures:
    """Every preset and variant on every seed; digits with a fresh workspace each, so that each trains its judge."""
    report: Figures = {}
    for preset in presets:
        for variant, settings in VARIANTS[preset].items():
            runs = []
            for seed in seeds:
                with tempfile.TemporaryDirectory() as workspace:
                    figures = run(preset, settings, seed, workspace)
                runs.append({**figures, "met": all(met(figures, GOALS[preset]).values())})
                print(preset, variant, runs[-1], file=sys.stderr, flush=True)  # noqa: T201
            report.setdefault(preset, {})[variant] = summary(runs)
    return report


def summary(runs: list[Figures]) -> Figures:
    """The runs, and for each figure its worst and mean over the seeds."""
    names = [name for name, value in runs[0].items() if isinstance(value, int | float) and name not in ("seed", "met")]
    spans = {
        name: {
            "low": min(run[name] for run in runs),
            "mean": sum(run[name] for run in runs) / len(runs),
            "high": max(run[name] for run in runs),
        }
        for name in names
    }
    return {"met": sum(run["met"] for run in runs), "of": len(runs), "spans": spans, "runs": runs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object (always so)")
    parser.add_argument("--seeds", default="0:5", help="FIRST:END, as a Python range")
    parser.add_argument("--only", choices=VARIANTS, action="append", help="this preset; may be given several times")
    options = parser.parse_args()
    first, end = map(int, options.seeds.split(":"))
    found = benchmark(options.only or list(VARIANTS), range(first, end))
    print(json.dumps({"goals": GOALS, "figures": found}, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
