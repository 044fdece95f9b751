"""A dictionary of one's own, as jieba reads it and as jieba understands it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import reference
from .fast import ASCII, STOCK
from .ties import BLOCK

Row = tuple[str, int | None, str]
"""Word, frequency (None: as much as it takes), part of speech."""


def settled(rows: Iterable[Row]) -> dict[str, Any]:
    """What `jieba.add_word` makes of these entries, one after the other, in numbers that any tokenizer can use.

    words: (word, frequency, part of speech), each word once. total: the sum of all frequencies as jieba reckons it,
    which keeps what a repeated word had before; slack: by how much that is more than the sum of what the words have.
    whole: the words among ASCII characters and signs that are not to be split.
    """
    jieba = reference.tokenizer()
    tags: dict[str, str] = {}
    for word, frequency, tag in rows:
        jieba.add_word(word, frequency)
        tags[word] = tag or tags.get(word, "")
    reference.finalseg.Force_Split_Words = set()
    words = [(word, jieba.FREQ[word], tag) for word, tag in tags.items()]
    old, _ = reference.stock()
    # a word with other characters is never found, and rjieba keeps it as it is; a deleted one it does not keep
    known = [each for each in words if BLOCK.fullmatch(each[0]) or not each[1]]
    added = sum(frequency - old.get(word, 0) for word, frequency, _ in known)
    whole = [word for word in {*tags, *STOCK} if jieba.FREQ[word] and _wins(jieba, word)]
    slack = jieba.total - sum(old.values()) - added
    return {"words": words, "total": jieba.total, "slack": slack, "whole": sorted(whole)}


def _wins(jieba: Any, word: str) -> bool:
    """Whether a word is cut out of a text rather than its characters, which may be frequent words themselves."""
    route: dict[int, tuple[float, int]] = {}
    jieba.calc(word, jieba.get_DAG(word), route)
    return bool(ASCII.fullmatch(word)) and route[0][1] == len(word) - 1
