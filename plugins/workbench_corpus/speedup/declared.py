"""The job that runs the article's experiment, and the article's statements put to the test."""

from __future__ import annotations

from typing import Any

from workbench.api import Arm, Experiment, Layer, Panel, Preset, Tool, domain

from .params import Speedup

GROWTH = tuple(
    Layer("lines", f"{which}_{k}", {"colour": k - 1, "dash": which == "small"})
    for k in range(1, 5)
    for which in ("growing", "small")
)
SPEEDUP = Tool(
    id="corpus-speedup",
    title="How fast words are counted",
    params=Speedup,
    run=".speedup.job:run",
    description="Counts the same words in one growing dict, in batches that are merged and with several processes, "
    "with a cheap tokenizer beside jieba.",
    panels=(
        Panel(
            "seconds",
            parts=(Layer("bars", "seconds"),),
            title="Seconds",
            help="Of one growing dict (naive), of batches of so many documents, of N processes: geometric means.",
            log="y",
        ),
        Panel(
            "batching",
            parts=(Layer("lines", "batching"),),
            title="Batches against one dict",
            help="How many times as fast, by documents in a batch; in processor seconds, with 95 % intervals.",
            log="x",
        ),
        Panel(
            "speedup",
            parts=(Layer("bars", "speedup"),),
            title="Processes against one dict",
            help="How many times as fast, by the number of processes; in seconds that pass.",
        ),
        Panel(
            "efficiency",
            parts=(Layer("bars", "efficiency"),),
            title="Efficiency",
            help="Speed-up against the same code with one process, divided by the number of processes.",
        ),
        Panel(
            "growth",
            parts=GROWTH,
            title="Nanoseconds of an update",
            help="By the words that the dict has; dashed, ∅: the same updates in a new dict.",
        ),
        Panel("ways", "table", "ways", title="All ways", help="Geometric means of all rounds with 95 % intervals."),
        Panel("rounds", parts=(Layer("scalars", "time"),), title="Every round"),
    ),
    layout="seconds | batching | growth / speedup | efficiency / ways, rounds",
    presets=(
        Preset(
            "drawn",
            "Jieba and pairs of characters",
            {},
            "Without files, text is drawn from jieba's dictionary. Batches do not beat one dict by much, if at all; "
            "with jieba the dict is a few hundredths of the time.",
        ),
        Preset(
            "large",
            "A dict that grows large",
            {"tokenizers": [{"kind": "chargrams", "n": 3}], "megabytes": 20},
            "Triples of characters: hardly any work to cut them, and millions of types. Watch the cost of an update.",
        ),
    ),
    result="ways",
    threads=1,
)

SOURCE = "Su 2019, archives/7031"
BOTH = {"tokenizers": ["jieba", {"kind": "chargrams", "n": 2}]}


def _once(**more: Any) -> tuple[Arm]:
    """One run, whose rounds are compared: runs beside each other would take each other's time."""
    return (Arm("rounds", "corpus-speedup", {**BOTH, "repeats": 5, **more}),)


BATCHING = Experiment(
    "corpus-batching",
    statement="Counting in batches that are merged is about 2.5 times as fast as one growing dict, in one process.",
    source=f"{SOURCE} (20 minutes against 8); that about 2.5 begins with 2 is ours",
    arms=_once(megabytes=10, workers=[], growth=False),
    verdict=".speedup.verdicts:batching",
    quick={"megabytes": 1, "repeats": 3, "batches": [10, 100, 1000]},
)

GROWING = Experiment(
    "corpus-growing-dict",
    statement="Looking words up becomes slower as the dict grows.",
    source=f"{SOURCE} (its explanation); that slower means by a tenth at least is ours",
    arms=_once(megabytes=10, workers=[], batches=[1000]),
    verdict=".speedup.verdicts:growing",
    quick={"megabytes": 2, "repeats": 3},
)

PROCESSES = Experiment(
    "corpus-ten-processes",
    statement="With 10 processes counting is more than 10 times as fast as with one growing dict.",
    source=f"{SOURCE} (55 seconds against 20 minutes)",
    arms=_once(megabytes=20, workers=[1, 0, 10], batches=[], growth=False),
    verdict=".speedup.verdicts:processes",
    quick={"megabytes": 2, "workers": [1, 0]},
)

EXPERIMENTS = (BATCHING, GROWING, PROCESSES)

T = domain("workbench_corpus")
COLUMNS = (
    T("tokenizer"), T("way"), T("naive"), T("seconds"), T("cpu seconds"), T("MB/s"), T("speed-up"), T("efficiency"),
    T("later"), T("against_small"), T("slowdown"),
)  # fmt: skip
"""Names of columns, of ways and of measures, which tables and plots show in the reader's language."""
