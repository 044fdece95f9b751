"""The text that is counted: a person's own, as much as is asked for, or one drawn from jieba's dictionary.

It is laid down once, a document a line, so that all ways of counting read the same bytes in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from pathlib import Path

import numpy as np

from ..tokens.lattice.stock import stock

WORDS = 520
"""Words of a drawn document: as many as a story has in THUCNews, which the article counts."""
_SENTENCE = 12
_MEGA = 1_000_000


def lay_down(texts: Iterable[str], path: Path, megabytes: float, heed: Callable[[], None]) -> int:
    """Writes documents until there are so many megabytes of UTF-8 text, and how many it wrote."""
    written, count = 0, 0
    with path.open("wb") as file:
        for text in texts:
            heed()
            line = " ".join(text.replace("\x00", " ").split())
            if line:
                written += file.write(line.encode() + b"\n")
                count += 1
            if written >= megabytes * _MEGA:
                break
    return count


def repeated(read: Callable[[], Iterable[str]]) -> Iterator[str]:
    """The documents again and again, unless there are none."""
    for _ in cycle([0]):
        some = False
        for text in read():
            some = some or bool(text.strip())
            yield text
        if not some:
            return


def drawn(seed: int) -> Iterator[str]:
    """Documents without end: words of jieba's dictionary, drawn by the frequencies that stand there."""
    words, shares = dictionary()
    rng = np.random.default_rng(seed)
    while True:
        chosen = [words[k] for k in rng.choice(len(words), WORDS, p=shares)]
        sentences = ("".join(chosen[k : k + _SENTENCE]) for k in range(0, WORDS, _SENTENCE))
        yield "。".join(sentences) + "。"


def dictionary() -> tuple[list[str], np.ndarray]:
    """jieba's words, and the share of each."""
    rows = [line.split(" ") for line in stock().splitlines()]
    counts = np.array([int(row[1]) for row in rows], float)
    return [row[0] for row in rows], counts / counts.sum()
