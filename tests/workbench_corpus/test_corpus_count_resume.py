"""A count that is killed, stopped, paused or cancelled: answered at once, gone on with, nothing counted twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jieba
import psutil
import pytest
from corpus_counted import NASTY, ranked, table

from workbench.events import Event
from workbench.jobs.again import resume_run
from workbench.jobs.runners import ProcessRunner
from workbench.jobs.spec import Spec
from workbench.runs.reader import Reader
from workbench.testing.running import Ran, Runner

PATIENCE = 60
ANSWERED = 2.0
"""Seconds; half a second on a machine that has nothing else to do (see the benchmark)."""


@pytest.fixture
def spec(runner: Runner, tmp_path: Path) -> Spec:
    """A count that takes a second or two: some hundred tasks for a slow tokenizer."""
    (tmp_path / "a.txt").write_bytes((NASTY * 800).encode())
    (tmp_path / "words.txt").write_text("网易杭研大厦 5 n\n", "utf-8")
    return runner.spec(
        "corpus-count",
        {
            "paths": [str(tmp_path / "a.txt")], "tokenizer": "jieba", "portion": 0.001, "workers": 2, "index": True,
            "words": {"dictionary_file": str(tmp_path / "words.txt")},
        },
    )  # fmt: skip


class Under:
    """A count under way in a thread of its own, from the moment when ten tasks of it are done."""

    def __init__(self, runner: Runner, spec: Spec) -> None:
        self.job = runner.job(spec, "process")
        self.states: dict[str, float] = {}
        seen = threading.Event()
        self.job.listen("progress", lambda event: seen.set() if event.data["done"] > 10_000 else None)
        self.job.listen("state", self._state)
        self.thread = threading.Thread(target=self.job.supervise)
        self.thread.start()
        assert seen.wait(PATIENCE)

    def _state(self, event: Event) -> None:
        self.states.setdefault(event.data["state"], time.monotonic())

    def ended(self) -> None:
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


def kept(spec: Spec) -> list[str]:
    """The keys of the tasks whose results are recorded."""
    reader = Reader(spec.folder)
    try:
        return [row["key"] for row in reader.all_rows("map/count")]
    finally:
        reader.close()


def go_on(runner: Runner, spec: Spec) -> Ran:
    ran = runner.finish(resume_run(runner.desk, spec.folder.name, {}), where="process")
    assert ran.state == "done", ran.said
    return ran


def whole(ran: Ran, tmp_path: Path) -> None:
    """The table is that of the whole text, with the dictionary that the count began with."""
    own = jieba.Tokenizer()
    own.add_word("网易杭研大厦", 5)
    text = (tmp_path / "a.txt").read_bytes().decode()
    assert table(ran, columns="word, count") == ranked(Counter(own.lcut(text)))
    assert len(set(kept(ran.job.spec))) == len(kept(ran.job.spec)), "a task was counted twice"
    assert not (ran.folder / "count").exists()


@pytest.mark.parametrize("who", ["worker", "child"])
def test_killed_in_the_middle(runner: Runner, spec: Spec, tmp_path: Path, who: str) -> None:
    count = Under(runner, spec)
    inside = count.job._runner
    assert isinstance(inside, ProcessRunner)
    assert inside.pid is not None
    worker = psutil.Process(inside.pid)
    victim = worker if who == "worker" else worker.children()[-1]
    os.kill(victim.pid, signal.SIGKILL)
    count.ended()
    if who == "child":
        assert count.job.state == "done"
        whole(Ran(count.job, spec.folder), tmp_path)
        return
    assert count.job.state == "failed"
    before = kept(spec)
    (spec.folder / "count" / "parts" / ".0000000.123").write_bytes(b"half a part")
    (tmp_path / "words.txt").write_text("网易\n杭研大厦\n", "utf-8")
    ran = go_on(runner, spec)
    whole(ran, tmp_path)
    assert set(before) <= set(kept(spec))


def test_stopped_and_gone_on_with_though_parts_were_lost(runner: Runner, spec: Spec, tmp_path: Path) -> None:
    count = Under(runner, spec)
    asked = time.monotonic()
    count.job.stop()
    count.ended()
    assert time.monotonic() - asked < ANSWERED + 1
    assert count.job.state == "stopped"
    parts = sorted(each for each in (spec.folder / "count" / "parts").iterdir() if not each.suffix)
    assert len(parts) >= 2
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:100])
    whole(go_on(runner, spec), tmp_path)


def test_a_file_that_was_changed_meanwhile_is_counted_as_it_is_now(runner: Runner, spec: Spec, tmp_path: Path) -> None:
    count = Under(runner, spec)
    count.job.stop()
    count.ended()
    before = kept(spec)
    text = (tmp_path / "a.txt").read_bytes()
    (tmp_path / "a.txt").write_bytes(text.replace("小明".encode(), "明小".encode()))
    whole(go_on(runner, spec), tmp_path)
    assert not set(before) & set(kept(spec)[len(before) :])


def test_tasks_of_no_given_size_are_found_again(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes((NASTY * 2500).encode())
    (tmp_path / "words.txt").write_text("网易杭研大厦 5 n\n", "utf-8")
    words = {"dictionary_file": str(tmp_path / "words.txt")}
    paths = [str(tmp_path / "a.txt")]
    spec = runner.spec("corpus-count", {"paths": paths, "tokenizer": "jieba", "workers": 2, "words": words})
    count = Under(runner, spec)
    count.job.stop()
    count.ended()
    assert count.job.state == "stopped"
    before = kept(spec)
    whole(go_on(runner, spec), tmp_path)
    assert set(before) <= set(kept(spec))


def test_paused_gone_on_and_cancelled(runner: Runner, spec: Spec) -> None:
    count = Under(runner, spec)
    asked = time.monotonic()
    count.job.pause()
    until(lambda: "paused" in count.states)
    assert count.states["paused"] - asked < ANSWERED
    time.sleep(0.3)
    seen = len(kept(spec))
    time.sleep(0.3)
    assert len(kept(spec)) == seen
    asked = time.monotonic()
    count.job.stop(save=False)
    count.ended()
    assert time.monotonic() - asked < ANSWERED + 1
    assert count.job.state == "cancelled"


def test_another_tokenizer_is_refused_when_a_count_goes_on(runner: Runner, spec: Spec) -> None:
    count = Under(runner, spec)
    count.job.stop()
    count.ended()
    file = spec.folder / "count" / "settings.json"
    file.write_text(file.read_text("utf-8").replace('"fingerprint": "', '"fingerprint": "0'), "utf-8")
    ran = runner.finish(resume_run(runner.desk, spec.folder.name, {}), where="process")
    assert ran.state == "failed"
    assert "another version of its tokenizer" in ran.said


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
