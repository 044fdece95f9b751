"""Cutters: folding, stop words, dictionaries from files, simple tokenizers, fingerprints, jieba kept quiet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from workbench_corpus.tokens import reference
from workbench_corpus.tokens.cutting import Cutter, cutter
from workbench_corpus.tokens.offered import completed
from workbench_corpus.tokens.params import Entry, Regex, Words
from workbench_corpus.tokens.words import spec

from workbench.api import UserError

RJIEBA = {"kind": "rjieba", "hmm": True}
SIMPLE: list[dict[str, Any]] = [
    {"kind": "characters"},
    {"kind": "chargrams", "n": 2},
    {"kind": "whitespace"},
    {"kind": "regex", "pattern": r"\w+"},
]
TAGGED = {"kind": "jieba", "hmm": True, "mode": "tagged"}


def made(tokenizer: dict[str, Any] = RJIEBA, **words: Any) -> Cutter:
    """A cutter as a child process makes it: its specifications have been JSON."""
    return cutter(tokenizer, json.loads(json.dumps(spec(Words(**words)))))


def counts(cut: Cutter, text: str) -> Counter[str]:
    return cut.settle(Counter(cut.cut(text)))


# ------------------------------------------------------------------ folding


def test_case_and_digits_are_folded_after_the_cut() -> None:
    text = "T恤和C++，2019年12.5%的iPhone"
    plain, folded = made(), made(case=True, digits=True)
    assert "T恤" in plain.tokens(text)
    assert folded.tokens(text) == ["t恤", "和", "c++", "，", "0", "年", "0%", "的", "iphone"]
    assert len(folded.tokens(text)) == len(plain.tokens(text))


def test_width_is_folded_before_the_cut_and_chinese_punctuation_stays() -> None:
    text = "用Ｃ＋＋，涨１２．５％！"
    assert made().tokens(text)[1:4] == ["Ｃ", "＋", "＋"]
    assert made(width=True).tokens(text) == ["用", "C++", "，", "涨", "12.5%", "！"]


def test_script_is_folded_before_the_cut_in_the_text_the_dictionary_and_the_stop_words() -> None:
    assert made(script="simplified").tokens("發展中國家的漢字") == ["发展中国家", "的", "汉字"]
    assert "".join(made(script="traditional").tokens("发展中国家")) == "發展中國家"
    own = made(script="simplified", dictionary=(Entry(word="發展中國家的"),), stops=("漢字",))
    assert own.tokens("發展中國家的漢字") == ["发展中国家的", "汉字"]
    assert counts(own, "發展中國家的漢字") == {"发展中国家的": 1}


def test_halves_of_characters_stay_when_the_script_is_folded() -> None:
    assert made({"kind": "characters"}, script="simplified").tokens("漢\ud800字") == ["汉", "\ud800", "字"]


@pytest.mark.parametrize(
    ("tokenizer", "values"),
    [
        (RJIEBA, {}),
        (RJIEBA, {"case": True, "digits": True, "marks": False}),
        (RJIEBA, {"width": True, "script": "simplified", "stops": ("的", "A")}),
        *((each, {"case": True, "width": True, "stops": ("的", "a")}) for each in SIMPLE),
    ],
)
def test_settled_counts_are_the_stream_counted(tokenizer: dict[str, Any], values: dict[str, Any]) -> None:
    cut = made(tokenizer, **values)

    @settings(max_examples=40, deadline=None, database=None)
    @given(st.text(st.sampled_from("的漢字中国aA1２.-%,， \r\n"), max_size=30))
    def hold(text: str) -> None:
        assert counts(cut, text) == Counter(token for token in cut.tokens(text) if cut.counts(token))

    hold()


def test_texts_may_be_cut_together_where_lines_end(news: str) -> None:
    lines = news[:20_000].splitlines(keepends=True)
    for tokenizer in (RJIEBA, *SIMPLE, {"kind": "regex", "pattern": r"\W+"}):
        cut = made(tokenizer, case=True)
        assert [token for line in lines for token in cut.tokens(line)] == cut.tokens("".join(lines))


# ------------------------------------------------------------------ what is left out


def test_stop_words_leave_the_counts_and_not_the_stream(tmp_path: Path) -> None:
    file = tmp_path / "stops.txt"
    file.write_bytes("\ufeff的\r\n\r\n Python \n".encode())
    cut = made(stops=("在",), stops_file=file, case=True)
    text = "在北京的Python"
    assert cut.tokens(text) == ["在", "北京", "的", "python"]
    assert counts(cut, text) == {"北京": 1}


def test_punctuation_may_be_left_out() -> None:
    assert counts(made(marks=False), "北京，3.5%！\n 𠮷C++ ++") == {"北京": 1, "3.5%": 1, "𠮷": 1, "C++": 1}
    assert counts(made(TAGGED, marks=False, stops=("北京",)), "来到北京。") == {"来到/v": 1}


# ------------------------------------------------------------------ tokenizers


def test_simple_tokenizers() -> None:
    text = "ab 北京\r\nb1"
    characters, grams, spaces, words = (made(each).tokens(text) for each in SIMPLE)
    assert characters == list(text)
    assert grams == ["ab", "北京", "b1"]
    assert spaces == words == ["ab", "北京", "b1"]
    assert made({"kind": "chargrams", "n": 3}).tokens("一二三四 五六") == ["一二三", "二三四"]
    assert made({"kind": "regex", "pattern": "(a)|b*"}).tokens("abba") == ["a", "bb", "a"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"mode": "search"}, ["中国", "科学", "学院", "科学院", "中国科学院", "计算", "计算所"]),
        ({"mode": "full"}, ["中国", "中国科学院", "科学", "科学院", "学院", "计算", "计算所"]),
        ({"mode": "tagged"}, ["中国科学院/nt", "计算所/n"]),
        ({"mode": "accurate"}, ["中国科学院", "计算所"]),
    ],
)
def test_jiebas_modes(values: dict[str, Any], expected: list[str]) -> None:
    assert made({"kind": "jieba", "hmm": True, **values}).tokens("中国科学院计算所") == expected


def test_full_mode_gives_no_empty_token() -> None:
    text = "中国，abc。\r\n北京"
    tokens = made({"kind": "jieba", "hmm": True, "mode": "full"}).tokens(text)
    assert tokens == [token for token in reference.tokenizer().cut(text, cut_all=True) if token]
    assert "" not in tokens


def test_tags_of_ones_own_words() -> None:
    assert made(TAGGED, dictionary=(Entry(word="扩展坞", tag="nz"),)).tokens("扩展坞") == ["扩展坞/nz"]


def test_a_pattern_that_is_none_is_said() -> None:
    with pytest.raises(ValidationError, match="no regular expression"):
        Regex(pattern="(")


# ------------------------------------------------------------------ dictionaries


def test_a_dictionary_file_means_what_it_means_to_jieba(tmp_path: Path) -> None:
    lines = (
        "\ufeff云计算 5\n李小福 2 nr\r\n创新办 3 i\n\n  韩玉赏鉴 3 nz  \n台中\n"
        "Edu Trust认证 2000\n八一双鹿 3 nz\n凱特琳 nz\n中国 0\n"
    )
    file = tmp_path / "own.txt"
    file.write_bytes(lines.encode())
    jieba = reference.tokenizer()
    jieba.load_userdict(str(file))
    reference.finalseg.Force_Split_Words = set()
    found = spec(Words(dictionary_file=file))["dictionary"]
    assert {word: frequency for word, frequency, _ in found["words"]} == {
        word: jieba.FREQ[word] for word, _, _ in found["words"]
    }
    assert {word: tag for word, _, tag in found["words"] if tag} == jieba.user_word_tag_tab
    assert found["total"] == jieba.total
    assert len(found["words"]) == 9


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("云计算\n".encode("gb18030"), "not in UTF-8"),
        (f"云计算 {10**10}\n".encode(), "is beyond"),
        (f"云计算 {'9' * 5000}\n".encode(), "is beyond"),
        (("字" * 101 + "\n").encode(), "longer than a word"),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_a_dictionary_file_that_is_none_is_said_with_its_field(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "own.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError, match=said) as error:
        spec(Words(dictionary_file=file))
    assert error.value.field == "words.dictionary_file"


@pytest.mark.parametrize("name", ["dictionary_file", "stops_file"])
def test_a_file_in_the_home_of_nobody_is_said_with_its_field(name: str) -> None:
    with pytest.raises(UserError, match=r"no file ~nobody-at-all/a\.txt") as error:
        spec(Words.model_validate({name: "~nobody-at-all/a.txt"}))
    assert error.value.field == f"words.{name}"


def test_the_tables_words_come_after_the_files(tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    file.write_text("云计算 0\n", "utf-8")
    assert made(dictionary_file=file, dictionary=(Entry(word="云计算", freq=9),)).tokens("云计算") == ["云计算"]


def test_fingerprints_tell_apart_what_cuts_otherwise() -> None:
    cutters = [
        made(),
        made({"kind": "rjieba", "hmm": False}),
        made({"kind": "jieba", "hmm": True, "mode": "accurate"}),
        made(dictionary=(Entry(word="云计算"),)),
        *(made(**each) for each in ({"case": True}, {"stops": ("的",)}, {"script": "simplified"})),
    ]
    assert len({each.fingerprint for each in cutters}) == len(cutters)
    assert made().fingerprint == Cutter(completed(RJIEBA), spec(Words())).fingerprint
    assert completed({**completed(RJIEBA), "version": "of long ago"}) == completed(RJIEBA)


# ------------------------------------------------------------------ jieba kept quiet


def test_jieba_says_nothing_and_writes_nothing(tmp_path: Path) -> None:
    script = (
        "from workbench_corpus.tokens.cutting import cutter\n"
        "for mode in ('accurate', 'tagged'):\n"
        "    print(cutter({'kind': 'jieba', 'hmm': True, 'mode': mode}, {}).tokens('我来到北京')[-1])\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-W", "always", "-c", script],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout.split() == ["北京", "北京/ns"]
    assert ran.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_rjieba_needs_no_jieba() -> None:
    script = (
        "import sys\nfrom workbench_corpus.tokens.cutting import cutter\n"
        "own = {'words': [['北京', 0, '']], 'slack': 0, 'whole': []}\n"
        "cutter({'kind': 'rjieba', 'hmm': True}, {'dictionary': own})\n"
        "print('jieba' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.strip() == "False"
