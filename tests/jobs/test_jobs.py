"""A job's life in real worker processes: done, stopped, cancelled, killed, resumed exactly."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from safetensors.numpy import load_file

from workbench.errors import UserError
from workbench.events import Event
from workbench.jobs.again import fork_run, repeat_run, resume_run
from workbench.jobs.runners import ProcessRunner
from workbench.jobs.slots import Slots
from workbench.jobs.spare import Spare
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk
from workbench.jobs.supervisor import Job
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.texts import Text

Walk = Callable[..., Spec]
Finish = Callable[..., Job]


def weights(spec: Spec, step: int) -> dict[str, Any]:
    """The tensors of the run's newest checkpoint after `step` updates."""
    folders = sorted((spec.folder / "checkpoints").glob(f"*-{step:09d}"))
    return dict(load_file(folders[-1] / "tensors.safetensors"))


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[key], b[key]) for key in a)


def values(folder: Path, name: str) -> list[float]:
    reader = Reader(folder)
    found = [float(each) for each in reader.scalars(name)["value"]]
    reader.close()
    return found


def start(job: Job) -> threading.Thread:
    thread = threading.Thread(target=job.supervise)
    thread.start()
    return thread


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Waits for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def seen(job: Job, kind: str) -> list[Event]:
    """The events of a kind or stream, as they come."""
    events: list[Event] = []
    job.listen(kind, events.append)
    return events


def test_a_job_is_done_and_everything_it_reported_is_kept(walk: Walk, finish: Finish) -> None:
    spec = walk(steps=40)
    job = finish(spec)
    reader = Reader(spec.folder)
    assert job.state == reader.state == "done"
    assert len(reader.scalars("spread")) == 40
    assert reader.last()["final/spread"] == reader.last()["spread"]
    assert [row["step"] for row in reader.rows("milestones")] == [10, 20, 30, 40]
    assert reader.frames("here") == list(range(1, 41))
    assert reader.header.threads == 1
    assert [each.step for each in reader.checkpoints()] == [0, 20, 40]


@pytest.mark.parametrize("runner", ["process", "thread"])
def test_watching_changes_nothing(walk: Walk, finish: Finish, runner: str) -> None:
    unseen, watched = walk(steps=60, pause=0.005), walk(steps=60, pause=0.005)
    finish(unseen, runner)
    job = Job(watched, desk_of(finish), runner)
    frames = seen(job, "here")
    job.watch({"here": 60})
    job.supervise()
    assert len(frames) > 3
    assert values(unseen.folder, "spread") == values(watched.folder, "spread")
    assert same(weights(unseen, 60), weights(watched, 60))


def test_process_and_thread_give_the_same_scalars_each_where_it_should_run(walk: Walk, finish: Finish) -> None:
    found = {}
    for runner in ("process", "thread"):
        spec = walk(steps=50)
        assert finish(spec, runner).state == "done"
        reader = Reader(spec.folder)
        found[runner] = ({name: values(spec.folder, name) for name in reader.series() if "time/" not in name},)
        (place,) = reader.rows("place")
        here = {"process": os.getpid(), "thread": threading.current_thread().name}
        assert (place == here) is (runner == "thread")
        assert place["process"] != os.getpid() or runner == "thread"
    assert found["process"] == found["thread"]


def desk_of(finish: Finish) -> Any:
    """The registry that the fixture `finish` closes over."""
    return next(
        cell.cell_contents for cell in finish.__closure__ or () if isinstance(cell.cell_contents, Desk)
    ).registry


def test_a_stopped_job_resumes_exactly(desk: Desk, walk: Walk, finish: Finish) -> None:
    whole, parted = walk(steps=120, pause=0.002), walk(steps=120, pause=0.002)
    finish(whole)
    job = Job(parted, desk.registry)
    points = seen(job, "scalars")
    thread = start(job)
    until(lambda: points)
    job.stop()
    thread.join()
    assert job.state == "stopped"
    reached = len(values(parted.folder, "spread"))
    assert 0 < reached < 120
    again = finish(resume_run(desk, parted.folder.name, {}))
    assert again.state == "done"
    assert values(parted.folder, "spread") == values(whole.folder, "spread")
    assert same(weights(parted, 120), weights(whole, 120))


@pytest.mark.parametrize("save", [True, False])
def test_a_job_taken_out_of_the_queue_leaves_a_run_that_was_to_go_on_as_it_was(
    desk: Desk, walk: Walk, finish: Finish, save: bool
) -> None:
    fresh, parted, slots = walk(steps=120), walk(steps=120, fault="raise"), Slots(cpu=1)
    finish(parted)
    before = Reader(parted.folder)

    def withdrawn(spec: Spec) -> str:
        job = Job(spec, desk.registry, slots=slots)
        thread = start(job)
        until(lambda: spec in slots.queued())
        job.stop(save=save)
        thread.join()
        return job.state

    with slots.take(walk(), threading.Event()):
        assert withdrawn(fresh) == Reader(fresh.folder).state == "cancelled"
        assert withdrawn(resume_run(desk, parted.folder.name, {})) == "stopped"
    after = Reader(parted.folder)
    assert (after.state, after.error, after.checkpoints()) == ("failed", before.error, before.checkpoints())


def test_a_run_goes_on_when_more_steps_are_asked_for(desk: Desk, walk: Walk, finish: Finish) -> None:
    whole, parted = walk(steps=80), walk(steps=30)
    finish(whole)
    finish(parted)
    finish(resume_run(desk, parted.folder.name, {"steps": "80"}))
    assert same(weights(parted, 80), weights(whole, 80))
    assert values(parted.folder, "spread") == values(whole.folder, "spread")
    assert values(parted.folder, "final/spread")[1:] == values(whole.folder, "final/spread")


def test_only_steps_and_live_parameters_may_differ_when_a_run_is_resumed(
    desk: Desk, walk: Walk, finish: Finish
) -> None:
    spec = walk(steps=10)
    finish(spec)
    with pytest.raises(UserError, match="seed cannot change") as caught:
        resume_run(desk, spec.folder.name, {"seed": "3"})
    assert caught.value.field == "seed"


def test_a_fork_without_change_goes_the_same_way(desk: Desk, walk: Walk, finish: Finish) -> None:
    whole, parent = walk(steps=80), walk(steps=30)
    finish(whole)
    finish(parent)
    fork = fork_run(desk, f"{parent.folder.name}", {"steps": "80"}, 30)
    finish(fork)
    assert same(weights(fork, 80), weights(whole, 80))
    assert values(fork.folder, "spread") == values(whole.folder, "spread")[30:]
    reader = Reader(fork.folder)
    assert [(each.run, each.step, each.relation) for each in reader.links()] == [(parent.folder.name, 30, "fork")]


def test_live_parameters_change_between_two_steps_and_a_repeat_changes_them_again(
    desk: Desk, walk: Walk, finish: Finish
) -> None:
    spec = walk(steps=150, pause=0.01)
    job = Job(spec, desk.registry)
    points = seen(job, "scalars")
    changed = seen(job, "change")
    thread = start(job)
    until(lambda: points)
    job.set(lr=0.5)
    until(lambda: changed)
    job.call("home")
    job.set(lr=0.001)
    thread.join()
    steps = [each.data["updates"] for each in changed]
    assert len(steps) == 2
    assert 0 < steps[0] < steps[1] < 150
    assert [each["kind"] for each in Reader(spec.folder).changes()] == ["change", "action", "change"]
    repeated = repeat_run(desk, spec.folder.name)
    finish(repeated)
    assert values(repeated.folder, "spread") == values(spec.folder, "spread")
    assert same(weights(repeated, 150), weights(spec, 150))


def test_a_change_that_is_not_allowed_is_a_notice_and_the_job_goes_on(desk: Desk, walk: Walk) -> None:
    job = Job(walk(steps=100, pause=0.005), desk.registry)
    notices = seen(job, "notice")
    job.set(steps=3)
    job.set(lr=-1.0)
    assert job.supervise() == "done"
    assert ["steps" in str(each.data["text"]) for each in notices] == [True, False]


def test_pause_step_and_slow_motion(desk: Desk, walk: Walk) -> None:
    job = Job(walk(steps=10), desk.registry)
    points, states, told = seen(job, "scalars"), seen(job, "state"), seen(job, "progress")
    job.pause()
    thread = start(job)
    until(lambda: any(each.data["state"] == "paused" for each in states))

    def steps() -> int:
        return max((each.step for each in points), default=0)

    for wanted in (1, 2):
        job.step()
        until(lambda wanted=wanted: steps() == wanted)  # type: ignore[misc]
        time.sleep(0.2)
        assert steps() == wanted
    job.step(3)
    until(lambda: steps() == 5)
    job.slow(0.2)
    job.resume()
    begun = time.monotonic()
    thread.join()
    assert job.state == "done"
    assert time.monotonic() - begun > 0.8
    assert {6, 7, 8, 9, 10} <= {each.data["done"] for each in told}


def test_cancel_leaves_no_last_checkpoint(desk: Desk, walk: Walk) -> None:
    spec = walk(steps=1000, pause=0.005)
    job = Job(spec, desk.registry)
    points = seen(job, "scalars")
    thread = start(job)
    until(lambda: points)
    job.stop(save=False)
    thread.join()
    reader = Reader(spec.folder)
    assert reader.state == "cancelled"
    assert all(each.step % 20 == 0 for each in reader.checkpoints())


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("raise", "ZeroDivisionError: planted"),
        ("user", "Planted: 3 is too many."),
        ("exit", "exit status 3"),
        ("segfault", "SIGSEGV"),
    ],
)
def test_a_job_that_goes_wrong_says_how_in_its_run(walk: Walk, finish: Finish, fault: str, said: str) -> None:
    spec = walk(steps=100, fault=fault)
    job = finish(spec)
    reader = Reader(spec.folder)
    assert job.state == reader.state == "failed"
    assert reader.error is not None
    assert said in reader.error["text"]["source"].format(**reader.error["text"]["values"])
    assert len(reader.scalars("spread")) >= (50 if fault in ("raise", "user") else 0)


def test_a_job_that_has_ended_kills_nobody_who_got_its_worker_s_number(
    walk: Walk, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = finish(walk(steps=3))
    killed: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda group, _: killed.append(group))
    job.kill()
    assert (job.state, killed) == ("done", [])


def test_a_job_beyond_its_memory_says_so(walk: Walk, finish: Finish) -> None:
    spec = walk(steps=100, fault="memory").model_copy(update={"memory_gigabytes": 4.0})
    job = finish(spec)
    assert job.state == "failed"
    assert "ran out of memory" in Text.from_json((job.error or {})["text"])


def test_a_hanging_job_is_killed_after_the_grace_time(desk: Desk, walk: Walk) -> None:
    spec = walk(steps=100, fault="hang").model_copy(update={"grace": 1.0})
    job = Job(spec, desk.registry)
    points = seen(job, "scalars")
    thread = start(job)
    until(lambda: points and points[-1].step >= 50)
    job.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert job.state == Reader(spec.folder).state == "failed"


def test_a_killed_worker_is_said_and_the_run_resumes(desk: Desk, walk: Walk, finish: Finish) -> None:
    whole, spec = walk(steps=200, pause=0.005), walk(steps=200, pause=0.005)
    finish(whole)
    job = Job(spec, desk.registry)
    points = seen(job, "scalars")
    thread = start(job)
    until(lambda: points)
    runner = job._runner
    assert isinstance(runner, ProcessRunner)
    assert runner.pid is not None
    os.kill(runner.pid, signal.SIGKILL)
    thread.join()
    assert job.state == "failed"
    assert "killed" in str((job.error or {})["text"])
    assert not psutil.pid_exists(runner.pid)
    finish(resume_run(desk, spec.folder.name, {}))
    assert values(spec.folder, "spread") == values(whole.folder, "spread")
    assert same(weights(spec, 200), weights(whole, 200))


def test_a_warm_spare_runs_the_job_without_importing_anew(desk: Desk, walk: Walk, tmp_path: Path) -> None:
    spare = Spare(tmp_path / "spare.log", ["torch"])
    spare.fill()
    assert spare._worker is not None
    pid = spare._worker[0].pid
    spec = walk(steps=5)
    assert Job(spec, desk.registry, spare=spare).supervise() == "done"
    (place,) = Reader(spec.folder).rows("place")
    assert place["process"] == pid
    assert spare.take() is None


def test_a_run_is_written_by_one_program_at_a_time(desk: Desk, walk: Walk, finish: Finish) -> None:
    spec = walk(steps=10)
    with writer(spec.folder):
        job = finish(spec)
    assert job.state == "failed"
    assert "another program" in str((job.error or {})["text"])
    assert finish(resume_run(desk, spec.folder.name, {})).state == "done"


def test_a_damaged_checkpoint_is_named(desk: Desk, walk: Walk, finish: Finish) -> None:
    spec = walk(steps=10)
    finish(spec)
    file = next((spec.folder / "checkpoints").glob("*-000000010")) / "tensors.safetensors"
    for content in (b"\x80\x04\x95 a pickle", file.read_bytes()[:-1]):
        file.write_bytes(content)
        job = finish(resume_run(desk, spec.folder.name, {"steps": "20"}))
        assert "damaged" in str((job.error or {})["text"])
    assert finish(resume_run(desk, spec.folder.name, {"steps": "20"}, 0)).state == "done"


@pytest.mark.parametrize("guard", ["stop", "lower", "off"])
def test_divergence_is_noticed_said_and_rolled_back(desk: Desk, walk: Walk, finish: Finish, guard: str) -> None:
    spec = walk(steps=100, fault="nan", fault_at=50).model_copy(update={"guard": guard})
    job = Job(spec, desk.registry)
    notices = seen(job, "notice")
    job.supervise()
    reader = Reader(spec.folder)
    spread = reader.scalars("spread")
    if guard == "off":
        assert np.isnan(spread["value"][-1])
        return
    assert job.state == {"stop": "failed", "lower": "done"}[guard]
    assert "diverged at step 50" in Text.from_json(notices[0].data["text"])
    if guard == "stop":
        assert reader.error is not None
        assert "diverged at step 50. The run is back at step 40." in Text.from_json(reader.error["text"])
        assert f"--resume {spec.folder.name} --set lr=…" in Text.from_json(reader.error["remedy"])
    assert np.isfinite(spread["value"]).all()
    assert list(spread["step"]) == list(range(1, {"stop": 41, "lower": 101}[guard]))
    if guard == "lower":
        repeated = repeat_run(desk, spec.folder.name)
        finish(repeated)
        assert values(repeated.folder, "spread") == values(spec.folder, "spread")
        assert same(weights(repeated, 100), weights(spec, 100))


def test_what_was_good_before_a_change_can_be_gone_back_to(
    desk: Desk, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.jobs.checkpoints._SHARE", math.inf)  # or one of them after the other is too dear
    job = Job(walk(steps=5000, pause=0.005), desk.registry, "thread")
    points = seen(job, "scalars")
    thread = start(job)
    until(lambda: points and points[-1].step >= 10)
    job.set(lr=0.5)
    until(lambda: Reader(job.spec.folder).changes())
    job.stop()
    thread.join()
    (change,) = Reader(job.spec.folder).changes()
    assert change["updates"] in [each.step for each in Reader(job.spec.folder).checkpoints()]


def test_rolled_back_by_hand_the_way_that_was_left_is_kept_and_hidden(desk: Desk, walk: Walk, finish: Finish) -> None:
    whole, spec = walk(steps=150, pause=0.01), walk(steps=150, pause=0.01)
    finish(whole)
    job = Job(spec, desk.registry)
    points = seen(job, "scalars")
    thread = start(job)
    until(lambda: points and points[-1].step >= 30)
    job.roll_back(20)
    thread.join()
    assert job.state == "done"
    assert values(spec.folder, "spread") == values(whole.folder, "spread")
    assert same(weights(spec, 150), weights(whole, 150))
    assert Reader(spec.folder).frames("here") == Reader(whole.folder).frames("here")
    assert [each.reason for each in Reader(spec.folder).segments()] == ["start", "roll-back"]


def test_what_changes_when_a_run_is_resumed_is_recorded_kept_and_repeated(
    desk: Desk, walk: Walk, finish: Finish
) -> None:
    spec = walk(steps=10)
    finish(spec)
    name = spec.folder.name
    with pytest.raises(UserError, match="already at step 10"):
        resume_run(desk, name, {})
    with pytest.raises(UserError, match="already at step 10"):
        resume_run(desk, name, {"steps": "5"})
    finish(resume_run(desk, name, {"steps": "15", "lr": "0.5"}))
    reader = Reader(spec.folder)
    assert (reader.params["lr"], reader.now["lr"], reader.now["steps"]) == (1e-2, 0.5, 15)
    (change,) = reader.changes()
    assert (change["values"], change["updates"], change["visible"]) == ({"lr": 0.5, "steps": 15}, 10, True)
    finish(resume_run(desk, name, {"steps": "20"}))
    assert Reader(spec.folder).now["lr"] == 0.5
    repeated = repeat_run(desk, name)
    finish(repeated)
    assert values(repeated.folder, "spread") == values(spec.folder, "spread")
    assert same(weights(repeated, 20), weights(spec, 20))
    early = resume_run(desk, name, {}, 0)
    assert (early.params["lr"], early.params["steps"], early.start.values) == (1e-2, 20, {"steps": 20})
    assert fork_run(desk, name, {}, 10).params["lr"] == 1e-2
    assert fork_run(desk, name, {}, 20).params["lr"] == 0.5
