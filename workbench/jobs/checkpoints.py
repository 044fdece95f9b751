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
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from workbench.runs.packing import Points
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
from workbench.runs.records import Checkpoint

_SHARE = 0.02
"""The most of a job's time that checkpoints may take: dear ones are written less often."""


@dataclass(frozen=True)
class Written:
    """A checkpoint on the disk. score: the larger, the better, None where nothing tells. pinned: never pruned. left: of
    a way that was left by going back, to which one comes back only by its step."""

    step: int
    path: Path
    score: float | None = None
    pinned: bool = False
    left: bool = False


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
        self._newest = newest
        self._scalar, self._sign = best.removeprefix("-"), -1.0 if best.startswith("-") else 1.0
        self._next = time.monotonic() + seconds
        self._cheap = 0.0
        self._written = self._left(run)
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
        if self.tracked and step != self._at:
            self._write(step, self._score(latest.get(self._scalar)), pinned)
        elif self.tracked and pinned:
            self._pin(step)

    def _write(self, step: int, score: float | None, pinned: bool) -> None:
        begun = time.monotonic()
        self._recorder.flush(durable=True)
        path = self._folder / f"{self._recorder.segment:03d}-{step:09d}"
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        import_module("workbench.ml.checkpoint").save(temporary, self.tracked, {"step": step})
        _settle(temporary, path)
        pinned = self._put(Written(step, path, score, pinned)).pinned
        self._recorder.add_checkpoint(step, path, "pinned" if pinned else "")
        self._at = step
        self._prune()
        now = time.monotonic()
        self._cheap = now + (now - begun) / _SHARE
        self._next = max(now + self._seconds, self._cheap)

    def _put(self, written: Written) -> Written:
        """One that was written anew stands where it stood, and stays pinned."""
        for at, each in enumerate(self._written):
            if each.path == written.path:
                self._written[at] = replace(written, pinned=written.pinned or each.pinned)
                return self._written[at]
        self._written.append(written)
        return written

    def _pin(self, step: int) -> None:
        """Of the checkpoint of this boundary, which is there already; the first is kept anyway."""
        at = max(at for at, each in enumerate(self._written) if each.step == step)
        found = self._written[at]
        if at and not found.pinned:
            self._written[at] = replace(found, pinned=True)
            self._recorder.add_checkpoint(step, found.path, "pinned")

    def load(self, path: Path) -> int:
        """Restores what is tracked from a checkpoint; the step after which it was written."""
        facts = import_module("workbench.ml.checkpoint").load(path, self.tracked)
        self._at = int(facts["step"])
        if all(each.path != path for each in self._written):  # with which the run was made
            self._recorder.add_checkpoint(self._at, path)
            self._written.append(Written(self._at, path))
        return self._at

    def outdated(self, step: int) -> bool:
        """What is tracked was changed at the boundary after `step`: whether its checkpoint is to be written anew."""
        was, self._at = self._at, -1
        return was == step

    def choose(self, step: int | None, before: int | None) -> Written | None:
        """The newest checkpoint, of `step` where it is named, before `before` where there is one; else the first."""
        fitting = [each for each in self._written if (not each.left if step is None else each.step == step)]
        good = [each for each in fitting if before is None or each.step < before]
        chosen = good or fitting[:1]
        return chosen[-1] if chosen else None

    def leave(self, step: int) -> None:
        """After a roll-back to `step`: later ones are of a way that was left, and the first to be forgotten."""
        later = [each.left or each.step > step for each in self._written[1:]]
        marked = [replace(each, left=left) for each, left in zip(self._written[1:], later, strict=True)]
        self._written[1:] = sorted(marked, key=lambda each: not each.left)

    def _score(self, value: float | None) -> float | None:
        return None if value is None or math.isnan(value) else self._sign * value

    def _prune(self) -> None:
        scored = [each for each in self._written if each.score is not None]
        best = max(scored, key=lambda each: each.score or 0.0, default=None)
        first = self._written[0]
        for each in self._written[: -self._newest]:
            if each not in (first, best) and not each.pinned:
                self._recorder.remove_checkpoint(each.path)
                shutil.rmtree(each.path, ignore_errors=True)
                self._written.remove(each)

    def _left(self, run: Path) -> list[Written]:
        """Those of older segments: the first of all, then the hidden ones."""
        reader = Reader(run)
        try:
            found, points = reader.checkpoints(), reader.scalars(self._scalar)
        finally:
            reader.close()
        written = [
            Written(each.step, run / each.path, self._score(_value_at(points, each)), bool(each.kept), not each.visible)
            for each in found
        ]
        return [*written[:1], *sorted(written[1:], key=lambda each: not each.left)]


def _value_at(points: Points, checkpoint: Checkpoint) -> float | None:
    """The newest value that was reported until then; of steps that are hidden there is none."""
    before = int(np.searchsorted(points["step"], checkpoint.step, side="right")) if checkpoint.visible else 0
    return float(points["value"][before - 1]) if before else None


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
