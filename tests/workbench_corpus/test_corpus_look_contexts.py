"""The live tool: what every tool must do, and what it shows of a small corpus."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from corpus_counted import queried, table
from looked import corpus, index
from workbench_corpus.artifacts import load_tokens
from workbench_corpus.looking.params import Contexts
from workbench_corpus.looking.shelf import table_of

from workbench import fields
from workbench.testing.contract import ToolContract
from workbench.testing.running import Ran, Runner
from workbench.texts import Text, translate

OWN = [{"word": "新闻联播网站"}]


class TestContexts(ToolContract):
    tool = "corpus-contexts"
    change = {"word": "大学"}

    @classmethod
    def short(cls, folder: Path) -> Mapping[str, Any]:
        made = str(index(folder / "index", corpus(folder / "texts")))
        return {"index": made, "other": made, "word": "新闻", "dictionary": OWN}


Show = Callable[..., Ran]


@pytest.fixture
def show(runner: Runner, tmp_path: Path) -> Show:
    """`show(word=…)`: the tool once, over the small corpus."""
    made = index(tmp_path / "index", corpus(tmp_path / "texts"))
    return lambda **values: runner("corpus-contexts", {"index": str(made), **values}, where="thread")


def rows(ran: Ran, stream: str) -> list[dict[str, Any]]:
    frame = ran.reader.frame(stream)
    assert frame is not None, ran.said
    return list(frame.data["rows"])


def test_where_a_word_stands(show: Show) -> None:
    ran = show(word="新闻联播", by="year", characters=4)
    assert [(row["left"], row["word"], row["right"]) for row in rows(ran, "contexts")] == [
        ("今天 的", "新闻联播", "网站 开通"),
        ("开通 了 。", "新闻联播", "很 好看 。"),
        ("北京大学 看", "新闻联播", "网站 。"),
    ]
    assert [row["file"] for row in rows(ran, "contexts")] == ["2022/a.txt", "2022/a.txt", "2022/b.txt"]
    assert rows(ran, "by") == [{"group": "2022", "count": 3, "tokens": 18, "per million": round(3e6 / 18, 2)}]
    assert rows(ran, "cuts") == [{"cut": "新闻联播", "count": 3}]
    assert {"words": "新闻联播 网站", "count": 2} in rows(ran, "runs")


KILLED = """
import resource, signal, sys
from pathlib import Path
from workbench_corpus.artifacts import load_tokens
from workbench_corpus.looking.shelf import table_of

made = load_tokens(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
table_of(made, Path(sys.argv[2]))
"""


def test_half_a_table_that_a_killed_worker_leaves_is_not_taken_for_all(tmp_path: Path) -> None:
    made, path = index(tmp_path / "index", corpus(tmp_path / "texts")), tmp_path / "words.parquet"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(made), str(path)], check=False)
    assert ended.returncode == -signal.SIGXFSZ
    whole = load_tokens(made)
    assert len(queried(f"FROM read_parquet('{table_of(whole, path)}')")) == whole.types


def test_words_left_out_of_the_count_are_in_no_table_and_no_cloud(
    runner: Runner, count: Callable[..., Ran], tmp_path: Path
) -> None:
    counted = count(corpus(tmp_path / "texts"), workers=1, index=True, words={"stops": ["新闻联播"]})
    ran = runner("corpus-contexts", {"index": f"run:{counted.reader.id}/tokens", "word": "新闻联播"}, where="thread")
    assert len(rows(ran, "contexts")) == 3
    assert table(ran, columns="word") == table(counted, columns="word")
    frame = ran.reader.frame("cloud")
    assert frame is not None
    page = str(frame.data["text"]).replace("\u2060", "")
    assert "北京大学" in page
    assert "新闻联播" not in page


@pytest.mark.parametrize("word", ["北京大学", "，"])
def test_a_million_words_are_those_that_are_counted(
    runner: Runner, count: Callable[..., Ran], tmp_path: Path, word: str
) -> None:
    texts = corpus(tmp_path / "texts")
    (texts / "marks.txt").write_text("，，。", "utf-8")
    counted = count(texts, workers=1, index=True, words={"marks": False, "stops": ["的"]})
    ran = runner("corpus-contexts", {"index": f"run:{counted.reader.id}/tokens", "word": word}, where="thread")
    lengths: dict[str, int] = dict(table(counted, "files", "file, tokens"))
    found = rows(ran, "by")
    assert found
    assert all(row["tokens"] == lengths[row["group"]] for row in found)
    assert all(row["per million"] == round(row["count"] * 1e6 / max(row["tokens"], 1), 2) for row in found)
    frame = ran.reader.frame("about")
    assert frame is not None
    million = sum(row["count"] for row in found) * 1e6 / sum(lengths.values())
    assert f"{million:,.2f}" in str(frame.data["text"])


@pytest.mark.parametrize(("word", "shown"), [("*", "*"), ("\\", "\\"), ("<b>", "&lt;b&gt;"), ("US$1", "US&#36;1")])
def test_a_word_is_said_as_it_is_written(show: Show, word: str, shown: str) -> None:
    frame = show(word=word).reader.frame("about")
    assert frame is not None
    assert frame.data["format"] == "html"
    assert str(Text.from_json(frame.data["text"])).startswith(f"<b>{shown}</b>: 0 times")


@pytest.mark.parametrize(
    ("word", "english", "chinese"),
    [
        ("新闻联播", "3 times in 2 documents, 1", "3 次，见于 2 篇文档，每百万词 1"),
        ("好看", "1 time in 1 document, 37,0", "1 次，见于 1 篇文档，每百万词 37,0"),
    ],
)
def test_how_often_it_stands_is_said_in_grammar(show: Show, word: str, english: str, chinese: str) -> None:
    frame = show(word=word).reader.frame("about")
    assert frame is not None
    text = Text.from_json(frame.data["text"])
    assert str(text).startswith(f"<b>{word}</b>: {english}")
    assert translate(text, "zh_CN").startswith(f"<b>{word}</b>：{chinese}")


@pytest.fixture
def tagged(runner: Runner, count: Callable[..., Ran], tmp_path: Path) -> Show:
    """`tagged(word=…)`: the tool once, over the small corpus with parts of speech."""
    how = {"kind": "jieba", "mode": "tagged"}
    made = count(corpus(tmp_path / "texts"), workers=1, index=True, tokenizer=how)
    reference = f"run:{made.reader.id}/tokens"
    return lambda **values: runner("corpus-contexts", {"index": reference, **values}, where="thread")


@pytest.mark.parametrize(
    ("word", "cuts"),
    [
        ("北京大学", {"北京大学/nt"}),
        ("北京大学/nt", {"北京大学/nt"}),
        ("北京的", {"北京/ns 的/uj"}),
        ("北京 的/uj", {"北京/ns 的/uj"}),
        ("北京/n", set()),
    ],
)
def test_a_word_is_found_with_and_without_its_part_of_speech(tagged: Show, word: str, cuts: set[str]) -> None:
    assert {row["cut"] for row in rows(tagged(word=word), "cuts")} == cuts


def test_marks_are_no_words_with_parts_of_speech_either(tagged: Show) -> None:
    ran = tagged(word="新闻联播", characters=4, length=2)
    assert all("/x" not in row["words"] for row in rows(ran, "runs"))
    assert rows(ran, "contexts")[2]["left"] == "北京大学/nt 看/v"
    frame = ran.reader.frame("cloud")
    assert frame is not None
    page = str(frame.data["text"]).replace("\u2060", "")
    assert "北京大学/nt" in page
    assert "，/x" not in page
    assert "的/uj" not in page


def test_words_of_one_s_own_are_shown_where_they_stand_with_parts_of_speech(tagged: Show) -> None:
    ran = tagged(word="新闻", dictionary=OWN, characters=1)
    assert all("新闻联播/" in row["before"] and "新闻联播网站/" in row["after"] for row in rows(ran, "anew"))
    assert len(rows(ran, "anew")) == 2


def test_words_of_one_s_own_change_counts(show: Show) -> None:
    ran = show(word="新闻", dictionary=OWN)
    assert {row["word"]: (row["before"], row["after"]) for row in rows(ran, "changed")} == {
        "新闻联播网站": (0, 2), "新闻联播": (3, 1), "网站": (2, 0),
    }  # fmt: skip
    first = rows(ran, "anew")[0]
    assert "新闻联播 网站" in first["before"]
    assert "新闻联播网站" in first["after"]


def test_words_of_one_s_own_are_found_in_folded_texts(
    count: Callable[..., Ran], runner: Runner, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("新聞聯播網站開通了。", "utf-8")
    counted = count(tmp_path / "a.txt", words={"script": "simplified"}, index=True, workers=1)
    made = counted.folder / "artifacts" / counted.reader.artifacts()[0]["path"]
    ran = runner("corpus-contexts", {"index": str(made), "word": "新闻", "dictionary": OWN}, where="thread")
    assert ("新闻联播网站", 0, 1) in [(row["word"], row["before"], row["after"]) for row in rows(ran, "changed")]
    assert "新闻联播网站" in rows(ran, "anew")[0]["after"]


def test_a_column_that_was_not_kept_is_said(show: Show) -> None:
    ran = show(word="新闻", by="author")
    assert ran.state == "failed"
    assert ran.said == "The count kept no column author; there are: year."


def test_nothing_typed_is_no_fault(show: Show) -> None:
    ran = show()
    assert ran.state == "done"
    assert rows(ran, "contexts") == []
    frame = ran.reader.frame("about")
    assert frame is not None
    assert frame.data["text"]["source"] == "Type a word, or click one."


def test_texts_that_are_gone_are_said(show: Show, tmp_path: Path) -> None:
    for file in (tmp_path / "texts").rglob("*.txt"):
        file.unlink()
    (tmp_path / "texts").rename(tmp_path / "elsewhere")
    ran = show(word="新闻", dictionary=OWN)
    assert ran.state == "failed"
    assert "texts" in ran.said


def test_without_a_count_it_says_how_to_make_one() -> None:
    ((field, text),) = fields.problems(Contexts, {})
    assert field == "index"
    assert "“Keep every token”" in text
    assert fields.problems(Contexts, {}, partial=True) == []


@pytest.mark.parametrize("name", ["about.json", "ids.i32", "words.parquet", "documents.parquet"])
@pytest.mark.parametrize("left", [None, b"", b"{}"])
def test_an_index_that_is_not_whole_is_said(runner: Runner, tmp_path: Path, name: str, left: bytes | None) -> None:
    made = index(tmp_path / "index", corpus(tmp_path / "texts"))
    (made / name).unlink()
    if left is not None:
        (made / name).write_bytes(left)
    ran = runner("corpus-contexts", {"index": str(made)}, where="thread")
    assert ran.state == "failed"
    assert f"{made} cannot be read as index/tokens" in ran.said


@pytest.mark.parametrize(
    ("word", "times"), [("PYTHON", 2), ("python", 2), ("發展", 1), ("2020年", 1), ("python|發展", 3)]
)
def test_a_word_is_found_as_the_count_folded_it(
    runner: Runner, count: Callable[..., Ran], tmp_path: Path, word: str, times: int
) -> None:
    (tmp_path / "a.txt").write_text("Python在2019年發展。python。", "utf-8")
    folds = {"case": True, "digits": True, "script": "simplified"}
    counted = count(tmp_path / "a.txt", workers=1, index=True, words=folds)
    ran = runner("corpus-contexts", {"index": f"run:{counted.reader.id}/tokens", "word": word}, where="thread")
    assert len(rows(ran, "contexts")) == times
