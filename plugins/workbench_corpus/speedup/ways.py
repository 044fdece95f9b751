"""The ways of counting that the article compares, over documents that lie in a file, one a line.

All ways run the same loop, so that what differs is only whose dict it fills.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

Cut = Callable[[str], Iterable[str]]
Counts = dict[str, int]


@dataclass(frozen=True)
class Spent:
    """Seconds that passed, and of a processor: of all processes, if there were several."""

    wall: float
    cpu: float


def documents(path: Path, start: int = 0, end: int = -1) -> Iterator[str]:
    """The documents from byte `start` up to byte `end` (-1: the file's end), which lie between lines."""
    with path.open("rb") as file:
        file.seek(start)
        while end < 0 or file.tell() < end:
            line = file.readline()
            if not line:
                return
            yield line.decode().rstrip("\n")


def count(texts: Iterable[str], cut: Cut, into: Counts) -> None:
    """The article's loop: every word of every text is looked up in one dict and put back, one higher."""
    for text in texts:
        for word in cut(text):
            into[word] = into.get(word, 0) + 1


def merge(counts: Counts, into: Counts) -> None:
    """Adds the counts of a batch."""
    for word, n in counts.items():
        into[word] = into.get(word, 0) + n


def naive(texts: Iterable[str], cut: Cut, heed: Callable[[], None]) -> Counts:
    """One dict that grows. heed: called every hundred documents, as in all ways, so that a person can cancel."""
    found: Counts = {}
    for batch in batches(texts, 100):
        heed()
        count(batch, cut, found)
    return found


def batched(texts: Iterable[str], cut: Cut, size: int, heed: Callable[[], None]) -> Counts:
    """A new dict for every `size` documents, merged into the growing one."""
    found: Counts = {}
    for batch in batches(texts, size):
        small: Counts = {}
        for part in batches(batch, 100):
            heed()
            count(part, cut, small)
        merge(small, found)
    return found


def batches(texts: Iterable[str], size: int) -> Iterator[Iterator[str]]:
    """The documents in groups of `size`, read as they are asked for: a group is used up before the next begins."""
    left = iter(texts)
    for first in left:
        yield _with(first, islice(left, size - 1))


def _with(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def timed(work: Callable[[], Counts]) -> tuple[Spent, Counts]:
    """What `work` counted in this process, and what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu), found
