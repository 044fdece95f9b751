"""The article's experiment as a job: what every tool must do, and what it says of a small text."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.jobs.again import fork_run
from workbench.testing.contract import ToolContract
from workbench.testing.running import Runner

SMALL = {
    "tokenizers": ["chargrams"], "megabytes": 0.02, "batches": [2], "workers": [1], "stretch": 2, "repeats": 2,
}  # fmt: skip


class TestSpeedup(ToolContract):
    tool = "corpus-speedup"
    quick = SMALL
    optional_streams = frozenset(f"{which}_{k}" for which in ("growing", "small") for k in (2, 3, 4))
    """Of more tokenizers."""


def test_a_text_of_one_s_own_in_all_ways(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("一 二 二\n" * 50, "utf-8")
    values = {"tokenizers": ["whitespace"], "megabytes": 0.002, "workers": [1, 2], "batches": [3], "repeats": 1}
    ran = runner("corpus-speedup", {"paths": [str(tmp_path)], **values}, where="thread")
    assert ran.state == "done", ran.said
    found = ran.reader.last()
    assert found["types/whitespace"] == 2
    assert all(found[f"time/whitespace/{way}"] > 0 for way in ("naive", "batch_3", "processes_1", "processes_2"))
    assert found["time/whitespace/processes_1/efficiency"] == 1
    frame = ran.reader.frame("ways")
    assert frame is not None
    assert [row["way"] for row in frame.data["rows"]] == ["naive", "3", "N = 1", "N = 2"]


def test_a_tokenizer_that_finds_nothing_is_no_fault(runner: Runner) -> None:
    ran = runner("corpus-speedup", {**SMALL, "tokenizers": [{"kind": "regex", "pattern": "#"}]}, where="thread")
    assert ran.state == "done", ran.said


def test_files_without_text_are_refused(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n", "utf-8")
    ran = runner("corpus-speedup", {"paths": [str(tmp_path)]}, where="thread")
    assert ran.state == "failed"
    assert "no text to count" in ran.said
    assert not (ran.folder / "text.txt").exists()


def test_a_run_that_was_stopped_keeps_no_text(runner: Runner) -> None:
    job = runner.job(runner.spec("corpus-speedup", {**SMALL, "repeats": 500}))
    job.listen("ways", lambda _: job.stop())
    ran = runner.supervise(job, watch=60)
    assert ran.state == "stopped"
    assert not (ran.folder / "text.txt").exists()


@pytest.mark.parametrize(
    ("changes", "ways", "rounds"),
    [
        ({}, ["naive", "2", "N = 1"], 3), ({"batches": "[3]"}, ["naive", "3", "N = 1"], 1),
        ({"megabytes": "0.01"}, ["naive", "2", "N = 1"], 1),
    ],
)  # fmt: skip
def test_a_fork_that_measures_something_else_begins_anew(
    runner: Runner, changes: dict[str, str], ways: list[str], rounds: int
) -> None:
    ran = runner("corpus-speedup", SMALL, where="thread")
    fork = runner.finish(fork_run(runner.desk, ran.reader.id, {**changes, "repeats": "3"}), where="thread")
    assert fork.state == "done", fork.said
    frame = fork.reader.frame("ways")
    assert frame is not None
    assert [row["way"] for row in frame.data["rows"]] == ways
    assert ["(" in row["seconds"] for row in frame.data["rows"]] == [rounds > 1] * 3
