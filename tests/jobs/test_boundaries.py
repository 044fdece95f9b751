"""What a loop does between two steps, however slow it is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from workbench import fields
from workbench.jobs.context import DivergedError, JobContext
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk
from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder


@pytest.fixture
def context(desk: Desk, walk: Callable[..., Spec]) -> Iterator[JobContext]:
    """That of a walk whose reader can always take more."""
    spec = walk()
    params = fields.validate(desk.tool("walk").tool.params, spec.params)
    screen = Screen(lambda _events: None, roomy=lambda: True)
    with writer(spec.folder), closing(Recorder(spec.folder)) as recorder:
        yield JobContext(spec, params, desk.registry, recorder, screen, Mailbox())
    screen.close()


def test_all_that_a_slow_step_reports_is_looked_at_before_the_next(context: JobContext) -> None:
    reached = []

    def loop() -> None:
        for step in context.steps(5):
            reached.append(step)
            time.sleep(0.12)
            context.scalars(size=1.0)
            context.scalars(loss=math.nan if step == 2 else 0.5)

    with ThreadPoolExecutor(1) as pool, pytest.raises(DivergedError, match="loss diverged at step 2"):
        pool.submit(loop).result()
    assert reached == [1, 2]


def test_what_is_reported_outside_of_steps_is_not_looked_at(context: JobContext) -> None:
    def loop() -> None:
        context.scalars(before=math.nan)
        for _ in context.steps(3):
            context.scalars(loss=0.5)
        context.scalars(after=math.nan)
        for _ in context.steps(6):
            context.scalars(loss=0.5)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(loop).result()
    assert context.updates == 6
    assert context.latest.keys() == {"before", "loss", "after"}
