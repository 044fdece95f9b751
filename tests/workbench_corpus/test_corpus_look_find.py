"""Where a text stands, what is around it, in which groups, against plain loops over the tokens."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_corpus.artifacts import TokenIndex
from workbench_corpus.looking import around, groups
from workbench_corpus.looking.compare import compared
from workbench_corpus.looking.find import MOST, find, readings

TOKENS = st.lists(st.sampled_from(["新闻", "联播", "新闻联播", "新", "闻联", "播", "，", "a"]), max_size=14)
CORPORA = st.lists(TOKENS, max_size=6)


def made(
    corpus: list[list[str]], files: list[str] | None = None, columns: list[dict[str, str]] | None = None
) -> TokenIndex:
    """An index as a count makes it: words by falling count, then code point."""
    counts = Counter(word for document in corpus for word in document)
    words = sorted(counts, key=lambda word: (-counts[word], word))
    ranks = {word: rank for rank, word in enumerate(words)}
    ids = [ranks[word] for document in corpus for word in document]
    return TokenIndex(
        words,
        np.array([counts[word] for word in words], np.int64),
        np.array(ids, np.int32),
        np.cumsum([0, *map(len, corpus)]),
        files or [f"folder/{k}.txt" for k in range(len(corpus))],
        np.arange(len(corpus)),
        columns or [{} for _ in corpus],
        {"types": len(words)},
    )


def heed() -> None:
    """Nobody asks for anything else."""


def slowly(corpus: list[list[str]], text: str) -> list[tuple[int, int]]:
    """First token and length of every occurrence, by looking everywhere."""
    found, at = [], 0
    for document in corpus:
        for k in range(len(document)):
            for end in range(k + 1, len(document) + 1):
                if "".join(document[k:end]) == text:
                    found.append((at + k, end - k))
        at += len(document)
    return found


@given(CORPORA, st.sampled_from(["新闻联播", "新闻", "播，", "闻", "北京", "aa"]))
def test_a_text_is_found_however_it_was_cut(corpus: list[list[str]], text: str) -> None:
    hits = find(made(corpus), text, heed)
    assert list(zip(hits.starts.tolist(), hits.lengths.tolist(), strict=True)) == slowly(corpus, text)
    assert hits.of_each().sum() == len(hits.starts)


def test_with_spaces_it_is_found_as_it_was_cut() -> None:
    index = made([["新闻", "联播", "新闻联播"], ["新闻", "，", "联播"]])
    assert find(index, "新闻 联播", heed).starts.tolist() == [0]
    assert find(index, "新闻联播", heed).starts.tolist() == [0, 2]
    assert find(index, "  ", heed).starts.tolist() == []


def test_readings_are_bounded() -> None:
    ranks = {"a" * n: n for n in range(1, 20)}
    found = list(readings("a" * 40, ranks))
    assert len(found) == MOST
    assert all(sum(way) == 40 for way in found)
    assert found[0] == (19, 19, 2)


def test_what_cannot_be_read_is_known_at_once() -> None:
    ranks = {"a" * n: n for n in range(1, 20)}
    assert list(readings("a" * 100 + "b", ranks)) == []
    assert len(list(readings("ab" + "a" * 100, {**ranks, "ab": 0}))) == MOST


@given(CORPORA.filter(any), st.integers(1, 6))
def test_contexts_are_the_text_around(corpus: list[list[str]], characters: int) -> None:
    index = made(corpus)
    hits = find(index, "新闻联播", heed)
    rows = around.contexts(index, hits, characters, 5, False)
    assert len(rows) == min(5, len(hits.starts))
    for row in rows:
        document = "".join(corpus[int(row["document"])])
        assert row["left"] + row["word"] + row["right"] in document
        assert row["word"] == "新闻联播"
        assert row["file"] == f"folder/{row['document']}.txt"
        longest = max(map(len, index.words))
        assert all(len(row[side]) < characters + longest for side in ("left", "right"))


@given(CORPORA, st.sampled_from(["left", "right"]))
def test_contexts_in_the_order_of_their_neighbours(corpus: list[list[str]], side: Any) -> None:
    index = made(corpus)
    hits = find(index, "新闻联播", heed)
    found = around.ordered(index, hits, side)
    places = list(zip(found.starts.tolist(), found.lengths.tolist(), strict=True))
    assert sorted(places) == slowly(corpus, "新闻联播")
    neighbours = []
    for start, length in places:
        document = int(index.documents_of([start])[0])
        ids = index.ids[index.starts[document] : index.starts[document + 1]].tolist()
        at = start - int(index.starts[document])
        beside = ids[:at][::-1] if side == "left" else ids[at + length :]
        neighbours.append([*beside, -1, -1, -1][:3])
    assert neighbours == sorted(neighbours)
    assert around.ordered(index, hits, "corpus") is hits


def test_borders_and_blanks_are_shown() -> None:
    index = made([["一", "\r\n", "新闻", " ", "b"]])
    row = around.contexts(index, find(index, "新闻", heed), 9, 9, True)[0]
    assert (row["left"], row["word"], row["right"]) == ("一 ␣", "新闻", "␣ b")


@given(CORPORA, st.integers(2, 4))
def test_runs_that_hold_a_word(corpus: list[list[str]], length: int) -> None:
    expected: Counter[str] = Counter()
    for document in corpus:
        for k in range(len(document) - length + 1):
            run = document[k : k + length]
            if "新闻" in run and "，" not in run:
                expected[" ".join(run)] += 1
    index = made(corpus)
    rows = around.grams(index, find(index, "新闻 ", heed), length, 1000)
    held = {row["words"]: row["count"] for row in rows if "新闻" in row["words"].split()}
    assert held == expected
    assert all(a["count"] >= b["count"] for a, b in pairwise(rows))


def test_runs_hold_all_of_what_was_found() -> None:
    index = made([["a", "新闻", "联播", "b"]])
    rows = around.grams(index, find(index, "新闻联播", heed), 3, 9)
    assert {row["words"] for row in rows} == {"a 新闻 联播", "新闻 联播 b"}
    assert around.grams(index, find(index, "新闻联播", heed), 1, 9) == []


# ------------------------------------------------------------------ groups

CORPUS = [["a", "b", "a"], ["a"], ["b", "b"], []]
FILES = ["x/2022-1.txt", "x/2022-2.txt", "y/2023-1.txt", "y/2024-1.txt"]
YEARS = [{"date": date} for date in ("2022-01-05", "2022-07-01", "2023-01-01", "")]


@pytest.mark.parametrize(
    ("by", "first", "expected"),
    [
        ("file", 0, {"x/2022-1.txt": (2, 3), "x/2022-2.txt": (1, 1)}),
        ("folder", 0, {"x": (3, 4)}),
        ("date", 4, {"2022": (3, 4)}),
        ("date", 7, {"2022-01": (2, 3), "2022-07": (1, 1)}),
    ],
)
def test_counts_by_group(by: str, first: int, expected: dict[str, Any]) -> None:
    index = made(CORPUS, FILES, YEARS)
    grouped = groups.grouping(index, by, first)
    counts = grouped.counts(index, find(index, "a", heed))
    rows = groups.rows(grouped, counts, ["a"])
    assert {row["group"]: (row["count"], row["tokens"]) for row in rows} == expected
    assert rows[0]["per million"] == pytest.approx(1e6 * rows[0]["count"] / rows[0]["tokens"], abs=0.01)
    names, heights = groups.drawn(grouped, counts, 1)
    assert (names, heights[0, 0]) == ([rows[0]["group"]], pytest.approx(rows[0]["per million"], abs=0.01))


@given(CORPORA)
def test_groups_hold_every_occurrence(corpus: list[list[str]]) -> None:
    index = made(corpus)
    hits = find(index, "新闻", heed)
    for by in ("file", "folder"):
        assert groups.grouping(index, by).counts(index, hits).sum() == len(hits.starts)


def test_several_words_beside_each_other() -> None:
    index = made(CORPUS, FILES, YEARS)
    hits = find(index, " a | b|a|", heed)
    assert hits.texts == ["a", "b"]
    assert hits.starts.tolist() == [0, 1, 2, 3, 4, 5]
    grouped = groups.grouping(index, "folder")
    counts = grouped.counts(index, hits)
    assert counts.tolist() == [[3, 0], [1, 2]]
    assert groups.rows(grouped, counts, hits.texts)[0] == {
        "group": "x", "count": 4, "tokens": 4, "per million": 1e6, "“a”": 3, "“b”": 1,
    }  # fmt: skip
    names, heights = groups.drawn(grouped, counts, 9)
    assert (names, heights.tolist()) == (["x", "y"], [[750_000, 0], [250_000, 1e6]])


def test_the_bar_itself_is_found() -> None:
    assert find(made([["a", "|", "b"]]), "|", heed).starts.tolist() == [1]


@given(CORPORA, CORPORA)
def test_two_counts_beside_each_other(one: list[list[str]], other: list[list[str]]) -> None:
    rows = compared(made(one), made(other), 1000)
    here, there = (Counter(word for document in each for word in document) for each in (one, other))
    words = {word for word in here | there if here[word] != there[word]}
    assert {row["word"]: (row["here"], row["there"], row["change"]) for row in rows} == {
        word: (here[word], there[word], there[word] - here[word]) for word in words
    }
    assert all(abs(a["change"]) >= abs(b["change"]) for a, b in pairwise(rows))
