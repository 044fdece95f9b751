"""A worker killed at any moment: nothing acknowledged is lost, the file stays sound, and its reader sees it live."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import UserError
from workbench.runs import schema
from workbench.runs.lock import is_written, writer
from workbench.runs.reader import Reader

from .conftest import recording

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
Read = Callable[[Path], Reader]

# Says the last step whose flush has returned, and after half a second without one the last step reported before it.
CHILD = """
import sys, time
from collections import deque
from pathlib import Path
import numpy as np
from workbench.events import Event
from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder

folder, flushes = Path(sys.argv[1]), sys.argv[2] == "flush"
with writer(folder):
    recorder = Recorder(folder)
    recorder.set_state("running")
    waiting, step = deque(), 0
    while True:
        step += 1
        recorder.scalars(step, time.time(), {f"s{n}": step + n for n in range(5)})
        if step % 10 == 0:
            recorder.record(Event("rows", "r", step, {"rows": [{"n": step}]}))
            recorder.record(Event("images", "i", step, {}, {"images": np.full((1, 8, 8), step % 256, np.uint8)}))
        if flushes and step % 97 == 0:
            recorder.flush(durable=step % 2 == 0)
            print(step, flush=True)
        elif not flushes:
            waiting.append((time.monotonic(), step))
            while waiting and time.monotonic() - waiting[0][0] > 0.5:
                said = waiting.popleft()[1]
            if step % 50 == 0 and len(waiting) and "said" in globals():
                print(said, flush=True)
            time.sleep(0.0005)
"""


def start(run: Path, mode: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", CHILD, str(run), mode], stdout=subprocess.PIPE, text=True)


def kill(child: subprocess.Popen[str]) -> int:
    """Kills the child and returns the last step that it said was acknowledged."""
    child.send_signal(signal.SIGKILL)
    output, _ = child.communicate()
    said = [int(line) for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return said[-1]


@pytest.mark.parametrize("attempt", range(10))
def test_nothing_acknowledged_is_lost(run: Path, read: Read, attempt: int) -> None:
    mode = "flush" if attempt % 2 else "wait"
    child = start(run, mode)
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(random.Random(attempt).uniform(0.0, 1.0))
    said = max(int(first), kill(child) if child.poll() is None else 0)

    reader = read(run)
    assert reader.state == "interrupted"
    for number in range(5):
        steps = reader.scalars(f"s{number}")["step"]
        assert np.array_equal(steps, np.arange(1, len(steps) + 1))
        assert len(steps) >= said
        assert np.array_equal(reader.scalars(f"s{number}")["value"], steps + number)
    rows = [row["n"] for row in reader.rows("r")]
    assert rows == list(range(10, len(rows) * 10 + 1, 10))
    assert len(rows) >= said // 10
    with closing(schema.open_to_read(run)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    with recording(run, start=said, parent=0, reason="resume") as recorder:
        recorder.scalars(said + 1, 0.0, {"s0": -1.0})
    assert len(reader.scalars("s0")) == said + 1
    assert reader.last()["s0"] == -1.0


def test_a_live_run_is_read_while_another_process_writes_it(run: Path, read: Read) -> None:
    child = start(run, "flush")
    assert child.stdout is not None
    reader = read(run)
    try:
        for _ in range(30):
            said = int(child.stdout.readline())
            values = reader.scalars("s3")
            assert len(values) >= said
            assert np.array_equal(values["step"], np.arange(1, len(values) + 1))
        assert reader.state == "running"
        assert is_written(run)
        with pytest.raises(UserError, match="being written by another program"), writer(run):
            pass
    finally:
        kill(child)
    assert reader.state == "interrupted"
    assert not is_written(run)


def test_asking_whether_a_run_is_written_never_stands_in_a_writers_way(run: Path) -> None:
    asking = "import sys; from pathlib import Path; from workbench.runs.lock import is_written\nprint(flush=True)\n"
    asking += "while True: is_written(Path(sys.argv[1]))"
    child = subprocess.Popen([sys.executable, "-c", asking, str(run)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    try:
        for _ in range(20):
            with writer(run):
                pass
    finally:
        child.kill()
        child.communicate()


def test_a_run_without_a_lock_is_not_written_and_gets_none(run: Path) -> None:
    (run / "lock").unlink()
    assert not is_written(run)
    assert not (run / "lock").exists()
