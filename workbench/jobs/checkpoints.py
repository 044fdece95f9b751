"""When a job's checkpoints are written, where they lie, and which of them are kept.

Written to a temporary name, synced, renamed; recorded only after everything reported before it is committed, so that
a run never resumes beyond its own record.
"""

from __future__ import annotations

import math
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder

_SHARE = 0.02
"""The most of a job's time that checkpoints may take: dear ones are written less often."""


@dataclass(frozen=True)
class Written:
    """A checkpoint on the disk. score: the larger, the better, None where nothing tells. pinned: never pruned."""

    step: int
    path: Path
    score: float | None = None
    pinned: bool = False


class Checkpoints:
    """The checkpoints of one running job, and those that older segments of its run left.

    newest: so many of the last ones are kept, besides the first and the best. best: the tool's scalar by which one is
    the best, "-" before it for smallest.
    """

    def __init__(self, run: Path, recorder: Recorder, seconds: float, newest: int = 3, best: str = "") -> None:
        self.tracked: dict[str, Any] = {}
        self._folder = run / "checkpoints"
        self._recorder = recorder
        self._seconds = seconds
        self._newest, self._best = newest, best
        self._next = time.monotonic() + seconds
        self._cheap = 0.0
        self._written = _left(run)
        self._at = -1

    @property
    def next(self) -> float:
        """When the next one is due, on the monotonic clock."""
        return self._next if self.tracked else math.inf

    @property
    def cheap(self) -> bool:
        """Whether another one takes no more than its share of the job's time."""
        return bool(self.tracked) and time.monotonic() >= self._cheap

    def save(self, step: int, latest: Mapping[str, float], pinned: bool = False) -> None:
        """Writes the checkpoint after `step` updates, unless it exists; forgets those no longer needed."""
        if not self.tracked or step == self._at:
            return
        begun = time.monotonic()
        self._recorder.flush(durable=True)
        path = self._folder / f"{self._recorder.segment:03d}-{step:09d}"
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        import_module("workbench.ml.state").save(temporary, self.tracked, {"step": step})
        _settle(temporary, path)
        self._recorder.add_checkpoint(step, path, "pinned" if pinned else "")
        self._written.append(Written(step, path, self._score(latest), pinned))
        self._at = step
        self._prune()
        now = time.monotonic()
        self._cheap = now + (now - begun) / _SHARE
        self._next = max(now + self._seconds, self._cheap)

    def load(self, path: Path) -> int:
        """Restores what is tracked from a checkpoint; the step after which it was written."""
        facts = import_module("workbench.ml.state").load(path, self.tracked)
        step = int(facts["step"])
        self._at = step if path.is_relative_to(self._folder) else -1
        return step

    def outdated(self) -> None:
        """What is tracked was changed between two steps: no checkpoint holds this boundary any more."""
        self._at = -1

    def choose(self, step: int | None, before: int | None) -> Written | None:
        """The newest checkpoint, of `step` where it is named, before `before` where there is one; else the first."""
        fitting = [each for each in self._written if step is None or each.step == step]
        good = [each for each in fitting if before is None or each.step < before]
        chosen = good or fitting[:1]
        return chosen[-1] if chosen else None

    def leave(self, step: int) -> None:
        """After a roll-back to `step`: later ones are of a way that was left, and the first to be forgotten."""
        left = [each for each in self._written[1:] if each.step > step]
        stay = [each for each in self._written[1:] if each.step <= step]
        self._written[1:] = [*left, *stay]

    def _score(self, latest: Mapping[str, float]) -> float | None:
        value = latest.get(self._best.lstrip("-")) if self._best else None
        return None if value is None else (-value if self._best.startswith("-") else value)

    def _prune(self) -> None:
        scored = [each for each in self._written if each.score is not None]
        best = max(scored, key=lambda each: each.score or 0.0, default=None)
        first = self._written[0]
        for each in self._written[: -self._newest]:
            if each not in (first, best) and not each.pinned:
                self._recorder.remove_checkpoint(each.path)
                shutil.rmtree(each.path, ignore_errors=True)
                self._written.remove(each)


def _left(run: Path) -> list[Written]:
    """Those of older segments, the hidden ones first."""
    reader = Reader(run)
    try:
        found = sorted(reader.checkpoints(), key=lambda each: (each.step != 0, each.visible))
        return [Written(each.step, run / each.path, pinned=bool(each.kept)) for each in found]
    finally:
        reader.close()


def _settle(temporary: Path, path: Path) -> None:
    """Syncs the files of `temporary`, then gives the folder its name."""
    for file in temporary.iterdir():
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())
    if path.exists():
        shutil.rmtree(path)
    temporary.replace(path)
    if os.name == "posix":
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
