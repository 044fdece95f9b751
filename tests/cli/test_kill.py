"""Kills at random moments; `tests/benchmarks/kills.py` does as many as one likes, here it does a few."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .program import done, finish, runs, start, until, workers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
KILLS = Path(__file__).parents[1] / "benchmarks" / "kills.py"


def test_whatever_is_killed_nothing_is_lost_and_every_run_resumes_exactly() -> None:
    call = [sys.executable, str(KILLS), "--json", "--quick", "--kills", "6"]
    output = subprocess.run(call, capture_output=True, text=True, check=False)
    assert output.stdout, output.stderr
    found = json.loads(output.stdout)
    wrong = {name: found[name] for name in ("lost_rows", "broken_stores", "misreported", "inexact", "left_over")}
    assert wrong == dict.fromkeys(wrong, 0), found
    assert found["kills"] == 6
    assert found["rows_seen"] > 100


@pytest.mark.usefixtures("walker")
def test_a_program_killed_before_its_worker_began_leaves_an_interrupted_run_that_can_be_resumed() -> None:
    program = start("run", "walk", "--set", "steps=3")
    until(workers)
    for pid in (*workers(), program.pid):
        os.kill(pid, signal.SIGKILL)
    finish(program)
    (run,) = runs()
    assert [row["state"] for row in done("runs", "--json").object["runs"]] == ["interrupted"]
    assert done("runs", run.name, "--json").object["status"] == "interrupted"
    assert done("run", "--resume", run.name, "--json").object["status"] == "done"
