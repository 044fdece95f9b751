"""rjieba, as it is used here, cuts as jieba 0.42.1 does: its own code, with its own `add_word`, is the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_corpus.tokens import reference
from workbench_corpus.tokens.cutting import Cutter, cutter
from workbench_corpus.tokens.dictionary import Row, settled

OWN: tuple[Row, ...] = (
    ("国务院总理", None, ""), ("5G基站", None, "n"), ("T-72坦克", 5, ""), ("iPhone", None, ""), ("a-b", None, ""),
    ("的了", 1, ""), ("中国", 3, ""), ("中国", None, ""), ("生僻丄丅", None, ""), ("两个 词", None, ""),
    ("𠮷野家", 7, ""), ("c#", 1, ""), ("#", 10**8, ""), ("C", 10**8, ""), ("C#", 1, ""),
)  # fmt: skip
DELETED: tuple[Row, ...] = (
    ("北京", 0, ""), ("台中", 0, ""), ("小明", 0, ""), ("的", 0, ""),
    ("C++", 0, ""), ("1-01", 0, ""), ("新词", 0, ""), ("γ射线", 0, ""),
)  # fmt: skip
DICTIONARIES = {"none": (), "own": OWN, "deleted": DELETED, "both": (*OWN, *DELETED)}
PIECES = [
    *"的了是在小明北京台中硕士毕业于中国丄丅丏両龥〇々五", "中国科学院", "京都大学", "长江大桥", "程序", "生僻", "新词",
    "明明", "哈哈",
    *"aZ09+#&._%-", "github.com", "F-35", "3.14%", "1.2.3", "1-01", "10+3", "C++", "AT&T", "c#", "C#", "5G", "T恤",
    "T-72", "iPhone", "坦克", "基站", "a-b", "㐀", "𧥄𧥄", "豈", "鿖", "鿿", "\U00030000", "𠮷", "Ａ１％", "，", "。",
    "🙂", "👨\u200d👩\u200d👧", "か", "カ", "ｱ", "한국", "é", "ß", "γ射线", " ", "\u3000", "\r\n", "\r", "\n", "\t",
    "\x85", "\x1c", "\u2028", "\0", "\ufeff", "\ue000", "\ud800",
]  # fmt: skip
ideographs = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5)
strings = st.lists(st.one_of(st.sampled_from(PIECES), ideographs, st.characters()), max_size=14).map("".join)
Oracle = Callable[[str], list[str]]


@cache
def oracle(rows: Sequence[Row], hmm: bool) -> Oracle:
    """jieba with these words added."""
    jieba = reference.tokenizer()
    forced: set[str] = set()
    reference.finalseg.Force_Split_Words = forced
    for row in rows:
        jieba.add_word(*row)

    def cut(text: str) -> list[str]:
        reference.finalseg.Force_Split_Words = forced
        return list(jieba.cut(text, HMM=hmm))

    return cut


@cache
def ours(rows: Sequence[Row], kind: str, hmm: bool) -> Cutter:
    words: dict[str, Any] = {"dictionary": settled(rows)} if rows else {}
    return cutter({"kind": kind, "hmm": hmm, "mode": "accurate"}, words)


def same(text: str, rows: Sequence[Row], hmm: bool) -> None:
    """Streams and counts."""
    wanted, made = oracle(rows, hmm)(text), ours(rows, "rjieba", hmm)
    assert made.tokens(text) == wanted
    assert made.settle(Counter(made.cut(text))) == Counter(wanted)


@pytest.mark.parametrize("hmm", [True, False])
@pytest.mark.parametrize("name", DICTIONARIES)
def test_any_string_is_cut_as_jieba_cuts_it(name: str, hmm: bool) -> None:
    @settings(max_examples=150, deadline=None, database=None)
    @given(strings)
    def hold(text: str) -> None:
        same(text, DICTIONARIES[name], hmm)

    hold()


@pytest.mark.parametrize("text", ["一临临临且", "T-一临临临且x", "㐀一临临临且"])
def test_of_guesses_that_are_equally_likely_jiebas_is_taken(text: str) -> None:
    same(text, (), True)


@pytest.mark.parametrize("name", DICTIONARIES)
def test_where_ideographs_repeat_guesses_are_jiebas(name: str) -> None:
    """Some of these strings have guesses that are equally likely."""

    @settings(max_examples=300, deadline=None, database=None)
    @given(st.lists(ideographs, min_size=1, max_size=4).flatmap(lambda few: st.lists(st.sampled_from(few), max_size=9)))
    def hold(characters: list[str]) -> None:
        same("".join(characters), DICTIONARIES[name], True)

    hold()


@pytest.mark.parametrize("text", ["中中中", "国务院中中中，", "在中中中", "中中中A"])
def test_characters_that_together_are_a_word_are_not_guessed(text: str) -> None:
    same(text, (("中中中", 1, ""),), True)


@pytest.mark.parametrize("hmm", [True, False])
@pytest.mark.parametrize("name", ["none", "both"])
def test_real_text_is_cut_as_jieba_cuts_it(name: str, hmm: bool, news: str) -> None:
    same(news, DICTIONARIES[name], hmm)


@settings(max_examples=60, deadline=None, database=None)
@given(strings, st.sampled_from(sorted(DICTIONARIES)))
def test_jieba_itself_is_given_the_same_dictionary(text: str, name: str) -> None:
    rows = DICTIONARIES[name]
    assert ours(rows, "jieba", True).tokens(text) == oracle(rows, True)(text)


NEARLY = [(("没有这个词", frequency, ""),) for frequency in (1, 3, 98718454, 149000378, 302497474, 10**9)]


@pytest.mark.parametrize("rows", [*NEARLY, DICTIONARIES["deleted"], DICTIONARIES["both"]])
def test_where_two_ways_are_equally_likely_the_last_bit_decides_as_it_does_in_jieba(rows: Sequence[Row]) -> None:
    doubled = [word for word, known in reference.stock()[0].items() if known and len(word) == 2 and word[0] == word[1]]
    for end in "于的了是中":
        for word in doubled:
            same(word + word[0] + end, rows, False)


def test_dictionaries_change_what_they_should() -> None:
    text = "国务院总理看5G基站和T-72坦克"
    assert ours(OWN, "rjieba", True).tokens(text) == ["国务院总理", "看", "5G基站", "和", "T-72坦克"]
    assert "北京" in ours((), "rjieba", True).tokens("来到北京")
    assert ours(DELETED, "rjieba", True).tokens("来到北京")[-2:] == ["北", "京"]


def test_two_dictionaries_in_one_process_do_not_disturb_each_other() -> None:
    text = "小明在台中"
    before = ours((), "jieba", True).tokens(text)
    ours(DELETED, "jieba", True).tokens(text)
    assert ours((), "jieba", True).tokens(text) == before
