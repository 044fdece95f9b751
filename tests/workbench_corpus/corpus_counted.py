"""What plain Python makes of texts, and what a run of a count left."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import jieba

from workbench.testing.running import Ran

Rows = list[tuple[Any, ...]]
NASTY = (
    "他来到了网易杭研大厦。apt-get install github.com F-35 C++ AT&T 3.14% 2022-2035\r\n"
    "𠀀𠀁㐀㐁龦鿰豈！😀👨‍👩‍👧 Ｔ恤ＡＢＣ１２３　全角。\n\n   \t台灣繁體中文字 カタカナ 한국어 e=mc² naïve café\n"
    "THE the tHe --- ... 1,000.50 工信处女干事每月经过下属科室\n小明硕士毕业于中国科学院计算所\n"
)
"""Where tokenizers differ: ASCII runs, rare ideographs, emoji, both line ends, full-width forms."""


def jieba_counts(text: str, hmm: bool = True) -> Counter[str]:
    """What jieba 0.42.1 counts: the oracle."""
    return Counter(jieba.lcut(text, HMM=hmm))


def ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """By count, then code point."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def queried(sql: str) -> Rows:
    """What DuckDB answers."""
    found = duckdb.sql(sql)
    assert found is not None
    return found.fetchall()


def table(ran: Ran, stream: str = "words", columns: str = "*") -> Rows:
    """The rows of a table that a run left as a file."""
    frame = ran.reader.frame(stream)
    assert frame is not None
    return queried(f"SELECT {columns} FROM read_parquet('{ran.folder / frame.data['path']}')")
