"""A desk to start jobs at, with the walker plugin on offer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import fields
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
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
def finish(desk: Desk) -> Callable[..., Job]:
    """Runs a specification to its end, in this thread."""

    def run(spec: Spec, runner: str = "process", watch: float = 0.0) -> Job:
        job = Job(spec, desk.registry, runner)
        if watch:
            job.watch({"*": watch})
        job.supervise()
        return job

    return run
