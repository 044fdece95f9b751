"""A full disk ends a count with a sentence that says what to do, and loses nothing."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from workbench_corpus.counting import kept
from workbench_corpus.counting.parts import Part
from workbench_corpus.counting.task import PARTS, count, part_of
from workbench_corpus.counting.tasks import tasks
from workbench_corpus.reading.params import Input
from workbench_corpus.reading.plan import plan

from workbench.errors import UserError


@contextmanager
def full_disk() -> Iterator[None]:
    """Every write fails, as the system lets it fail."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handled)


def says_what_to_do(error: UserError) -> bool:
    return str(error.text).startswith("What has been counted cannot be written:") and "resume" in str(error.remedy)


def test_the_choice_of_a_task(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一行\n" * 2000, "utf-8")
    planned, sizes = plan(Input(paths=(tmp_path / "a.txt",), portion=0.001)).tasks, tmp_path / "sizes"
    first = next(tasks(planned, sizes, lambda: 1))
    rest = tasks(planned, sizes, lambda: 1)
    assert next(rest) == first
    with full_disk(), pytest.raises(UserError) as raised:
        next(rest)
    assert says_what_to_do(raised.value)
    assert next(tasks(planned, sizes, lambda: 9)) == first


def test_the_part_of_a_task(tmp_path: Path) -> None:
    folder = tmp_path / "count"
    (folder / PARTS).mkdir(parents=True)
    (tmp_path / "a.txt").write_text("甲乙甲", "utf-8")
    kept._keep(folder, kept.Settings({"kind": "characters"}, {"marks": False, "stops": []}, False, False))
    task = {"number": 0, "read": [*plan(Input(paths=(tmp_path / "a.txt",))).tasks]}
    with full_disk(), pytest.raises(UserError) as raised:
        count(str(folder), task)
    assert says_what_to_do(raised.value)
    assert not part_of(folder, task).exists()
    count(str(folder), task)
    assert Part.read(part_of(folder, task)).counts.tolist() == [2, 1]
