"""A corpus counted, headless: speed against the article's ways and the bare segmenter, price of options, memory.

    python -m tests.benchmarks.corpus [--json] [--corpus FILE] [--megabytes N]

FILE: UTF-8, a document a line; without it the news of WORKBENCH_TEST_DATA, else sentences drawn from jieba's
dictionary. `cpu` is processor time of the job and its children, their start included; where other programs run beside,
it is the figure to trust. Modules are compiled once, as an installation has them. Goals: ratio_naive >= 15,
share_of_bare >= .65 (words alone, one worker; what an empty count costs, `start_cpu_s`, is taken off there),
speedup_2_workers >= 1.5 and cpu_2_to_1 within 15 % (nothing else running), worker_mb < 200, first_numbers_s < 1.5,
updates_per_s about 10, pause_s and cancel_s < .5.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from workbench_corpus.speedup.text import drawn

from tests.benchmarks.segmenters import processor
from workbench.events import Event
from workbench.testing.home import at_home, desk_here
from workbench.testing.running import Runner

WORDS_ALONE = {"document_counts": False}
OPTIONS: dict[str, dict[str, Any]] = {
    "documents": {"document_counts": True},
    "small_letters": {**WORDS_ALONE, "words": {"case": True}},
    "index": {"index": True},
    "dispersion": {"dispersion": "slices"},
    "pairs": {"ngrams": 2},
    "no_hmm": {**WORDS_ALONE, "hmm": False},
}
JIEBA_MB, OPTIONS_MB, ROUNDS = 5.0, 20.0, 4
"""jieba gets as much as takes it about as long as the count takes for all: a short run meets quicker moments."""
LONG_MB = 300.0
"""Of a count that is not over before it has been paused."""
Figures = dict[str, float]


def corpus(folder: Path, megabytes: float, given: Path | None) -> Path:
    """A file of so many MB, made by repetition where there is less."""
    text, path = _text(given), folder / f"{megabytes:g}MB.txt"
    with path.open("wb") as file:
        for _ in range(int(megabytes * 1e6 / len(text))):
            file.write(text)
        file.write(text[: int(megabytes * 1e6) % len(text)].rpartition(b"\n")[0] + b"\n")
    return path


def _text(given: Path | None) -> bytes:
    news = Path(os.environ.get("WORKBENCH_TEST_DATA", "-")) / "text" / "cctv-news.txt.xz"
    if given:
        return given.read_bytes()
    return lzma.decompress(news.read_bytes()) if news.exists() else _drawn()


def _drawn() -> bytes:
    """20 MB of words as frequent as in jieba's dictionary, in documents of some hundred."""
    return "\n".join(islice(drawn(0), 7500)).encode()


def contestant(way: str, path: Path) -> dict[str, float]:
    """Seconds, wall and processor, of a way of `segmenters`."""
    command = [sys.executable, "-m", "tests.benchmarks.segmenters", way, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def counted(runner: Runner, path: Path, **values: Any) -> dict[str, float]:
    """Seconds, wall and processor, of a whole count, and the largest process of it in MB: worker and children."""
    spec = runner.spec("corpus-count", {"paths": [str(path)], **values})
    with watched() as peaks:
        wall, cpu = time.perf_counter(), processor(resource.RUSAGE_CHILDREN)
        ran = runner.finish(spec)
        wall, cpu = time.perf_counter() - wall, processor(resource.RUSAGE_CHILDREN) - cpu
    assert ran.state == "done", ran.said
    ran.close()
    return {"wall": wall, "cpu": cpu, "job_mb": peaks[0], "worker_mb": peaks[1]}


@contextmanager
def watched() -> Iterator[list[float]]:
    """The most MB of the job's process and of the largest of its children, as they are."""
    peaks, ended = [0.0, 0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.2):  # finding children costs a look at all processes
            for depth, each in _below(psutil.Process()):
                peaks[depth] = max(peaks[depth], each)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def _below(process: psutil.Process) -> Iterator[tuple[int, float]]:
    try:
        for child in process.children():
            yield 0, child.memory_info().rss / 1e6
            for grandchild in child.children():
                yield 1, grandchild.memory_info().rss / 1e6
    except psutil.Error:
        return  # it has ended meanwhile


def answers(runner: Runner, path: Path) -> Figures:
    """Seconds until the first numbers, updates a second, and how soon a pause and a cancel are answered."""
    spec = runner.spec("corpus-count", {"paths": [str(path)]})
    job, seen, states = runner.job(spec), list[float](), dict[str, float]()
    job.listen("words", lambda event: seen.append(time.perf_counter()) if _rows(event) else None)
    job.listen("state", lambda event: states.update({event.data["state"]: time.perf_counter()}))
    job.watch({"*": 30})  # as a window does
    begun = time.perf_counter()
    thread = threading.Thread(target=job.supervise)
    thread.start()
    _wait(lambda: seen)
    time.sleep(2.0)
    paused = _until(states, "paused", job.pause)
    cancelled = _until(states, "cancelled", lambda: job.stop(save=False))
    thread.join()
    rate = sum(each <= seen[0] + 2 for each in seen[1:]) / 2
    return {"first_numbers_s": seen[0] - begun, "updates_per_s": rate, "pause_s": paused, "cancel_s": cancelled}


def _rows(event: Event) -> bool:
    return bool(event.data.get("rows"))


def _until(states: dict[str, float], state: str, ask: Callable[[], object]) -> float:
    asked = time.perf_counter()
    ask()
    _wait(lambda: state in states)
    return states[state] - asked


def _wait(happened: Callable[[], object]) -> None:
    begun = time.perf_counter()
    while not happened():
        assert time.perf_counter() - begun < 30, "it did not happen"
        time.sleep(0.002)


def measure(megabytes: float, given: Path | None) -> Figures:
    """All figures."""
    with tempfile.TemporaryDirectory() as name, at_home(Path(name)):
        folder = Path(name)
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        path = corpus(folder, megabytes, given)
        small, part = corpus(folder, JIEBA_MB, path), corpus(folder, OPTIONS_MB, path)
        runner = Runner(desk_here())
        figures = speeds(runner, path, small)
        figures |= prices(runner, part, figures["start_cpu_s"])
        figures |= answers(runner, corpus(folder, LONG_MB, path))
        runner.close()
    return figures | ratios(figures)


def speeds(runner: Runner, path: Path, small: Path) -> Figures:
    """MB a second of the article's ways, of the bare segmenter and of the count, words alone."""
    empty = small.with_name("line.txt")
    empty.write_text("这一行里只有几个字\n", "utf-8")  # read as all the rest is
    ways: dict[str, tuple[Path, Callable[[], dict[str, float]]]] = {
        "naive": (small, lambda: contestant("naive", small)),
        "pool": (small, lambda: contestant("pool", small)),
        "parallel": (small, lambda: contestant("parallel", small)),
        "bare": (path, lambda: contestant("bare", path)),
        "start": (empty, lambda: counted(runner, empty, workers=1, **WORDS_ALONE)),
        "count": (path, lambda: counted(runner, path, workers=1, **WORDS_ALONE)),
        "count_2": (path, lambda: counted(runner, path, workers=2, **WORDS_ALONE)),
    }
    best = _best({name: run for name, (_, run) in ways.items()})
    figures = {"megabytes": path.stat().st_size / 1e6}
    for name, (file, _) in ways.items():
        size = file.stat().st_size / 1e6
        figures |= {f"{name}_mb_per_s": size / best[name]["wall"], f"{name}_mb_per_cpu_s": size / best[name]["cpu"]}
    figures |= {"start_s": best["start"]["wall"], "start_cpu_s": best["start"]["cpu"]}
    for name in ("worker_mb", "job_mb"):
        figures[name] = max(best["count"][name], best["count_2"][name])
    return figures


def _best(ways: dict[str, Callable[[], dict[str, float]]]) -> dict[str, dict[str, float]]:
    """The least seconds of each way over rounds in which they take turns; the most memory."""
    rounds = [{name: run() for name, run in ways.items()} for _ in range(ROUNDS)]
    chosen = {"wall": min, "cpu": min, "worker_mb": max, "job_mb": max}
    return {
        name: {key: chosen[key](each[name][key] for each in rounds) for key in rounds[0][name]} for name in ways
    }  # fmt: skip


def ratios(figures: Figures) -> Figures:
    """What the goals name."""
    size = figures["megabytes"]
    cpu = size / figures["count_mb_per_cpu_s"] - figures["start_cpu_s"]
    wall = size / figures["count_mb_per_s"] - figures["start_s"]
    return {
        "ratio_naive": figures["count_mb_per_cpu_s"] / figures["naive_mb_per_cpu_s"],
        "ratio_naive_wall": figures["count_mb_per_s"] / figures["naive_mb_per_s"],
        "ratio_parallel_wall": figures["count_2_mb_per_s"] / figures["parallel_mb_per_s"],
        "ratio_pool_wall": figures["count_2_mb_per_s"] / figures["pool_mb_per_s"],
        "share_of_bare": size / cpu / figures["bare_mb_per_cpu_s"],
        "share_of_bare_wall": size / wall / figures["bare_mb_per_s"],
        "share_of_bare_with_start": figures["count_mb_per_cpu_s"] / figures["bare_mb_per_cpu_s"],
        "speedup_2_workers": figures["count_2_mb_per_s"] / figures["count_mb_per_s"],
        "cpu_2_to_1": figures["count_mb_per_cpu_s"] / figures["count_2_mb_per_cpu_s"],
    }


def prices(runner: Runner, path: Path, start: float) -> Figures:
    """What each option costs beside words alone, as a share of their processor time; memory of the job."""
    plain = counted(runner, path, workers=1, **WORDS_ALONE)["cpu"] - start
    figures: Figures = {}
    for name, values in OPTIONS.items():
        found = counted(runner, path, workers=1, **values)
        figures |= {f"price_of_{name}": (found["cpu"] - start) / plain - 1, f"job_mb_{name}": found["job_mb"]}
        figures[f"worker_mb_{name}"] = found["worker_mb"]
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--megabytes", type=float, default=100.0)
    options = parser.parse_args()
    figures = {name: float(f"{value:.4g}") for name, value in measure(options.megabytes, options.corpus).items()}
    lines = [json.dumps(figures)] if options.json else [f"{name:<32} {value:>12g}" for name, value in figures.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
