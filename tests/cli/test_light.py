"""What every call of the program costs: nothing heavy is imported to see what there is."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="measures with getrusage")

HEAVY = {"torch", "numpy", "transformers", "jieba", "ray", "sklearn", "pyqtgraph", "PySide6", "shiboken6", "duckdb"}
GOAL = 0.6
"""Seconds of processor time for `workbench tools`."""
SLACK = 2.0
"""Other programs run on a test machine."""


@pytest.mark.parametrize("arguments", [["tools"], ["tools", "--json"], ["--help"], ["plugin", "disable", "gan"]])
@pytest.mark.usefixtures("walker")
def test_seeing_what_there_is_imports_nothing_heavy(arguments: list[str]) -> None:
    call = [sys.executable, "-X", "importtime", "-m", "workbench", *arguments]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "workbench" in imported
    assert imported & HEAVY == set()


@pytest.mark.usefixtures("walker")
def test_seeing_what_there_is_takes_little_time() -> None:
    subprocess.run([sys.executable, "-m", "workbench", "tools"], capture_output=True, check=True)  # bytecode, caches
    seconds = min(processor_time("tools") for _ in range(3))
    assert seconds <= GOAL * SLACK


def processor_time(*arguments: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "workbench", *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
