"""What comes after the last step: what was trained is kept, then judged, and judging can be stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbench.events import Event
from workbench.jobs.again import resume_run
from workbench.ml import judge
from workbench.testing.home import desk_here
from workbench.testing.running import Runner

QUICK = {"steps": 3, "device": "cpu", "network.width": 8, "batch": 16}


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner(desk_here(), "thread")
    yield made
    made.close()


def test_a_judge_that_still_learns_can_be_stopped_and_goes_on(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "STEPS", 10**9)
    job = runner.job(runner.spec("gan", QUICK))

    def stop(event: Event) -> None:
        if event.data["text"]:  # no step's, but the judge's
            job.stop()

    job.listen("progress", stop)
    halted = runner.supervise(job)
    assert halted.state == "stopped", halted.said
    assert {each["name"] for each in halted.reader.artifacts()} == {"generator", "discriminator"}
    monkeypatch.setattr(judge, "STEPS", 2)
    ended = runner.finish(resume_run(runner.desk, halted.folder.name, {}))
    assert ended.state == "done", ended.said
    assert "sure" in ended.scalars()
