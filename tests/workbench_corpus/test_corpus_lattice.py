"""jieba's algorithm over arrays gives jieba's tokens: jieba 0.42.1 itself is the oracle, its equal for long texts."""

from __future__ import annotations

import lzma
import os
import string
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_corpus_tokens_equal import DICTIONARIES, oracle, ours, strings
from workbench_corpus.tokens import reference
from workbench_corpus.tokens.dictionary import Row, settled
from workbench_corpus.tokens.fast import Rjieba
from workbench_corpus.tokens.lattice import alphabet, routes
from workbench_corpus.tokens.lattice.guess import guess
from workbench_corpus.tokens.lattice.numbering import Numbering


@cache
def numbering(rows: Sequence[Row] = (), hmm: bool = True) -> Numbering:
    return Rjieba({"hmm": hmm}, settled(rows) if rows else None).numbering


def read(text: str, made: Numbering) -> list[str]:
    """The tokens, both ways: what stands between the borders, and the words of the numbers."""
    cut, said = [], []
    for borders, numbers in made.read(text):
        places = borders.tolist()
        cut += [text[begin:end] for begin, end in pairwise(places)]
        different = np.unique(numbers)
        words = dict(zip(different.tolist(), made.words(different), strict=True))
        said += [words[each] for each in numbers.tolist()]
    assert cut == said
    return cut


@pytest.fixture(params=[(40, 400), (1, 400), (1, 3)], ids=["one by one", "in columns", "both"])
def columns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short texts come into the columns only if these are worth it for few runs."""
    few, most = request.param
    monkeypatch.setattr(routes, "FEW", few)
    monkeypatch.setattr(routes, "COLUMNS", most)


@pytest.mark.usefixtures("columns")
@pytest.mark.parametrize("hmm", [True, False])
@pytest.mark.parametrize("name", DICTIONARIES)
def test_any_string_is_cut_as_jieba_cuts_it(name: str, hmm: bool) -> None:
    @settings(max_examples=80, deadline=None, database=None)
    @given(strings)
    def hold(text: str) -> None:
        assert read(text, numbering(DICTIONARIES[name], hmm)) == oracle(DICTIONARIES[name], hmm)(text)

    hold()


@pytest.mark.usefixtures("columns")
@pytest.mark.parametrize("frequency", [1, 3, 98718454, 302497474, 10**9])
def test_where_two_ways_are_equally_likely_the_last_bit_decides_as_it_does_in_jieba(frequency: int) -> None:
    rows = (("没有这个词", frequency, ""),)
    doubled = [word for word, known in reference.stock()[0].items() if known and len(word) == 2 and word[0] == word[1]]
    text = "，".join(word + word[0] * more + end for word in doubled for end in "于的了" for more in (1, 2))
    assert read(text, numbering(rows, False)) == oracle(rows, False)(text)


@pytest.mark.parametrize("hmm", [True, False])
@pytest.mark.parametrize("name", ["none", "both"])
def test_real_text_is_cut_as_jieba_cuts_it(name: str, hmm: bool, news: str) -> None:
    assert read(news, numbering(DICTIONARIES[name], hmm)) == oracle(DICTIONARIES[name], hmm)(news)


@pytest.mark.parametrize("hmm", [True, False])
def test_a_long_text_is_cut_block_by_block_as_its_equal_cuts_it(hmm: bool) -> None:
    folder = os.environ.get("WORKBENCH_TEST_DATA", "")
    path = Path(folder) / "text" / "cctv-news.txt.xz"
    if not folder or not path.exists():
        pytest.skip("the real texts are not here: set WORKBENCH_TEST_DATA")
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        text = file.read(4_000_000)[-900_000:]
    assert read(text, numbering((), hmm)) == ours((), "rjieba", hmm).tokens(text)


LONG = {
    "one character": "哈" * 150_000,
    "two by two": "明明" * 75_000,
    "letters": "".join(Random(0).choices(string.ascii_letters + string.digits + "+-", k=150_000)),
    "signs": "-" * 150_000,
    "ideographs": "".join(map(chr, Random(0).choices(range(0x4E00, 0x9FD6), k=150_000))),
    "words": "".join(Random(0).choices(["中国", "中国人", "人民", "的", "科学院", "T恤", "C++", "3.5%"], k=60_000)),
    "after others": "短句，" * 5000 + "京都大学的中国科学院" * 15_000 + "，短句" * 5000,
}


@pytest.mark.parametrize("name", LONG)
def test_runs_of_any_length_are_cut(name: str) -> None:
    """In time: one that took a hundred times as long for each character would not end within a minute."""
    assert read(LONG[name], numbering()) == ours((), "rjieba", True).tokens(LONG[name])


IDEOGRAPHS = st.text(
    st.one_of(st.sampled_from("明的了一丄丅王小伟龥兀"), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5)),
    min_size=1,
    max_size=9,
)


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(IDEOGRAPHS, min_size=1, max_size=20))
def test_new_words_are_guessed_as_jieba_guesses_them(texts: list[str]) -> None:
    reference.finalseg.Force_Split_Words = set()
    lengths = np.array([*map(len, texts)])
    codes = alphabet.codes("".join(texts))
    marks = np.zeros(len(codes), bool)
    guess(codes, np.cumsum(lengths) - lengths, lengths, marks)
    words = [word for text in texts for word in reference.finalseg.cut(text)]
    ends = np.cumsum([0, *map(len, words)])[:-1]
    assert np.flatnonzero(marks).tolist() == ends.tolist()


def test_a_word_has_one_number_whether_it_is_found_or_guessed() -> None:
    """Where the commonest characters are no words, new ones are guessed of them; some are in the dictionary."""
    rows = tuple((word, 0, "") for word in "的了是在不有一我你他她这那人大小")
    made = numbering(rows)
    text = "".join(Random(0).choices("的了是在不有一我你他她这那人大小王伟明 \r\n𠮷a.1", k=100_000))
    numbers: dict[str, set[int]] = {}
    for _, found in made.read(text):
        different = np.unique(found)
        for word, number in zip(made.words(different), different.tolist(), strict=True):
            numbers.setdefault(word, set()).add(number)
    assert all(len(each) == 1 for each in numbers.values())
    assert len({*chain(*numbers.values())}) == len(numbers) > 100
    assert max(chain(*numbers.values())) < len(made)


def test_what_is_not_in_the_dictionary_is_forgotten_between_parts_when_it_is_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workbench_corpus.tokens.lattice.numbering._OTHERS", 2)
    made = Numbering(False, None)
    before = len(made)
    read("aa bb cc", made)
    assert len(made) == before + 3
    made.begin()
    assert len(made) == before
    assert read("cc bb", made) == ["cc", " ", "bb"]


def test_jieba_and_its_equal_are_not_needed() -> None:
    """See `Rjieba.numbering`: a worker that counts words loads neither."""
    script = (
        "import sys\nfrom workbench_corpus.tokens.cutting import cutter\n"
        "from workbench_corpus.tokens.streams import counts\nfrom workbench_corpus.tokens.lattice.stock import names\n"
        "made = counts(cutter({'kind': 'rjieba', 'hmm': True}, {}))\n"
        "made.add('来到北京')\nprint(names().of(made.settled()[0].known), {'jieba', 'rjieba'} & {*sys.modules})\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.strip() == "['北京', '来到'] set()"
