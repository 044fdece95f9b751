"""A file that is away while a count goes on, and back later; files that cannot be read, by the thousand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from workbench_corpus.counting import kept
from workbench_corpus.counting.parts import Part
from workbench_corpus.counting.task import PARTS, count, part_of
from workbench_corpus.reading.params import Input
from workbench_corpus.reading.plan import plan

from workbench.testing.running import Runner


def merged(folder: Path, texts: Path, done: set[Path]) -> Counter[str]:
    """What all tasks of today's plan give together; those are counted that have no part yet."""
    found: Counter[str] = Counter()
    for number, each in enumerate(plan(Input(paths=(texts,), portion=0.1), lambda: None).tasks):
        task = {"number": number, "read": [each]}
        path = part_of(folder, task)
        if path not in done:
            count(str(folder), task)
            done.add(path)
        part = Part.read(path)
        found.update(dict(zip(part.words, part.counts.tolist(), strict=True)))
    return found


def test_a_part_belongs_to_what_was_read_for_it(tmp_path: Path) -> None:
    texts, folder, done = tmp_path / "texts", tmp_path / "count", set[Path]()
    texts.mkdir()
    (folder / PARTS).mkdir(parents=True)
    (texts / "a.txt").write_text("甲甲甲\n", "utf-8")
    (texts / "b.txt").write_text("乙\n", "utf-8")
    kept._keep(folder, kept.Settings({"kind": "characters"}, {"marks": False, "stops": []}, False, False))
    assert merged(folder, texts, done) == {"甲": 3, "乙": 1}
    (texts / "a.txt").rename(tmp_path / "a.txt")
    assert merged(folder, texts, done) == {"乙": 1}
    (tmp_path / "a.txt").rename(texts / "a.txt")
    assert merged(folder, texts, done) == {"甲": 3, "乙": 1}


def test_of_many_unreadable_files_all_are_counted_and_some_are_listed(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一行\n", "utf-8")
    for number in range(1100):
        (tmp_path / f"{number}.bin").write_bytes(b"\0")
    ran = runner.finish(runner.spec("corpus-count", {"paths": [str(tmp_path)], "tokenizer": "characters"}))
    assert ran.state == "done", ran.said
    assert ran.reader.scalars("failed_files")["value"][-1] == 1100
    assert len(ran.reader.all_rows("troubles")) == 1000
