"""Kills runs at random moments, as a user's machine would, and looks what became of them.

    python tests/benchmarks/kills.py [--json] [--kills N] [--seed N] [--quick]

The worker, the whole program, or both are killed with SIGKILL, at start-up, while the job trains, while it evaluates,
some with processes of its own.
Goals: lost_rows = 0, broken_stores = 0, misreported = 0, inexact = 0, left_over = 0.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from safetensors.numpy import load_file

from workbench.errors import UserError
from workbench.runs.reader import Reader

PLUGIN = Path(__file__).parents[1] / "plugins" / "ledger"
ACKNOWLEDGED = 0.5
"""Seconds after its report a row is safe."""
SETTLE = 20.0
"""Seconds that a worker without its program has to save and end."""
VICTIMS = ("worker", "program", "both")
MOMENTS = ("start", "training", "training", "evaluation")


@dataclass(frozen=True)
class Case:
    """A run to be killed. name: the scalar that is reported at every step."""

    tool: str
    steps: int
    name: str
    settings: tuple[str, ...]

    def command(self, home: Path) -> list[str]:
        """The arguments that start it; its ledger lies in `home`."""
        own = [f"ledger={home / 'ledger.txt'}"] if self.tool == "ledger" else []
        return ["run", self.tool, "--json", "--set", f"steps={self.steps}", *self.settings, *own]


QUICK = Case("ledger", 300, "loss", ("pause=0.004", "evaluation=0.4"))
LEDGER = Case("ledger", 400, "loss", ("pause=0.003", "evaluation=0.6"))
SPREAD = Case("ledger", 200, "loss", ("pause=0.002", "evaluation=0.1", "workers=2"))
GAN = Case("gan", 300, "loss/d", ("data=ring8", "network.width=16", "batch=32"))


@dataclass
class Fate:
    """What became of one run. state: after the kill, as `workbench runs` shows it."""

    case: str
    victim: str
    moment: str
    state: str = ""
    seen: int = 0
    lost_rows: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)

    def fault(self, kind: str, text: str) -> None:
        """Notes something wrong: misreported, broken_stores, inexact, left_over."""
        self.faults.append((kind, f"{self.case}, {self.victim} killed at {self.moment}: {text}"))


class Range:
    """A home of its own in which runs are started and killed."""

    def __init__(self, home: Path, seed: int = 0) -> None:
        self.home = home
        self.random = random.Random(seed)
        self.runs = home / "workspace" / "runs"
        self._references: dict[Case, Path] = {}
        shutil.copytree(PLUGIN, home / "kexue-workbench" / "plugins" / "ledger")
        places = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        self._environment = {**os.environ, **dict.fromkeys(places, str(home))}
        self._environment |= {"WORKBENCH_WORKSPACE": str(home / "workspace"), "LANG": "C.UTF-8"}

    # ------------------------------------------------------------------ one kill

    def kill(self, case: Case, victim: str, moment: str) -> Fate:
        """Runs, kills, looks, resumes, looks again."""
        reference = self.reference(case)
        fate = Fate(case.tool, victim, moment)
        (self.home / "ledger.txt").unlink(missing_ok=True)
        before = set(self._folders())
        program = self._start(case.command(self.home))
        watched = Watched(case, program, lambda: next(iter(set(self._folders()) - before), None))
        self._strike(watched, victim, moment)
        program.communicate()
        fate.seen = len(watched.seen)
        self._look_for_processes(fate)
        if watched.folder is None:
            fate.state = "not begun"
            return fate
        self._look(fate, watched)
        self._resume(fate, watched.folder, reference, case)
        return fate

    def reference(self, case: Case) -> Path:
        """The folder of the same run, uninterrupted."""
        if case not in self._references:
            done = self._call(*case.command(self.home))
            self._references[case] = self.runs / json.loads(done.stdout)["run_id"]
        return self._references[case]

    def _strike(self, watched: Watched, victim: str, moment: str) -> None:
        least = {"start": 0, "training": 1, "evaluation": watched.case.steps}[moment]
        longest = {"start": 2.5, "training": 0.6, "evaluation": 1.2 if watched.case is SPREAD else 0.3}[moment]
        watched.wait(lambda: len(watched.seen) >= least)
        watched.wait(lambda: False, self.random.uniform(0.0, longest))
        if victim != "program":
            watched.wait(lambda: watched.worker() is not None)
        watched.strike(victim, self.random.random() < 0.5)

    # ------------------------------------------------------------------ looking

    def _look(self, fate: Fate, watched: Watched) -> None:
        """What lies on the disk after the kill, and what the program says of it."""
        assert watched.folder is not None
        said = self._call("runs", watched.folder.name, "--json")
        fate.state = json.loads(said.stdout)["status"] if said.returncode == 0 else "unreadable"
        if fate.state not in expected(fate.victim, watched):
            fate.fault("misreported", f"shown as {fate.state}. {said.stderr.strip()}")
        try:
            self._look_for_rows(fate, watched)
        except (sqlite3.Error, UserError) as error:
            fate.fault("broken_stores", str(error))

    def _look_for_rows(self, fate: Fate, watched: Watched) -> None:
        assert watched.folder is not None
        with closing(sqlite3.connect(watched.folder / "run.sqlite")) as db:
            if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                fate.fault("broken_stores", "integrity check failed")
        kept = values(watched.folder, watched.case.name)
        if not np.array_equal(kept[: len(watched.seen)], watched.seen):
            fate.lost_rows += max(1, len(watched.seen) - len(kept))
        reported = acknowledged(self.home / "ledger.txt", watched.struck - ACKNOWLEDGED)
        fate.lost_rows += max(0, reported - len(kept))

    def _resume(self, fate: Fate, folder: Path, reference: Path, case: Case) -> None:
        """Goes on, where it had not reached its end when the kill came, and compares with the uninterrupted run."""
        if fate.state != "done":
            done = self._call("run", "--resume", folder.name, "--json")
            if done.returncode != 0:
                fate.fault("inexact", f"not resumed: exit status {done.returncode}. {done.stderr.strip()}")
                return
        if not same(weights(folder, case.steps), weights(reference, case.steps)):
            fate.fault("inexact", "the final weights differ")
        for name in names(reference):
            if not np.array_equal(values(folder, name), values(reference, name)):
                fate.fault("inexact", f"{name} differs")

    def _look_for_processes(self, fate: Fate) -> None:
        deadline = time.monotonic() + SETTLE
        while left := list(processes(self.home)):
            if time.monotonic() > deadline:
                fate.fault("left_over", ", ".join(f"{each.pid}" for each in left))
                for each in left:
                    each.kill()
                return
            time.sleep(0.05)

    # ------------------------------------------------------------------ the program

    def _start(self, command: list[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "workbench", *command],
            env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def _call(self, *command: str) -> subprocess.CompletedProcess[str]:
        program = self._start(list(command))
        out, err = program.communicate()
        return subprocess.CompletedProcess(command, program.returncode, out, err)

    def _folders(self) -> list[Path]:
        return [each for each in self.runs.glob("*") if not each.name.startswith(".")] if self.runs.exists() else []


class Watched:
    """A program that runs, and what another process sees of its run meanwhile.

    struck: when it was killed. late: it had already ended.
    """

    def __init__(self, case: Case, program: subprocess.Popen[str], find: Callable[[], Path | None]) -> None:
        self.case = case
        self.program = program
        self.seen: Any = np.empty(0)
        self.folder: Path | None = None
        self.struck = 0.0
        self.late = False
        self._find = find

    @property
    def status(self) -> int | None:
        """The program's exit status, None while it runs."""
        return self.program.poll()

    def wait(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Watches until the condition holds, the time is over or the program has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.status is None and not condition():
            self._look()
            time.sleep(0.05)

    def strike(self, victim: str, program_first: bool) -> None:
        """Kills, and remembers when."""
        worker = self.worker() if victim != "program" else None
        chosen = [worker] if victim == "worker" else [worker, self.program.pid]
        self._look()
        self.struck, self.late = time.time(), self.status is not None
        for pid in chosen[::-1] if program_first else chosen:
            if pid is not None and not self.late:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.program.wait()
        self.folder = self.folder or self._find()

    def worker(self) -> int | None:
        """The number of the worker's process."""
        try:
            children = psutil.Process(self.program.pid).children()
        except psutil.NoSuchProcess:
            return None
        return next((each.pid for each in children if is_worker(each)), None)

    def _look(self) -> None:
        """What is read here is acknowledged: later on it must still be there."""
        self.folder = self.folder or self._find()
        if self.folder is not None:
            found = values(self.folder, self.case.name)
            self.seen = found if len(found) > len(self.seen) else self.seen


def expected(victim: str, watched: Watched) -> set[str]:
    """The states in which a killed run may be found. A worker without its program saves and ends, where both are killed
    perhaps between the two."""
    if watched.late:
        return {"done"}
    finished = {"done"} if victim == "program" or len(watched.seen) >= watched.case.steps else set()
    return {"failed", "interrupted"} | finished | ({"stopped"} if victim != "worker" else set())


def is_worker(process: psutil.Process) -> bool:
    """Whether it is a worker; one that has ended is none."""
    try:
        return "workbench.worker" in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def processes(home: Path) -> Iterator[psutil.Process]:
    """Everything that still runs in this home."""
    for each in psutil.process_iter():
        try:
            if each.environ().get("HOME") == str(home) and each.status() != psutil.STATUS_ZOMBIE:
                yield each
        except psutil.Error:
            continue


def acknowledged(ledger: Path, before: float) -> int:
    """How many steps were reported before that time."""
    lines = ledger.read_text("utf-8").splitlines() if ledger.exists() else []
    return sum(float(line.split()[1]) < before for line in lines if len(line.split()) == 2)


def names(folder: Path) -> list[str]:
    """The scalars that are the same in every run of the same parameters."""
    with closing(Reader(folder)) as reader:
        return [name for name in reader.series() if not name.startswith("time/")]


def values(folder: Path, name: str) -> Any:
    """The visible values of a scalar."""
    with closing(Reader(folder)) as reader:
        return np.array(reader.scalars(name)["value"])


def weights(folder: Path, step: int) -> dict[str, Any]:
    """The tensors of the newest checkpoint after `step` updates."""
    found = sorted((folder / "checkpoints").glob(f"*-{step:09d}"))
    return dict(load_file(found[-1] / "tensors.safetensors"))


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether they are equal to the last bit."""
    return one.keys() == other.keys() and all(one[key].tobytes() == other[key].tobytes() for key in one)


# ------------------------------------------------------------------------------------- the whole


def measure(kills: int, seed: int, quick: bool) -> dict[str, Any]:
    """So many kills, and what was found. quick: of a short run only."""
    begun = time.monotonic()
    cases = [QUICK] if quick else [LEDGER, SPREAD, LEDGER, SPREAD, GAN]
    fates = []
    with tempfile.TemporaryDirectory(prefix="workbench-kills-") as home:
        place = Range(Path(home), seed)
        for number in range(kills):
            fates.append(place.kill(cases[number % len(cases)], VICTIMS[number % 3], MOMENTS[number % 4]))
            sys.stderr.write(f"{number + 1}/{kills}: {fates[-1]}\n")
    return {"seed": seed, **summary(fates), "seconds": round(time.monotonic() - begun, 1)}


def summary(fates: list[Fate]) -> dict[str, Any]:
    """Named figures."""
    kinds = Counter(kind for fate in fates for kind, _ in fate.faults)
    named = ("broken_stores", "misreported", "inexact", "left_over")
    return {
        "kills": len(fates),
        "lost_rows": sum(fate.lost_rows for fate in fates),
        **{kind: kinds[kind] for kind in named},
        "states": dict(Counter(fate.state for fate in fates)),
        "rows_seen": sum(fate.seen for fate in fates),
        "faults": [text for fate in fates for _, text in fate.faults],
    }


def main() -> int:
    """The program; exit status 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    found = measure(options.kills, options.seed, options.quick)
    text = json.dumps(found) if options.json else "\n".join(f"{name}: {value}" for name, value in found.items())
    sys.stdout.write(text + "\n")
    return 1 if found["faults"] or found["lost_rows"] else 0


if __name__ == "__main__":
    sys.exit(main())
