"""Live tools in resident workers: newest wins, module state stays, nothing older than the last change is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench import fields
from workbench.events import Event
from workbench.jobs.start import Desk, live, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.reader import Reader
from workbench.testing.home import desk_here


class Played:
    """A live job and what it has shown."""

    def __init__(self, desk: Desk, runner: str, **values: Any) -> None:
        params = fields.validate(desk.tool("lens").tool.params, values)
        self.job = Job(live(desk, "lens", params), desk.registry, runner)
        self.events: list[Event] = []
        self.arrived = threading.Condition()
        self.job.listen("*", self._take)
        self.job.watch({"*": 1000})
        self.thread = threading.Thread(target=self.job.supervise)
        self.thread.start()

    def _take(self, event: Event) -> None:
        with self.arrived:
            self.events.append(event)
            self.arrived.notify_all()

    def wait(self, accept: Callable[[Event], object], seconds: float = 20.0) -> Event:
        """The first event that is accepted, also among those that have come."""
        with self.arrived:
            found = self.arrived.wait_for(lambda: next(filter(accept, self.events), None), seconds)
        assert found is not None, "it was not shown"
        return found

    def close(self) -> None:
        self.job.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture
def desk(plant: Callable[[str], Path]) -> Desk:
    plant("lens")
    return desk_here()


@pytest.fixture(params=["process", "thread"])
def played(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Played]:
    played = Played(desk, request.param)
    yield played
    played.close()
    assert played.job.state == "done"


def centred(x: float) -> Callable[[Event], bool]:
    return lambda event: event.kind == "field" and event.data["centre"][0] == x


def test_a_dragged_handle_is_answered_and_state_is_kept(played: Played) -> None:
    played.wait(centred(0.0))
    for x in (0.1, 0.2, 0.3):
        played.job.set(centre=[x, 0.0])
        shown = played.wait(centred(x))
    assert shown.generation == 3
    peak = np.unravel_index(np.argmax(shown.arrays["values"]), (400, 400))
    assert peak[1] == pytest.approx((0.3 + 1) / 2 * 399, abs=1)
    calls = played.wait(lambda event: event.kind == "scalars" and event.generation == 0 and "calls" in event.arrays)
    assert calls.arrays["calls"]["value"][0] >= 1
    last = [each for each in played.events if each.kind == "scalars"]
    assert last[-1].arrays["calls"]["value"][-1] >= 4


def test_the_same_parameters_give_the_same_picture_again(played: Played) -> None:
    played.wait(lambda event: event.kind == "state" and event.data["state"] == "idle")
    played.job.set(width=0.4)
    played.job.set(width=0.5)
    played.wait(lambda event: event.kind == "state" and event.data["state"] == "idle" and event.generation == 2)
    noise = [each.arrays["noise"]["value"][-1] for each in played.events if "noise" in each.arrays]
    assert len(set(noise)) == 1


def test_newer_parameters_end_an_evaluation_that_is_not_wanted_any_more(played: Played) -> None:
    played.wait(centred(0.0))
    played.job.set(work=100_000)
    time.sleep(0.3)
    begun = time.monotonic()
    played.job.set(work=1, centre=[0.7, 0.0])
    played.wait(centred(0.7))
    assert time.monotonic() - begun < 2
    assert all(each.generation in (0, 2) for each in played.events if each.kind == "field")


def test_a_wrong_value_is_said_and_the_tool_lives(played: Played) -> None:
    played.wait(centred(0.0))
    played.job.set(width=-1)
    error = played.wait(lambda event: event.kind == "error")
    assert error.data["field"] == "width"
    played.job.set(centre=[0.4, 0.0])
    played.wait(centred(0.4))


def test_once_on_the_command_line_it_is_a_run_like_any_other(desk: Desk) -> None:
    spec = new_run(desk, "lens", fields.validate(desk.tool("lens").tool.params, {"size": 10}))
    assert Job(spec, desk.registry).supervise() == "done"
    reader = Reader(spec.folder)
    frame = reader.frame("bump")
    assert frame is not None
    assert frame.arrays["values"].shape == (10, 10)
