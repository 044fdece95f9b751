"""What words of one's own change, and the cloud."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st
from workbench_corpus.looking.cloud import LARGEST, SMALLEST, cloud
from workbench_corpus.looking.recount import recount
from workbench_corpus.tokens.cutting import cutter

TEXTS = ["新闻联播网站开通了。今天的新闻联播", "没有这个词", "看新闻联播网站"]
PLAIN = cutter({"kind": "characters"}, {})


def pairs(text: str) -> list[str]:
    """Another way of cutting: two characters at a time."""
    return [text[k : k + 2] for k in range(0, len(text), 2)]


def test_only_texts_that_hold_the_word_are_cut_and_counted() -> None:
    found = recount(TEXTS, ["新闻联播网站"], PLAIN.tokens, pairs, 2, 10)
    held = [TEXTS[0], TEXTS[2]]
    assert found.texts == 2
    assert found.before == Counter("".join(held))
    assert found.after == Counter(word for text in held for word in pairs(text))
    assert found.lines[0] == {"before": " ".join("新闻联播网站开通"), "after": "新闻 联播 网站 开通"}
    assert found.lines[1] == {"before": " ".join("看新闻联播网站"), "after": "看新 闻联 播网 站"}


def test_changed_counts_are_those_of_the_whole_corpus() -> None:
    totals = Counter("".join(TEXTS))
    rows = recount(TEXTS, ["新闻联播网站"], PLAIN.tokens, pairs, 2, 10).changed(totals, 100)
    gains = {row["word"]: (row["before"], row["after"], row["change"]) for row in rows}
    assert gains["新"] == (3, 0, -3)
    assert gains["新闻"] == (0, 1, 1)
    assert "没" not in gains
    assert [abs(row["change"]) for row in rows] == sorted((abs(row["change"]) for row in rows), reverse=True)


@given(st.integers(0, 3))
def test_lines_are_bounded(most: int) -> None:
    assert len(recount(["a b a b"] * 5, ["a"], str.split, list, 1, most).lines) == most


def test_the_cloud_shows_words_by_their_counts() -> None:
    counted = [("的", 900), ("中国", 400), ("，，", 300), ("<b>&", 100), ("a b", 4), ("last", 1)]
    found = cloud(counted, most=4)
    words = {
        unquote(link): float(size) for link, size in re.findall(r'href="#([^"]+)" style="font-size: (\d+)px', found)
    }
    assert words == {"中国": LARGEST, "<b>&": LARGEST / 2, "a b": SMALLEST, "last": SMALLEST}
    assert "&lt;b&gt;&amp;" in found.replace("\u2060", "")
    assert cloud([]) == cloud([("的", 1)])
    assert "$" not in cloud([("US$", 2), ("HK$", 1)])
