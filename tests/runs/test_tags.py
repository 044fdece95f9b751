"""What a person says of a run: kept beside its record, whoever writes that, and found again."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from workbench.errors import UserError
from workbench.runs import labels
from workbench.runs.index import Index, Row
from workbench.runs.labels import Labels, with_tags
from workbench.runs.search import entry, search
from workbench.runs.workspace import Workspace

from .conftest import recording

Make = Callable[..., Path]


def row_of(workspace: Workspace) -> Row:
    """The only run, as the list has it."""
    index = Index(workspace)
    index.refresh()
    (row,) = index.list_runs()
    index.close()
    return row


def _noting(more: str, before: Labels) -> Labels:
    return replace(before, note=before.note + more)


def _tagging(tag: str, before: Labels) -> Labels:
    return with_tags(before, [tag])


def _putting(said: Labels, _: Labels) -> Labels:
    return said


def test_labels_come_back_and_stand_in_the_index(workspace: Workspace, run: Path) -> None:
    assert row_of(workspace).labels == Labels()
    said = labels.change(run, lambda _: Labels("  My  best ", True, ("good", "two words"), "a note\nof two lines 很好"))
    assert said == labels.read(run) == Labels("My best", True, ("good", "two words"), "a note\nof two lines 很好")
    assert row_of(workspace).labels == said
    labels.change(run, lambda old: replace(old, star=False))
    assert row_of(workspace).labels == replace(said, star=False)


def test_a_run_is_labelled_while_a_job_writes_it(workspace: Workspace, run: Path) -> None:
    with recording(run) as recorder:
        recorder.set_state("running")
        for step in range(20):
            recorder.scalars(step, time.time(), {"loss": 0.5})
            labels.change(run, partial(_noting, f"{step},"))
    row = row_of(workspace)
    assert row.labels.note == "".join(f"{step}," for step in range(20))
    assert row.last == {"loss": 0.5}


def test_many_writers_lose_nothing(run: Path) -> None:
    def add(name: str) -> None:
        for number in range(10):
            labels.change(run, partial(_tagging, f"{name}{number}"))

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcd"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(labels.read(run).tags) == sorted(f"{name}{number}" for name in "abcd" for number in range(10))


def test_a_killed_writer_leaves_a_whole_file(run: Path) -> None:
    code = f"""
from pathlib import Path; from workbench.runs import labels; from workbench.runs.labels import Labels
print("go", flush=True)
while True:
    for each in "ab":
        labels.change(Path({str(run)!r}), lambda _: Labels(note=each * 50_000))
"""
    for wait in (0.0, 0.01, 0.05):
        program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert program.stdout is not None
        program.stdout.readline()
        time.sleep(wait)
        program.kill()
        program.communicate()
        assert labels.read(run).note in ("", "mine", "a" * 50_000, "b" * 50_000)
        assert labels.change(run, lambda _: Labels(note="mine")).note == "mine"


def test_one_tag_in_two_spellings_is_one() -> None:
    said = with_tags(Labels(tags=("Good",)), ["good", "new"], ["GONE"])
    assert said.tags == ("Good", "new")
    assert with_tags(said, remove=["NEW"]).tags == ("Good",)
    assert labels.split_tags(" a,  b  c ，d,, ") == ["a", "b c", "d"]


@pytest.mark.parametrize(
    "content", ["nothing", "[]", '{"tags": [3]}', '{"star": "yes"}', '{"note": null}', "[" * 99999]
)
def test_a_damaged_file_is_said_and_not_written_over(workspace: Workspace, run: Path, content: str) -> None:
    (run / labels.FILE).write_text(content, "utf-8")
    with pytest.raises(UserError, match=run.name):
        labels.change(run, lambda _: Labels(star=True))
    assert (run / labels.FILE).read_text("utf-8") == content
    assert row_of(workspace).labels == Labels()


def test_what_is_too_long_is_refused(run: Path) -> None:
    for said in (Labels(title="t" * 201), Labels(tags=("x" * 61,)), Labels(note="n" * 100_001)):
        with pytest.raises(UserError, match="too long"):
            labels.change(run, partial(_putting, said))
    assert not (run / labels.FILE).exists()


def test_a_deleted_run_cannot_be_labelled(run: Path) -> None:
    with pytest.raises(UserError):
        labels.change(run.with_name("gone"), lambda _: Labels(star=True))
    assert not run.with_name("gone").exists()


# ---------------------------------------------------------------------------------- searching

PARAMS = {
    "seed": 1, "lr": 2e-4, "live": True, "data": {"kind": "ring8", "sigma": 0.02}, "head": {"stages": 3},
    "tags": ["a", "b"], "name": "two words",
}  # fmt: skip
ROW = Row(
    id="20261122-215045-gan-k3f9", folder=Path(), tool="gan", state="done", created=1_795_000_000.0, seconds=12.5,
    params=PARAMS, group="sweep-7", preset="rings", command="", last={"d/loss": 0.05, "score": float("nan")},
    links=(), error=None, labels=Labels("Nice one", True, ("good", "to show"), "Watch the second mode 模式"),
)  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "", "gan k3f9", "GAN", "nice", "second mode", '"second mode"', "模式", "tag:good", "tag:GOOD", 'tag:"to show"',
        "tag:g*", "tag:", "is:starred", "is:done", "is:tagged", "is:noted", "tool:gan", "note:watch", "title:nice",
        "head.stages=3", "stages=3", "stages=3.0", "seed=1", "lr=2e-4", "lr=0.0002", "lr<1e-3", "lr>=2e-4",
        "data=ring8", "data=ring*", "data.kind=RING8", "sigma<0.1", "loss<0.1", "d/loss<=0.05", "loss!=1", "seed!=2",
        "live=true", "score=nan", "seconds>10", "-failed", "-tag:bad", "-seed=2", 'name="two words"', 'tags=["a","b"]',
        "loss=",
        "seed=", "loss<", "state=done", "day>=2026-01-01", "tag：good", "stages=3 loss<0.1 tag:good is:starred",
    ],
)  # fmt: skip
def test_a_query_finds(query: str) -> None:
    assert search(query)(entry(ROW))


@pytest.mark.parametrize(
    "query",
    [
        "other", "tag:goo", "tag:show", "is:failed", "is:running", "-is:starred", "seed=10", "seed=2", "stages=4",
        "tages=3", "lr>1", "loss>0.1", "loss<0.05", "score<1", "data=ring", "seed!=1", "nothing=1", "nothing!=1",
        "live=false", "day<2026-01-01", "lr<x", "tool:ebm", "gan other", "stages=3 loss>0.1",
    ],
)  # fmt: skip
def test_a_query_does_not_find(query: str) -> None:
    assert not search(query)(entry(ROW))


def test_the_file_is_plain_json(run: Path) -> None:
    labels.change(run, lambda _: Labels(star=True, tags=("a",)))
    found = json.loads((run / labels.FILE).read_text("utf-8"))
    assert found == {"title": "", "star": True, "tags": ["a"], "note": ""}
