"""The live tool that shows how a text is cut."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_corpus.tokens.aligned import Span, differences, inside, spans
from workbench_corpus.tokens.preview import changed, visible

from workbench.events import Event
from workbench.testing.contract import ToolContract
from workbench.testing.running import Ran, Runner
from workbench.texts import Text


class TestPreview(ToolContract):
    tool = "corpus-preview"
    quick = {"words": {"width": True, "case": True}}
    change = {"text": "北京大学"}


def newest(ran: Ran, stream: str) -> Event:
    assert ran.state == "done", ran.said
    frame = ran.reader.frame(stream)
    assert frame is not None
    return frame


def rows(ran: Ran, stream: str) -> list[dict[str, Any]]:
    return list(newest(ran, stream).data["rows"])


# ------------------------------------------------------------------ alignment


@given(st.lists(st.text("ab，", min_size=1, max_size=3)))
def test_tokens_one_after_the_other_are_found_where_they_stand(tokens: list[str]) -> None:
    text = "".join(tokens)
    found = spans(text, tokens)
    assert found is not None
    assert [text[slice(*span)] for span in found] == tokens


@pytest.mark.parametrize("tokens", [["ab", "bc"], ["ab"], ["abc", "d"]])
def test_tokens_that_overlap_or_leave_letters_out_stand_nowhere(tokens: list[str]) -> None:
    assert spans("abc，", tokens) is None


@given(st.text("ab，", max_size=12), st.lists(st.sets(st.integers(1, 11)), min_size=1, max_size=3))
def test_outside_the_differences_all_ways_are_alike_and_inside_not(text: str, edges: list[set[int]]) -> None:
    cuts = []
    for each in edges:
        borders = sorted({0, len(text), *(k for k in each if k < len(text))})
        cuts.append([Span(*pair) for pair in pairwise(borders)])
    apart = differences(text, cuts)
    for stretch in apart:
        assert len({tuple(inside(cut, stretch)) for cut in cuts}) > 1
    same = set.intersection(*(set(cut) for cut in cuts))
    covered = {k for stretch in apart for k in range(*stretch)} | {k for span in same for k in range(*span)}
    assert all(k in covered for k, character in enumerate(text) if character.isalnum())


@given(st.text("ab漢汉", max_size=8), st.text("ab漢汉", max_size=8))
def test_what_changed_is_what_it_takes(old: str, new: str) -> None:
    assert (old == new) == (list(changed(old, new)) == [])
    assert sum(len(after) - len(before) for before, after in changed(old, new)) == len(new) - len(old)


def test_a_token_is_seen_as_it_is() -> None:
    assert visible("\r\n") == visible("\n") == "↵"
    assert visible("<$ x>") == "&lt;&#36;␣x&gt;"


# ------------------------------------------------------------------ the tool


def test_it_marks_where_tokenizers_differ(runner: Runner) -> None:
    chosen = ["rjieba", {"kind": "rjieba", "hmm": False}, {"kind": "chargrams", "n": 2}]
    ran = runner("corpus-preview", {"text": "小明来到北京", "tokenizers": chosen})
    assert rows(ran, "differences") == [{"at": 1, "text": "小明", "rjieba": "小明", "rjieba hmm=false": "小 / 明"}]
    page = str(newest(ran, "cut").data["text"])
    assert page.count("background-color") == 3
    assert "chargrams" in page


@pytest.mark.parametrize(("text", "said"), [("小", "1 token, 1 type"), ("小明小", "3 tokens, 2 types")])
def test_it_counts_in_grammar(runner: Runner, text: str, said: str) -> None:
    ran = runner("corpus-preview", {"text": text, "tokenizers": ["characters"]}, where="thread")
    shown = newest(ran, "cut").data["text"]
    assert f"characters: {said}" in str(Text.from_json(shown))


def test_tagged_words_are_compared_without_their_tags(runner: Runner) -> None:
    chosen = [{"kind": "jieba", "mode": mode} for mode in ("accurate", "tagged")]
    ran = runner("corpus-preview", {"text": "来到北京，深造。快12.5%", "tokenizers": chosen})
    assert rows(ran, "differences") == [
        {"at": 10, "text": "12.5%", "jieba": "12.5%", "jieba mode=tagged": "12.5 / %"},
    ]


def test_it_shows_what_counts_as_what(runner: Runner) -> None:
    words = {"script": "simplified", "case": True, "stops": ["的"], "dictionary": [{"word": "北京的", "freq": 0}]}
    ran = runner("corpus-preview", {"text": "漢字和T恤的Ｔ", "words": words})
    found = {row["text"]: (row["becomes"], row["times"]) for row in rows(ran, "folded")}
    assert found == {"漢": ("汉", 1), "T恤": ("t恤", 1), "的": ("", 1), "Ｔ": ("ｔ", 1)}


def test_tagged_words_are_left_out_as_they_are_of_a_count(runner: Runner) -> None:
    values = {
        "tokenizers": [{"kind": "jieba", "mode": "tagged"}],
        "words": {"stops": ["的"], "marks": False, "case": True},
    }
    ran = runner("corpus-preview", {"text": "他的书，T恤。", **values}, where="thread")
    found = {row["text"]: row["becomes"] for row in rows(ran, "folded")}
    assert found == {"的/uj": "", "，/x": "", "。/x": "", "T恤/n": "t恤/n"}


def test_it_reads_the_beginning_of_a_file(runner: Runner, tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("小明硕士毕业于中国科学院计算所，后在日本京都大学深造。\n".encode("gb18030") * 50)
    ran = runner("corpus-preview", {"file": str(file), "characters": 30, "tokenizers": ["characters"]})
    assert "30" in str(newest(ran, "cut").data["text"])


def test_documents_of_a_file_are_cut_apart(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "北京"}\n{"text": "大学"}\n', "utf-8")
    ran = runner("corpus-preview", {"file": str(tmp_path / "a.jsonl"), "tokenizers": ["rjieba"]}, where="thread")
    assert "北京 / ↵ / 大学" in str(newest(ran, "cut").data["text"])


@pytest.mark.parametrize(("content", "said"), [(None, "There is no file"), (bytes(300), "binary")])
def test_a_file_that_cannot_be_read_is_said_with_its_field(
    runner: Runner, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content:
        (tmp_path / "a.txt").write_bytes(content)
    ran = runner("corpus-preview", {"file": str(tmp_path / "a.txt")}, where="thread")
    assert ran.state == "failed"
    assert said in ran.said
    assert (ran.job.error or {})["field"] == "file"


def test_a_file_that_is_gone_is_said_with_its_field(runner: Runner, tmp_path: Path) -> None:
    ran = runner("corpus-preview", {"words": {"dictionary_file": str(tmp_path / "gone.txt")}})
    assert ran.state == "failed"
    assert "cannot be read" in ran.said
    assert (ran.job.error or {})["field"] == "words.dictionary_file"
