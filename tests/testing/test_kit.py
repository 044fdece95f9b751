"""The fixtures for plugins' authors, each seen to find what it is there to find."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QThreadPool

from workbench.jobs.start import Desk
from workbench.runs.workspace import Workspace
from workbench.settings import Places
from workbench.testing.fixtures import Audit
from workbench.testing.home import desk_here, planting
from workbench.testing.leaks import Belongings
from workbench.testing.running import Runner, Where

SPINS = Path(__file__).parents[1] / "plugins/spins"


@pytest.fixture
def plugins() -> list[str]:
    return ["walker"]


def test_a_home_is_empty_and_apart(home: Path, store: Workspace) -> None:
    places = Places.of()
    assert all(each.is_relative_to(home) for each in (places.plugins, places.settings_file, places.logs))
    assert Path(tempfile.gettempdir()).is_relative_to(home)
    assert store.folders() == []


def test_planted_plugins_are_on_offer_and_forgotten_afterwards(desk: Desk) -> None:
    assert {"walk", "gan"} <= set(desk.registry.tools)
    assert "walker" in sys.modules


def test_what_is_planted_comes_before_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in the folder beside the plugin's, and may have imported it from there."""
    shutil.copytree(SPINS, tmp_path / "spins")
    monkeypatch.syspath_prepend(tmp_path)
    source = importlib.import_module("spins")
    with planting() as put:
        put(tmp_path / "spins")
        assert "spins" in desk_here().registry.tools
        assert sys.modules["spins"] is not source
    assert sys.modules.pop("spins") is source


@pytest.mark.parametrize("where", ["process", "thread"])
def test_a_tool_is_run_to_its_end(runner: Runner, store: Workspace, where: Where) -> None:
    ran = runner("walk", {"steps": 5}, where=where, watch=60)
    assert ran.state == ran.reader.state == "done"
    assert len(ran.scalars()["spread"]) == 5
    assert [each.name for each in store.folders()] == [ran.reader.id]


def test_what_went_wrong_is_said(runner: Runner) -> None:
    ran = runner("walk", {"fault": "raise", "fault_at": 3}, where="thread")
    assert ran.state == "failed"
    assert re.fullmatch(r"ZeroDivisionError: planted \(job\.py, line \d+\)\.", ran.said)


# --------------------------------------------------------------------------- a thread that must not wait


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (lambda: Path(os.devnull).read_bytes(), "opens a file: /dev/null, in"),
        (lambda: sqlite3.connect(":memory:").close(), "opens a database: :memory:"),
        (lambda: subprocess.run(["true"], check=True), "starts a process"),
        (lambda: time.sleep(0), "sleeps: 0"),
    ],
)
def test_a_deed_of_this_thread_is_found(audit: Audit, deed: Callable[[], object], said: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=said), audit():
        deed()


def test_deeds_of_other_threads_and_afterwards_do_not_count(audit: Audit) -> None:
    thread = threading.Thread(target=lambda: Path(os.devnull).read_bytes())
    with audit():
        thread.start()
        thread.join()
    Path(os.devnull).read_bytes()


# --------------------------------------------------------------------------- what is left behind


def test_nothing_left_nothing_said(home: Path) -> None:
    before = Belongings.now(home)
    with tempfile.TemporaryFile():
        pass
    assert before.left_over() == []


def test_an_open_file_is_found(home: Path) -> None:
    before = Belongings.now(home)
    with (home / "a.txt").open("w"):
        (said,) = before.left_over(0.1)
    assert said.startswith(f"{home}/a.txt is still open")


def test_a_thread_is_found_and_waited_for(home: Path) -> None:
    before = Belongings.now(home)
    go = threading.Event()
    thread = threading.Thread(target=go.wait, name="forgotten")
    thread.start()
    assert before.left_over(0.1) == ["the thread 'forgotten' still runs: join it"]
    threading.Timer(0.2, go.set).start()
    assert before.left_over() == []


def test_a_process_is_found_even_without_its_parent(home: Path) -> None:
    before = Belongings.now(home)
    orphan = "import subprocess as s; print(s.Popen(['sleep', '30'], start_new_session=True, stdout=s.DEVNULL).pid)"
    done = subprocess.run([sys.executable, "-c", orphan], stdout=subprocess.PIPE, check=True)
    (said,) = before.left_over(0.1)
    os.kill(int(done.stdout), 9)
    assert said == f"the process {int(done.stdout)} still runs: sleep 30"


@pytest.mark.usefixtures("qapp")
def test_what_waits_in_a_pool_of_qts_is_nothing_left(home: Path) -> None:
    before = Belongings.now(home)
    pool, ran = QThreadPool(), threading.Event()
    pool.start(ran.set)
    assert ran.wait(5)
    assert before.left_over(0.1) == []


def test_the_folder_of_a_live_tool_is_found(home: Path) -> None:
    before = Belongings.now(home)
    folder = Path(tempfile.mkdtemp(prefix="workbench-live-"))
    assert before.left_over(0.1) == [f"the folder {folder} is still there: remove it"]


def test_a_run_leaves_nothing_behind(leaks: None, runner: Runner) -> None:  # noqa: ARG001
    runner("walk", {"steps": 3})
