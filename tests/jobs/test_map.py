"""Tasks over processes: all computed, kept, resumed without computing again, and nobody left over."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from workbench import fields
from workbench.errors import Stop, UserError
from workbench.jobs import pool
from workbench.jobs.again import resume_run
from workbench.jobs.pool import Pool
from workbench.jobs.runners import ProcessRunner
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader
from workbench.testing.home import desk_here

Count = Callable[..., Spec]


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("counter")
    return desk_here()


@pytest.fixture
def count(desk: Desk) -> Count:
    """A new run that counts with these parameters."""

    def make(**values: object) -> Spec:
        return new_run(desk, "count", fields.validate(desk.tool("count").tool.params, values))

    return make


def traces(spec: Spec) -> dict[int, int]:
    """How often each task was begun."""
    return {int(each.stem): len(each.read_text()) for each in spec.folder.glob("*.trace")}


def rows(spec: Spec) -> list[int]:
    reader = Reader(spec.folder)
    found = [row["task"] for row in reader.rows("squares")]
    reader.close()
    return found


def children(job: Job) -> list[psutil.Process]:
    runner = job._runner
    assert isinstance(runner, ProcessRunner)
    return psutil.Process(runner.pid).children(recursive=True)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_every_task_is_computed_once(desk: Desk, count: Count) -> None:
    spec = count(tasks=12, seconds=0.1)
    assert Job(spec, desk.registry).supervise() == "done"
    assert sorted(rows(spec)) == list(range(12))
    assert set(traces(spec).values()) == {1}
    reader = Reader(spec.folder)
    assert reader.last()["total"] == sum(n**2 for n in range(12))
    assert len({row["pid"] for row in reader.rows("squares")}) == 2


def test_what_was_kept_is_not_computed_again(desk: Desk, count: Count) -> None:
    spec = count(tasks=12, seconds=0.2)
    job = Job(spec, desk.registry)
    seen: list[object] = []
    job.listen("squares", seen.append)
    thread = threading.Thread(target=job.supervise)
    thread.start()
    until(lambda: len(seen) >= 3)
    begun = time.monotonic()
    job.stop()
    thread.join()
    assert time.monotonic() - begun < 3
    assert job.state == "stopped"
    finished = set(rows(spec))
    assert 3 <= len(finished) < 12
    resumed = resume_run(desk, spec.folder.name, {})
    assert Job(resumed, desk.registry).supervise() == "done"
    assert sorted(rows(spec)) == list(range(12))
    assert {traces(spec)[task] for task in finished} == {1}
    assert Reader(spec.folder).last()["total"] == sum(n**2 for n in range(12))


def test_what_is_done_is_not_begun_again_over_its_result(desk: Desk, count: Count) -> None:
    spec = count(tasks=4)
    assert Job(spec, desk.registry).supervise() == "done"
    record = (spec.folder / "run.sqlite").read_bytes()
    with pytest.raises(UserError, match="is done: there is nothing to go on with"):
        resume_run(desk, spec.folder.name, {})
    assert (spec.folder / "run.sqlite").read_bytes() == record
    assert set(traces(spec).values()) == {1}


def test_a_process_that_is_killed_is_replaced_and_its_task_begun_again(desk: Desk, count: Count) -> None:
    spec = count(tasks=8, deadly=3)
    assert Job(spec, desk.registry).supervise() == "done"
    assert sorted(rows(spec)) == list(range(8))
    assert traces(spec)[3] == 2


@pytest.mark.parametrize("how", ["worker", "cancel"])
def test_nobody_is_left_over(desk: Desk, count: Count, how: str) -> None:
    spec = count(tasks=50, seconds=0.2)
    job = Job(spec, desk.registry)
    seen: list[object] = []
    job.listen("squares", seen.append)
    thread = threading.Thread(target=job.supervise)
    thread.start()
    until(lambda: seen)
    pool = children(job)
    assert len(pool) >= 2
    if how == "worker":
        runner = job._runner
        assert isinstance(runner, ProcessRunner)
        assert runner.pid is not None
        os.kill(runner.pid, signal.SIGKILL)
    else:
        job.stop(save=False)
    thread.join(20)
    assert job.state == {"worker": "failed", "cancel": "cancelled"}[how]
    _, alive = psutil.wait_procs(pool, timeout=5)
    assert not alive


class Listening:
    """An owner who is told to stop when three results have come."""

    dir = Path()

    def __init__(self) -> None:
        self.found: list[Any] = []

    def sync(self) -> None:
        """Stops."""
        if len(self.found) == 3:
            raise Stop

    def rows(self, stream: str, rows: list[dict[str, Any]]) -> None:
        """Keeps nothing."""


def test_a_stop_is_heeded_among_kept_results_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = list(range(10))
    monkeypatch.setattr(pool, "_kept", lambda *_: {pool._key(task): task**2 for task in tasks})
    owner = Listening()
    with pytest.raises(Stop):
        owner.found.extend(Pool(owner, abs, 1, "squares").run(tasks))
    assert owner.found == [(0, 0), (1, 1), (2, 4)]


def _die_once(told: str) -> str:
    """Once the file is there its process kills itself, the first time."""
    path = Path(told)
    if path.name == "told" and not path.with_name("died").exists():
        while not path.exists():
            time.sleep(0.01)
        path.with_name("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return told


class Slow:
    """An owner that comes back to its pool only when a process of it has died unseen."""

    def __init__(self, folder: Path) -> None:
        self.dir = folder

    def sync(self) -> None:
        """Takes long."""
        time.sleep(0.5)

    def rows(self, stream: str, rows: list[dict[str, Any]]) -> None:
        """Keeps nothing."""


def test_a_process_that_dies_before_the_next_task_is_handed_over(tmp_path: Path) -> None:
    tasks = [str(tmp_path / name) for name in ("first", "told", "last")]
    found = {}
    for task, result in Pool(Slow(tmp_path), _die_once, 1, "").run(tasks):
        found[task] = result
        (tmp_path / "told").touch()
    assert found == {task: task for task in tasks}
