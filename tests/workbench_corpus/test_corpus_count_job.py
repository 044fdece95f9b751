"""Counts of whole corpora: exact, whatever the workers and tasks, with all that is counted beside the words."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import jieba
import numpy as np
import pytest
from corpus_counted import NASTY, jieba_counts, ranked, table
from workbench_corpus.artifacts import load_tokens
from workbench_corpus.tokens.cutting import cutter

from workbench.testing.running import Ran, Runner

Make = Callable[..., Ran]


@pytest.mark.parametrize(
    ("workers", "portion", "values"),
    [
        (1, 1.0, {"document_counts": False}),
        (2, 0.02, {"document_counts": False}),
        (4, 0.005, {"vocabulary": 1000}),
        (2, 0.1, {"hmm": False, "index": True, "vocabulary": 1500}),
    ],
)
def test_words_are_jiebas_whatever_the_workers_tasks_and_memory(
    count: Make, news: str, tmp_path: Path, workers: int, portion: float, values: dict[str, object]
) -> None:
    text = NASTY + news
    (tmp_path / "a.txt").write_bytes(text.encode())
    ran = count(tmp_path / "a.txt", workers=workers, portion=portion, **values)
    expected = ranked(jieba_counts(text, hmm=values.get("hmm") is not False))
    assert table(ran, columns="word, count") == expected
    metrics = ran.reader.last()
    assert metrics["tokens"] == sum(n for _, n in expected)
    assert metrics["types"] == len(expected)
    assert metrics["documents"] == 1
    assert metrics["megabytes"] == len(text.encode()) / 1e6
    assert metrics["failed_files"] == 0
    assert metrics["mb_per_second"] > 0
    if values.get("document_counts", True):
        assert {n for (n,) in table(ran, columns="documents")} == {1}


@pytest.mark.parametrize(
    "tokenizer",
    [
        {"kind": "chargrams", "n": 3},
        {"kind": "whitespace"},
        {"kind": "regex", "pattern": "[^，]+，"},
        {"kind": "rjieba", "hmm": True},
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_the_tokens_of_a_long_line_are_whole(
    count: Make, news: str, tmp_path: Path, tokenizer: dict[str, Any], name: str
) -> None:
    line = "".join(news.replace('"', "").split())
    text = " ".join([line[:60_000], line[60_000:], line])
    (tmp_path / name).write_text(text if name.endswith("txt") else f'text\n"{text}"', "utf-8")
    ran = count(tmp_path / name, tokenizer=tokenizer, portion=0.02, workers=1)
    expected = ranked(Counter(cutter(tokenizer, {}).tokens(text)))
    assert table(ran, columns="word, count") == expected


def test_what_is_kept_of_the_dictionary_never_fails_a_count(
    count: Make, runner: Runner, news: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(news[:50_000], "utf-8")
    expected = ranked(jieba_counts(news[:50_000]))
    for _ in range(2):
        assert table(count(tmp_path / "a.txt", workers=1), columns="word, count") == expected
        kept = [each for each in runner.desk.workspace.root.glob("cache/corpus-dictionary*/*") if each.is_file()]
        assert {each.name.split("-")[0] for each in kept} == {"words", "names"}
        for each in kept:
            each.write_bytes(each.read_bytes()[:-100])
    shutil.rmtree(kept[0].parent)
    kept[0].parent.touch()  # no folder can be there
    assert table(count(tmp_path / "a.txt", workers=1), columns="word, count") == expected


def test_a_dictionary_of_ones_own_is_jiebas(count: Make, tmp_path: Path) -> None:
    text = NASTY * 3
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "words.txt").write_text("网易杭研大厦 5 n\n干事\n", "utf-8")
    ran = count(tmp_path / "a.txt", words={"dictionary_file": str(tmp_path / "words.txt")}, workers=1)
    own = jieba.Tokenizer()
    own.load_userdict(str(tmp_path / "words.txt"))
    assert table(ran, columns="word, count") == ranked(Counter(own.lcut(text)))


DOCUMENTS = [
    ("春", "春眠不觉晓，处处闻啼鸟。"),
    ("夏", "小荷才露尖尖角，早有蜻蜓立上头。"),
    ("春", "春江潮水连海平，海上明月共潮生。"),
] * 4


def test_what_is_counted_beside_the_words(count: Make, tmp_path: Path) -> None:
    for half in (0, 1):
        lines = [json.dumps({"text": text, "season": season}) for season, text in DOCUMENTS[6 * half : 6 * half + 6]]
        (tmp_path / f"{half}.jsonl").write_text("\n".join(lines), "utf-8")
    ran = count(
        tmp_path, tokenizer="characters", meta=["season"], dispersion="files", ngrams=2, index=True, portion=0.001,
        workers=2,
    )  # fmt: skip
    texts = [text for _, text in DOCUMENTS]
    documents = Counter(word for text in texts for word in set(text))
    rows = table(ran, columns="word, count, per_million, documents, dp")
    assert [row[:2] for row in rows] == ranked(Counter("".join(texts)))
    assert {row[0]: row[3] for row in rows} == documents
    total = sum(map(len, texts))
    halves = [Counter("".join(texts[:6])), Counter("".join(texts[6:]))]
    for word, n, per_million, _, dp in rows:
        assert per_million == pytest.approx(1e6 * n / total)
        shares = [(half[word] / n, half.total() / total) for half in halves]
        assert dp == pytest.approx(sum(abs(v - s) for v, s in shares) / 2)
    assert table(ran, "groups") == [
        ("folder", str(tmp_path), 12, total),
        *(("season", season, *seen) for season, seen in sorted(_by_season().items(), key=lambda each: -each[1][1])),
    ]
    pairs = Counter(a + " " + b for text in texts for a, b in pairwise(text) if not {a, b} & {*"，。"})
    assert table(ran, "ngrams") == [each for each in ranked(pairs) if each[1] > 1]
    assert [(file, n) for file, n in table(ran, "files", "file, documents")] == [
        (str(tmp_path / f"{half}.jsonl"), 6) for half in (0, 1)
    ]


def test_marks_part_runs_of_tagged_words(count: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("我爱北京，我爱上海。" * 2, "utf-8")
    ran = count(tmp_path, tokenizer={"kind": "jieba", "mode": "tagged"}, ngrams=2, workers=1)
    assert table(ran, "ngrams") == [("我/r 爱/v", 4), ("爱/v 上海/ns", 2), ("爱/v 北京/ns", 2)]


def _by_season() -> dict[str, tuple[int, int]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for season, text in DOCUMENTS:
        found[season].append(text)
    return {season: (len(texts), sum(map(len, texts))) for season, texts in found.items()}


def test_the_index_gives_back_the_corpus_and_words_left_out_are_in_it(count: Make, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("的人的山的水\n", "utf-8")
    (tmp_path / "b.txt").write_text("山的山", "utf-8")
    ran = count(tmp_path / "a.txt", tmp_path / "b.txt", tokenizer="characters", index=True, words={"stops": ["的"]})
    assert table(ran, columns="word, count, documents") == [("山", 3, 2), ("\n", 1, 1), ("人", 1, 1), ("水", 1, 1)]
    assert ran.reader.last()["tokens"] == 6
    artifact = ran.reader.artifacts()[0]
    assert artifact["kind"] == "index/tokens"
    index = load_tokens(ran.folder / "artifacts" / artifact["path"])
    assert "".join(index.words[each] for each in index.ids) == "的人的山的水\n山的山"
    assert index.starts.tolist() == [0, 7, 10]
    assert index.about["types"] == 4
    assert index.documents_of([0, 6, 7]).tolist() == [0, 0, 1]
    assert np.array_equal(index.counts, [3, 1, 1, 1, 4])


def test_the_index_knows_where_the_texts_are(count: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.txt").write_text("山", "utf-8")
    ran = count(Path("~/a.txt"), tokenizer="characters", index=True)
    index = load_tokens(ran.folder / "artifacts" / ran.reader.artifacts()[0]["path"])
    assert index.about["input"]["paths"] == [str(tmp_path / "a.txt")]


def test_what_cannot_be_read_is_listed_and_the_rest_counted(count: Make, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("好好学习\n", "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "gb.txt").write_bytes("天天向上，每一天都向上。".encode("gb18030"))
    ran = count(tmp_path)
    files = {Path(str(row[0])).name: row for row in table(ran, "files", "file, encoding, documents, trouble")}
    assert set(files) == {"good.txt", "empty.txt", "binary.txt", "gb.txt"}
    assert files["gb.txt"][1] == "gb18030"
    assert files["good.txt"][2:] == (1, None)
    assert files["binary.txt"][3]
    assert ("向上", 1) in table(ran, columns="word, count")
    assert ran.reader.last()["failed_files"] == 1  # in an empty file there is nothing to fail at
    assert {Path(row["file"]).name for row in ran.reader.rows("troubles")} == {"empty.txt", "binary.txt"}


def test_at_its_end_a_count_says_what_was_not_read_or_not_decoded(count: Make, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("好好学习\n", "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    assert [str(each["text"]) for each in count(tmp_path).reader.notices()] == ["1 of 3 files could not be read."]
    (tmp_path / "binary.txt").unlink()
    for name in ("a.jsonl", "b.txt"):
        (tmp_path / name).write_bytes(b'{"text": "' + "好天气。".encode() * 999 + b'\xff\xff"}\n')
    ran = count(tmp_path, encoding="utf-8", documents="line", portion=0.002)
    first, *rest = ran.reader.notices()
    assert (str(first["text"]), rest) == ("Bytes that are not utf-8: 4; files with such bytes: 2.", [])
    assert "another encoding" in str(first["remedy"])
    files = {Path(str(path)).name: trouble for path, trouble in table(ran, "files", "file, trouble")}
    said = "bytes that are not utf-8 stand as \ufffd."
    assert files == {"good.txt": None, "empty.txt": "empty.", "a.jsonl": said, "b.txt": said}
    assert said in {row["trouble"] for row in ran.reader.rows("troubles")}
    assert ran.reader.last()["failed_files"] == 0


def test_a_single_file_is_not_counted(count: Make, tmp_path: Path) -> None:
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    assert [str(each["text"]) for each in count(tmp_path).reader.notices()] == ["The only file could not be read."]


def test_numbers_of_what_was_not_read_add_up_over_tasks(count: Make, tmp_path: Path) -> None:
    lines = ['{"text": "山"}', '{"text": ""}', "no JSON", '{"title": "水"}'] * 400
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    ran = count(tmp_path, column="text", portion=0.001, workers=2)
    assert len(ran.reader.all_rows("map/count")) > 5
    said = "lines that are no JSON object: 400. rows without a text in text: 800."
    assert table(ran, "files", "documents, trouble") == [(400, said)]
    assert list(ran.reader.rows("troubles")) == [{"file": str(tmp_path / "a.jsonl"), "trouble": said}]


def test_columns_that_are_called_like_what_every_document_has_stay_apart(
    count: Make, runner: Runner, tmp_path: Path
) -> None:
    lines = [json.dumps({"text": "山水", "folder": each, "file": "f"}) for each in ("x", "y", str(tmp_path))]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    ran = count(tmp_path / "a.jsonl", tokenizer="characters", meta=["folder", "file"], index=True)
    here = str(tmp_path)
    assert sorted(table(ran, "groups")) == sorted(
        [("folder", here, 3, 6), ("file (column)", "f", 3, 6)]
        + [("folder (column)", each, 1, 2) for each in ("x", "y", here)]
    )
    index = str(ran.folder / "artifacts" / ran.reader.artifacts()[0]["path"])
    for by, groups in {
        "folder (column)": {"x": 1, "y": 1, here: 1},
        "folder": {here: 3},
        "file (column)": {"f": 3},
    }.items():
        looked = runner("corpus-contexts", {"index": index, "word": "山", "by": by}, where="thread")
        frame = looked.reader.frame("by")
        assert frame is not None, looked.said
        assert {row["group"]: row["count"] for row in frame.data["rows"]} == groups


def test_halves_of_characters_in_names_of_columns_end_no_count(count: Make, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"\\ud800": 1}\n', "utf-8")
    ran = count(tmp_path)
    assert table(ran, "files", "trouble") == [("no column holds texts; there are: \ufffd.",)]


def test_an_empty_corpus_has_an_empty_table(count: Make, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    ran = count(tmp_path / "empty.txt", dispersion="slices", ngrams=3, index=True)
    assert table(ran) == []
    assert ran.reader.last()["types"] == 0


def test_no_paths_are_one_clear_line(runner: Runner) -> None:
    ran = runner("corpus-count", {"paths": []}, where="thread")
    assert (ran.state, ran.job.error and ran.job.error["field"]) == ("failed", "paths")
