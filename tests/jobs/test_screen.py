"""What a job sends to be seen: frames no faster than they are asked for, the newest last, in their place."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from workbench.events import Event
from workbench.jobs.live import Unrecorded
from workbench.jobs.report import Reporter
from workbench.jobs.screen import LIGHT, Screen
from workbench.jobs.spec import Spec
from workbench.runs.bundles import Bundle, bundle
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder


class Seen:
    """Takes what is delivered."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.arrived = threading.Condition()

    def __call__(self, events: Sequence[Event]) -> None:
        with self.arrived:
            self.events += events
            self.arrived.notify_all()

    def wait(self, step: int) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: any(each.step == step for each in self.events), 5)


def frame(step: int) -> Event:
    return Event("text", "s", step, {"text": ""})


def test_frames_that_are_only_to_be_stored_do_not_flood_the_reader() -> None:
    seen = Seen()
    screen = Screen(seen)
    screen.rates = {"*": 20.0}
    begun = time.monotonic()
    for step in range(1, 301):
        screen.offer(frame(step))
        time.sleep(0.001)
    seen.wait(300)
    assert 2 <= len(seen.events) <= 20 * (time.monotonic() - begun) + 2
    screen.close()
    assert [each.step for each in seen.events] == sorted({each.step for each in seen.events})


def test_as_many_frames_go_as_are_asked_for_though_steps_end_at_other_times(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, clock = Seen(), [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    screen = Screen(seen, roomy=lambda: True)
    screen.rates = {"*": 30.0}
    for step in range(1, 451):  # 45 steps a second, for ten seconds
        clock[0] += 1 / 45
        if screen.due("s"):
            screen.offer(frame(step))
    assert 298 <= len(seen.events) <= 301
    clock[0] += 60  # a long pause is not made up for
    before = len(seen.events)
    for step in range(1000, 1004):
        clock[0] += 0.001
        if screen.due("s"):
            screen.offer(frame(step))
    assert len(seen.events) - before == 1
    monkeypatch.undo()
    screen.close()


def test_a_frame_that_waits_is_not_made_again() -> None:
    seen = Seen()
    screen = Screen(seen)
    screen.rates = {"*": 2.0}
    assert screen.due("s")
    screen.offer(frame(1))
    seen.wait(1)
    screen.offer(frame(2))
    assert not screen.due("s")
    screen.close()
    assert [each.step for each in seen.events] == [1, 2]


def test_what_waits_goes_before_the_news_that_the_job_has_paused() -> None:
    seen = Seen()
    screen = Screen(seen)
    screen.rates = {"*": 0.1}
    screen.offer(frame(1))
    seen.wait(1)
    screen.offer(frame(2))
    screen.hold(("", 0), bundle([(2, 0.0, {"loss": 1.5})]))
    screen.look()
    screen.offer(Event("state", step=3, data={"state": "paused"}))
    seen.wait(3)
    screen.close()
    assert [(each.kind, each.step) for each in seen.events[-3:]] == [("scalars", 2), ("text", 2), ("state", 3)]


def test_a_reader_that_has_stalled_makes_the_job_keep_only_the_newest_scalars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.jobs.screen.BACKLOG", 10_000)
    seen, stalled, reads = Seen(), threading.Event(), threading.Event()

    def deliver(events: Sequence[Event]) -> None:
        stalled.set()
        reads.wait(10)
        seen(events)

    screen = Screen(deliver)
    screen.offer(Event("state", data={"state": "running"}))
    assert stalled.wait(10)
    for step in range(100):
        screen.hold(("", 0), bundle([(step, 0.0, {f"loss/{k}": 1.5 for k in range(100)})]))
    reads.set()
    screen.close()
    steps = [step for each in seen.events if each.kind == "scalars" for step in each.arrays["steps"].tolist()]
    assert steps == list(range(100 - len(steps), 100))
    assert 1 <= len(steps) <= 10_000 // (8 * 100)


def test_a_live_tool_is_shown_at_once() -> None:
    seen = Seen()
    screen = Screen(seen, at_once=True)
    screen.rates = {"*": 0.1}
    for step in (1, 2, 3):
        screen.offer(frame(step))
        seen.wait(step)
    screen.close()


def test_what_a_live_tool_has_reported_goes_together_at_its_boundaries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.jobs.screen.GATHER", 5.0)  # the other thread leaves it to the job's own
    batches: list[tuple[list[int], str]] = []

    def deliver(events: Sequence[Event]) -> None:
        batches.append(([each.step for each in events], threading.current_thread().name))

    screen, own = Screen(deliver, at_once=True, roomy=lambda: True), threading.current_thread().name
    for step in (1, 2, 3):
        screen.offer(Event("text", f"stream {step}", step, {"text": ""}))
    screen.flush()
    screen.offer(frame(4))
    screen.flush()  # so soon after the last one it waits
    screen.offer(Event("state", step=5, data={"state": "idle"}))
    screen.close()
    assert batches == [([1, 2, 3], own), ([4, 5], own)]


def test_the_jobs_own_thread_sends_what_is_light_and_the_other_the_rest() -> None:
    threads: list[tuple[int, str]] = []

    def deliver(events: Sequence[Event]) -> None:
        threads.extend((each.step, threading.current_thread().name) for each in events)

    screen = Screen(deliver, roomy=lambda: True)
    screen.rates = {"*": 1e6}
    screen.offer(frame(1))
    assert threads == [(1, threading.current_thread().name)]
    screen.offer(Event("text", "s", 2, {"text": "x" * (LIGHT + 1)}))
    screen.offer(frame(3))
    screen.close()
    assert [step for step, _ in threads] == [1, 2, 3]
    assert threads[1][1] == "screen"


class Keeping:
    """A recorder that would store a frame of every step."""

    segment, last_step = 1, None

    def due(self, _stream: str, _step: int, _every: int = 1) -> bool:
        return True

    def due_after(self, _stream: str, step: int) -> int:
        return step + 1

    def record(self, _event: Event) -> None:
        """Keeps nothing."""

    def gather(self) -> None:
        """No scalars come."""

    def hear(self, _listener: object) -> None:
        """No scalars come."""


def test_a_frame_of_the_same_step_is_not_made_for_the_store_again_at_once(tmp_path: Path) -> None:
    report = Reporter(Keeping(), Screen(Seen()), tmp_path)  # type: ignore[arg-type]
    assert report.wants("s")
    report.text("s", "a")
    assert not report.wants("s")
    assert report.wants("t")
    report.step = 1
    assert report.wants("s")
    report.text("s", "b")
    report.generation = 1
    assert report.wants("s")
    report.text("s", "c")
    time.sleep(1.05)
    assert report.wants("s")


@pytest.mark.parametrize("name", [1, None, "\ud800", b"loss"])
def test_a_name_that_cannot_be_kept_is_refused_where_it_is_reported(tmp_path: Path, name: Any) -> None:
    report = Reporter(Unrecorded(), Screen(Seen()), tmp_path)
    for _ in range(2):
        with pytest.raises(ValueError, match=re.escape(f"scalars: a name is a text of whole characters, not {name!r}")):
            report.scalars({"loss": 1.0, name: 1.0})
        with pytest.raises(ValueError, match=re.escape(f"not {name!r}")):
            report.text(name, "a")
    report.scalars({"loss": 1.0})
    report.fetch()
    assert report.latest == {"loss": 1.0}


def test_scalars_belong_to_the_parameters_with_which_they_were_made(tmp_path: Path) -> None:
    seen = Seen()
    screen = Screen(seen)
    report = Reporter(Unrecorded(), screen, tmp_path)
    for generation in (0, 1):
        report.fetch()
        report.generation = generation
        for step in (1, 2):
            report.step = step
            report.scalars(loss=generation + step / 10)
    assert report.latest == {"loss": 0.2}
    report.fetch()
    assert report.latest == {"loss": 1.2}
    screen.close()
    found: dict[int, list[float]] = {0: [], 1: []}
    for each in seen.events:
        found[each.generation] += Bundle(each.data["names"], each.arrays).series()["loss"]["value"].tolist()
    assert found == {0: [0.1, 0.2], 1: [1.1, 1.2]}


def test_reports_that_are_left_arrive_though_nothing_follows(walk: Callable[..., Spec]) -> None:
    folder, seen = walk().folder, Seen()
    screen = Screen(seen)
    with writer(folder), closing(Recorder(folder)) as recorder:
        report = Reporter(recorder, screen, folder)
        for step in (1, 2, 3):
            report.step = step
            report.scalars(loss=step / 2)
        seen.wait(3)
        while len(Reader(folder).scalars("loss")) < 3:
            time.sleep(0.05)
    screen.close()
    assert Reader(folder).scalars("loss")["value"].tolist() == [0.5, 1.0, 1.5]
    assert sum(len(Bundle(each.data["names"], each.arrays).series()["loss"]) for each in seen.events) == 3
