"""A desk to start jobs at, with the walker plugin on offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbench import fields
from workbench.jobs.context import JobContext
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder
from workbench.testing.home import desk_here


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    """The walker's tool, default settings, an empty workspace."""
    plant("walker")
    return desk_here()


@pytest.fixture
def walk(desk: Desk) -> Callable[..., Spec]:
    """A new run of the walk with these parameters."""

    def make(**values: object) -> Spec:
        tool = desk.tool("walk").tool
        return new_run(desk, "walk", fields.validate(tool.params, values))

    return make


@pytest.fixture
def context(desk: Desk, walk: Callable[..., Spec]) -> Iterator[JobContext]:
    """Of a job that keeps one checkpoint, besides the first and the best."""
    spec = walk().model_copy(update={"checkpoints_kept": 1})
    params = fields.validate(desk.tool("walk").tool.params, spec.params)
    screen = Screen(lambda _events: None, roomy=lambda: True)
    with writer(spec.folder), closing(Recorder(spec.folder)) as recorder:
        yield JobContext(spec, params, desk.registry, recorder, screen, Mailbox())
    screen.close()


@pytest.fixture
def finish(desk: Desk) -> Callable[..., Job]:
    """Runs a specification to its end, in this thread."""

    def run(spec: Spec, runner: str = "process", watch: float = 0.0) -> Job:
        job = Job(spec, desk.registry, runner)
        if watch:
            job.watch({"*": watch})
        job.supervise()
        return job

    return run
