"""The ways of counting a corpus that the count is measured against, each run as a program of its own.

    python -m tests.benchmarks.segmenters naive|pool|parallel|bare FILE

naive: the loop of the article (archives/7031) with jieba. pool: its batches of 1000 texts over 2 processes, merged.
parallel: jieba.enable_parallel(2) over the whole text. bare: rjieba alone, in blocks of 256 KB, nothing counted.
Prints one JSON object: seconds of wall time and of processor time (of all processes), the dictionary's loading apart.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

warnings.simplefilter("ignore")
import jieba  # noqa: E402
import rjieba  # noqa: E402

BATCH = 1000
BLOCK = 1 << 18


def naive(path: Path) -> int:
    """One growing dictionary."""
    counts: dict[str, int] = {}
    for text in path.open(encoding="utf-8", newline=""):
        for word in jieba.cut(text):
            counts[word] = counts.get(word, 0) + 1
    return len(counts)


def pool(path: Path) -> int:
    """Batches of texts, pickled into processes that count them; then merged."""
    whole: Counter[str] = Counter()
    with multiprocessing.get_context("fork").Pool(2) as workers:
        for counts in workers.imap_unordered(_batch, _batches(path)):
            whole.update(counts)
    return len(whole)


def parallel(path: Path) -> int:
    """jieba's own processes."""
    jieba.enable_parallel(2)
    workers = jieba.pool
    counts = Counter(jieba.cut(path.read_text("utf-8")))
    jieba.disable_parallel()
    workers.join()  # so that their time is known
    return len(counts)


def bare(path: Path) -> int:
    """The segmenter, and no count."""
    cut, tokens = rjieba.Jieba().cut, 0
    with path.open("rb") as file:
        for block in iter(lambda: file.readlines(BLOCK), []):
            tokens += len(cut(b"".join(block).decode(), True))
    return tokens


def _batches(path: Path) -> Iterator[list[str]]:
    texts = path.read_text("utf-8").splitlines(keepends=True)
    yield from (texts[at : at + BATCH] for at in range(0, len(texts), BATCH))


def _batch(texts: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        for word in jieba.cut(text):
            counts[word] += 1
    return counts


def processor(*whose: int) -> float:
    """Seconds of processor time, by default of this process and of its children that have ended."""
    used = map(resource.getrusage, whose or (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    ways: dict[str, Callable[[Path], int]] = {each.__name__: each for each in (naive, pool, parallel, bare)}
    way, path = ways[sys.argv[1]], Path(sys.argv[2])
    if way is not bare:
        jieba.setLogLevel("ERROR")
        jieba.initialize()
    else:
        rjieba.Jieba().cut("词", True)
    wall, cpu = time.perf_counter(), processor()
    way(path)
    found = {"wall": time.perf_counter() - wall, "cpu": processor() - cpu}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
