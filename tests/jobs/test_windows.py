"""What jobs do otherwise on Windows, as far as another system can show it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbench.jobs.spare import launch
from workbench.jobs.spec import Spec
from workbench.jobs.supervisor import Job
from workbench.texts import Text


def test_a_worker_that_ends_without_a_word_is_said_where_there_are_no_signals(
    walk: Callable[..., Spec], finish: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.jobs.runners._end_group", subprocess.Popen.kill)
    monkeypatch.setattr("workbench.jobs.runners.signal", SimpleNamespace())
    job = finish(walk(fault="exit", fault_at=2))
    assert job.state == "failed"
    assert Text.from_json((job.error or {})["text"]) == "The worker ended by itself with exit status 3."


def test_a_worker_leads_a_group_of_its_own_which_ctrl_c_does_not_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr("workbench.jobs.spare.sys", SimpleNamespace(platform="win32", executable=sys.executable))
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 512, raising=False)
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **more: given.update(more))
    _, pipe = launch(tmp_path / "log.txt")
    pipe.close()
    assert given["creationflags"] == 512
