"""What settings say of jobs reaches them: how many checkpoints are kept, how many jobs run at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from workbench import fields
from workbench.jobs.slots import Slots
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader
from workbench.settings import Settings


@pytest.mark.parametrize(("kept", "steps"), [(1, [0, 20, 100]), (3, [0, 20, 60, 80, 100])])
def test_as_many_checkpoints_are_kept_as_the_settings_say(
    desk: Desk, finish: Callable[..., Job], kept: int, steps: list[int]
) -> None:
    desk = replace(desk, settings=Settings(checkpoints_kept=kept))
    spec = new_run(desk, "walk", fields.validate(desk.tool("walk").tool.params, {"steps": 100}))  # 20 is the best
    assert finish(spec).state == "done"
    assert [each.step for each in Reader(spec.folder).checkpoints()] == steps
    assert len(list((spec.folder / "checkpoints").iterdir())) == len(steps)


def test_more_slots_let_those_who_wait_begin(walk: Callable[..., Spec]) -> None:
    slots, begun, end = Slots(1, 1), threading.Semaphore(0), threading.Event()

    def take(spec: Spec) -> None:
        with slots.take(spec, threading.Event()):
            begun.release()
            end.wait(10)

    threads = [threading.Thread(target=take, args=(walk(steps=1),)) for _ in range(3)]
    for each in threads:
        each.start()
    assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.3)
    slots.resize(2, 1)
    assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.3)
    end.set()
    for each in threads:
        each.join(10)
