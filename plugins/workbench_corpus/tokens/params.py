"""What a person sets of the cutting: the tokenizers on offer, a dictionary of one's own, stop words, folding.

Folding stands where it does the least harm. What makes a text readable for the dictionary acts on the text, before it
is cut: script (jieba's words are simplified ones) and width (jieba's words hold no ＡＢＣ). What only unites words that
the dictionary tells apart acts on the words, after the cut: case (jieba knows T恤 and C++, not t恤) and digits.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, model_validator

from workbench.api import File, Group, Offered, P, Params, domain

T = domain("workbench_corpus")


class Rjieba(Group):
    """jieba's words, to the last one, at many times its speed."""

    hmm: bool = P(True, "Guess new words", help="A hidden Markov model joins characters that are in no word.")


class Jieba(Group):
    """jieba 0.42.1 itself: the reference, and what it alone can do."""

    hmm: bool = P(True, "Guess new words", help="Not in full mode. A hidden Markov model joins characters in no word.")
    mode: Literal["accurate", "search", "full", "tagged"] = P(
        "accurate",
        "Mode",
        help="Search: long words in parts as well. Full: every word that can be read in the text. "
        "Tagged: words with their parts of speech, 词/n.",
    )


class Characters(Group):
    """Every character by itself."""


class CharGrams(Group):
    """All runs of n characters without white space."""

    n: int = P(2, "Characters", ge=1, le=16)


class Whitespace(Group):
    """What stands between white space: for texts that are cut already, and for western ones."""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(T("this is no regular expression: {why}.", why=error)) from error
    return pattern


class Regex(Group):
    """Whatever a regular expression finds."""

    pattern: Annotated[str, AfterValidator(_compiles)] = P(
        r"\w+", "Regular expression", help="As Python's re reads it; each match is a token.", min_length=1
    )


class Entry(Group):
    """A word of one's own; by itself it may be written as a bare text."""

    word: str = P("", "Word", min_length=1, max_length=100)
    freq: int | None = P(
        None,
        "Frequency",
        help="None: as much as it takes for the word to be cut out. 0: the word is not one.",
        ge=0,
        le=10**9,
    )
    tag: str = P("", "Part of speech", help="Such as n or nr.")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"word": value} if isinstance(value, str) else value


class Words(Group):
    """Which words there are, which are left out and which are one and the same."""

    dictionary: tuple[Entry, ...] = P((), "Words of your own", help="For jieba, after those of the file.")
    dictionary_file: Annotated[Path | None, File("*.txt")] = P(
        None,
        "Dictionary file",
        help="As jieba reads it: a word a line, perhaps its frequency and part of speech.",
    )
    stops: tuple[str, ...] = P((), "Words left out")
    stops_file: Annotated[Path | None, File("*.txt")] = P(None, "File of words left out", help="A word a line; UTF-8.")
    marks: bool = P(True, "Count punctuation and spaces", help="Tokens without any letter or digit.")
    script: Literal["kept", "simplified", "traditional"] = P("kept", "Script", help="By OpenCC, before the cut.")
    width: bool = P(
        False,
        "Full-width letters as ordinary ones",
        help="ＡＢＣ１２％ as ABC12%, before the cut; ，。！ stay.",
    )
    case: bool = P(False, "Small letters only", help="After the cut: jieba's words tell T恤 from t恤.")
    digits: bool = P(False, "Numbers as 0", help="After the cut: 2019 and 2020 count as one word.")


SAMPLE = (
    "小明硕士毕业于中国科学院计算所，后在日本京都大学深造。她穿着印有“5G”的T恤，用Ｃ＋＋和Python 3.11写程序，"
    "住在南京市长江大桥边。發展中國家的漢字輸入，2019年比2018年快12.5%。"
)


class Preview(Params):
    """A text of one's own, cut in several ways beside each other."""

    text: str = P(SAMPLE, "Text", max_length=20_000)
    file: Annotated[Path | None, File("*")] = P(None, "Or the beginning of a file")
    characters: int = P(2000, "Characters of the file", ge=1, le=20_000)
    tokenizers: tuple[Annotated[Any, Offered("tokenizer")], ...] = P(
        ("rjieba", {"kind": "rjieba", "hmm": False}), "Tokenizers", min_length=1, max_length=6
    )
    words: Words = P({}, "Words")
