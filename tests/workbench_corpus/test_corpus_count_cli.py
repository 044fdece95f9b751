"""A count as the command line makes it: one object of metrics, and a table for spreadsheets."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from corpus_counted import NASTY, jieba_counts, ranked

from tests.cli.program import done, workbench

TEXTS = {"a.txt": NASTY * 3, "b/c.txt": "他来到了网易杭研大厦\n" * 5}


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Two files that can be read and one that cannot, in folders."""
    for name, text in TEXTS.items():
        (tmp_path / "texts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "texts" / name).write_bytes(text.encode())
    (tmp_path / "texts" / "binary.txt").write_bytes(bytes(range(256)) * 40)
    return tmp_path / "texts"


@pytest.mark.parametrize(("tokenizer", "hmm"), [("rjieba", True), ("jieba", False)])
def test_metrics_and_the_table(texts: Path, tmp_path: Path, tokenizer: str, hmm: bool) -> None:
    expected = jieba_counts("".join(TEXTS.values()), hmm)
    found = done(
        "run", "corpus-count", "--set", f"paths={texts}", f"tokenizer={tokenizer}", f"hmm={str(hmm).lower()}",
        "workers=2", "--json",
    ).object  # fmt: skip
    assert (found["status"], found["params"]["tokenizer"]["kind"]) == ("done", tokenizer)
    metrics = found["metrics"]
    assert metrics.pop("mb_per_second") > 0
    size = sum(len(text.encode()) for text in TEXTS.values())
    read = {"tokens": expected.total(), "types": len(expected), "documents": 2, "failed_files": 1}
    assert {name: metrics[name] for name in read} == read
    assert metrics.keys() == {*read, "megabytes"}
    assert metrics["megabytes"] * 1e6 >= size
    said = done("export", found["run_id"], "--to", "csv", tmp_path / "words.csv")
    assert said.out == f"{tmp_path / 'words.csv'}\n"
    assert (tmp_path / "words.csv").read_bytes().startswith(b"\xef\xbb\xbfword,count\r\n")
    with (tmp_path / "words.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(word, int(n)) for word, n in list(csv.reader(file))[1:]]
    assert rows == ranked(expected)


def test_contexts_are_printed(texts: Path) -> None:
    done("run", "corpus-count", "--set", f"paths={texts}", "index=true", "workers=1")
    said = done("run", "corpus-contexts", "--set", "index=run:@last/tokens", "word=杭研").out.splitlines()
    assert sum("他 来到 了 网易\t杭研\t大厦" in line for line in said) == 8
    assert any("杭研: 8 times in 2 documents" in line for line in said)


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    found = workbench("run", "corpus-count", "--set", f"paths={tmp_path / 'no.txt'}", "--json")
    assert found.status == 1
    assert found.object["error"]["field"] == "paths"
    assert str(tmp_path / "no.txt") in found.complaint
