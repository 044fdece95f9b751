"""Running a tool to its end in a test, and looking at what it left."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.lib.recfunctions import repack_fields
from safetensors.numpy import load_file

from workbench import fields
from workbench.events import Array, Event
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run, stacked_run
from workbench.jobs.supervisor import Job
from workbench.params import Params
from workbench.runs.arrays import Arrays
from workbench.runs.reader import Reader
from workbench.texts import Text

Where = Literal["process", "thread"]


@dataclass
class Ran:
    """A job that has ended, what it sent to be seen, and its run."""

    job: Job
    folder: Path
    events: list[Event] = field(default_factory=list)
    _reader: Reader | None = None

    @property
    def reader(self) -> Reader:
        """The run as it lies on the disk; opened when it is asked for."""
        if self._reader is None:
            self._reader = Reader(self.folder)
        return self._reader

    @property
    def state(self) -> str:
        """How the job ended: done, stopped, cancelled, failed."""
        return self.job.state

    @property
    def said(self) -> str:
        """Why it failed, in English; empty where it did not."""
        error = self.job.error or {}
        return str(Text.from_json(error["text"])) if error else ""

    def scalars(self) -> dict[str, Array]:
        """Step and value of every scalar but measurements (`time/…`): what must be the same when done again."""
        names = [name for name in self.reader.series() if not name.startswith("time/")]
        return {name: repack_fields(self.reader.scalars(name)[["step", "value"]]) for name in names}

    def streams(self) -> set[str]:
        """Everything that was reported and recorded, by name."""
        return {*self.reader.series(), *self.reader.streams()}

    def tensors(self) -> dict[str, Array]:
        """The tensors of the newest checkpoint; none where the tool tracks nothing."""
        newest = self._newest()
        return dict(load_file(newest / "tensors.safetensors")) if newest else {}

    def optimizers(self) -> list[dict[str, Any]]:
        """What derived optimizers say of themselves in the newest checkpoint: `kinds`, `updates`, `gradients`, …"""
        newest = self._newest()
        tree = json.loads((newest / "state.json").read_text("utf-8"))["tree"] if newest else {}
        return [each for each in _dicts(tree) if {"kinds", "updates", "gradients"} <= each.keys()]

    def _newest(self) -> Path | None:
        """The newest checkpoint's folder."""
        found = [each for each in self.reader.checkpoints() if each.visible]
        newest = max(found, key=lambda each: (each.segment, each.step), default=None)
        return self.reader.folder / newest.path if newest else None

    def close(self) -> None:
        """Closes the run."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None


class Runner:
    """Runs tools to their ends: `runner("walk", {"steps": 20})`.

    where: in a worker process or in the calling thread, where a call does not say.
    """

    def __init__(self, desk: Desk, where: Where = "process") -> None:
        self.desk, self.where = desk, where
        self._ran: list[Ran] = []

    def __call__(
        self, tool: str, params: Mapping[str, Any] | None = None, *, where: Where | None = None, watch: float = 0.0
    ) -> Ran:
        """A new run. params: by dotted path or nested, as on the command line. watch: frames a second looked at."""
        return self.finish(self.spec(tool, params), where=where, watch=watch)

    def spec(self, tool: str, params: Mapping[str, Any] | None = None) -> Spec:
        """A new run that nobody has started yet."""
        return new_run(self.desk, tool, values_for(self.desk.tool(tool).tool.params, params or {}))

    def finish(self, spec: Spec, *, where: Where | None = None, watch: float = 0.0) -> Ran:
        """Runs a job to its end, in this thread."""
        return self.supervise(self.job(spec, where), watch)

    def stack(self, tool: str, variants: Sequence[Params]) -> list[Ran]:
        """Runs that differ only in fields marked `stack`, filled by one job: the first is the one that leads."""
        spec = stacked_run(self.desk, tool, variants)
        leader = self.finish(spec)
        members = [Ran(leader.job, each.folder) for each in spec.members]
        self._ran.extend(members)
        return [leader, *members]

    def job(self, spec: Spec, where: Where | None = None) -> Job:
        """A job that nobody has started yet, to be listened to or told something."""
        return Job(spec, self.desk.registry, where or self.where)

    def supervise(self, job: Job, watch: float = 0.0) -> Ran:
        """Runs a job of `job` to its end, in this thread."""
        ran = Ran(job, job.spec.folder)
        self._ran.append(ran)
        job.listen("*", ran.events.append)
        if watch:
            job.watch({"*": watch})
        job.supervise()
        return ran

    def close(self) -> None:
        """Closes every run."""
        for each in self._ran:
            each.close()


def values_for(model: type[Params], values: Mapping[str, Any]) -> Params:
    """Checked parameters from values by dotted path or nested ones; a bare string selects a variant.

    Raises ParameterError.
    """
    given: dict[str, Any] = {}
    for path, value in values.items():
        if "." in path:
            fields.assign(model, given, path, json.dumps(value))
        else:
            given[path] = deepcopy(value)
    return fields.validate(model, given, Arrays())


def _dicts(packed: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary in a packed state (see `workbench.ml.checkpoint`), those inside as dictionaries too."""
    if isinstance(packed, dict) and "$dict" in packed:
        yield {key: next(_dicts(value), value) for key, value in packed["$dict"] if isinstance(key, str)}
    for each in packed.values() if isinstance(packed, dict) else packed if isinstance(packed, list) else ():
        yield from _dicts(each)


def differences(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> list[str]:
    """The names under which two collections of arrays differ, bit by bit."""
    names = sorted({*ours, *theirs})
    return [name for name in names if not _same(ours.get(name), theirs.get(name))]


def _same(a: Array | None, b: Array | None) -> bool:
    if a is None or b is None or a.shape != b.shape or a.dtype != b.dtype:
        return False
    return np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
