"""What the rounds of a run say of the article's statements."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.api import Context, Evidence, Interval, Outcome, Verdict, domain

from .job import processors
from .show import geometric, number, said

T = domain("workbench_corpus")
ARM = "rounds"
TOKENIZERS = ("jieba", "chargrams")
ABOUT = 2.0
"""What we let “about 2.5” begin with."""
SLOWER = 1.1
"""What we take “slower” to mean: the article gives no number."""
FREE = 0.9
"""The share of a processor that a process gets on a machine that has little else to do."""


def batching(evidence: Evidence, context: Context) -> Verdict:
    """The best batch's speed-up in processor seconds, with jieba and with pairs of characters."""
    ways = sorted(_ways(evidence, "batch_"), key=number)
    found = {name: [_over_rounds(evidence, f"{name}/{way}/speedup") for way in ways] for name in TOKENIZERS}
    mean, low, high = ([[getattr(i, what) for i in of] for of in found.values()] for what in ("mean", "low", "high"))
    context.lines("batching", [number(way) for way in ways], mean, low, high, labels=list(TOKENIZERS))
    best = {name: max(of, key=lambda each: each.mean) for name, of in found.items()}
    text = T(
        "The best batches are {jieba} times as fast as one dict with jieba, {pairs} with pairs of characters.",
        jieba=said(best["jieba"]),
        pairs=said(best["chargrams"]),
    )
    return Verdict(_reached(list(best.values()), ABOUT), text, best)


def growing(evidence: Evidence, context: Context) -> Verdict:
    """What an update costs in a corpus' last quarter against its first: the larger dict decides. And what that does to
    the count, beside what batches gain: merging them meets the large dict as well."""
    measures = ("later", "against_small", "slowdown")
    found = {name: {what: _over_rounds(evidence, f"{name}/update/{what}") for what in measures} for name in TOKENIZERS}
    batches = {name: _over_rounds(evidence, f"{name}/batch_1000/speedup") for name in TOKENIZERS}
    types = {name: evidence.metric(ARM, f"types/{name}")[0] for name in TOKENIZERS}
    heights = [[each.mean for each in found[name].values()] for name in TOKENIZERS]
    context.bars("update", heights, labels=list(measures), names=list(TOKENIZERS))
    larger = max(TOKENIZERS, key=lambda name: types[name])
    text = T(
        "In a dict of {types} words an update costs {later} times as much as at the beginning. Had the dict stayed "
        "small, counting would be {pairs} times as fast with pairs of characters and {jieba} times with jieba; batches "
        "of 1000 documents that are merged are {pairs_batched} and {jieba_batched} times as fast.",
        types=f"{types[larger]:,.0f}",
        later=said(found[larger]["later"]),
        pairs=said(found["chargrams"]["slowdown"]),
        jieba=said(found["jieba"]["slowdown"]),
        pairs_batched=said(batches["chargrams"]),
        jieba_batched=said(batches["jieba"]),
    )
    numbers = {f"{name}/{what}": each for name in TOKENIZERS for what, each in found[name].items()}
    return Verdict(_reached([found[larger]["later"]], SLOWER), text, numbers)


def processes(evidence: Evidence, context: Context) -> Verdict:
    """N processes against one dict and against the same code with one process, N = 10 or as many as there are
    processors, or what was measured of more. With fewer than ten processors the statement can fail here, but not hold;
    on a machine that had much else to do nothing can be told."""
    least = min(10, processors())
    n = min((n for n in map(number, _ways(evidence, "processes_")) if n >= least), default=least)
    faster = {name: _over_rounds(evidence, f"{name}/processes_{n}/speedup") for name in TOKENIZERS}
    share = {name: _over_rounds(evidence, f"{name}/processes_{n}/efficiency") for name in TOKENIZERS}
    given = _over_rounds(evidence, "jieba/naive/given")
    heights = [[faster[name].mean, n * share[name].mean] for name in TOKENIZERS]
    context.bars("speedup", heights, labels=["naive", "N = 1"], names=list(TOKENIZERS))
    text = T(
        "{n} processes on {processors} processors are {jieba} times as fast as one dict with jieba, {pairs} times with "
        "pairs of characters; against the same code with one process their efficiency is {jieba_share} and "
        "{pairs_share}. The machine gave a single process {given} of a processor.",
        n=n,
        processors=processors(),
        jieba=said(faster["jieba"]),
        pairs=said(faster["chargrams"]),
        jieba_share=said(share["jieba"]),
        pairs_share=said(share["chargrams"]),
        given=said(given),
    )
    numbers = {f"{name}/{what}": of[name] for what, of in (("speedup", faster), ("efficiency", share)) for name in of}
    outcome = _reached(list(faster.values()), n)
    if given.mean < FREE or (outcome == "held" and n < 10):
        outcome = "inconclusive"
    return Verdict(outcome, text, {**numbers, "given": given})


def _ways(evidence: Evidence, kind: str) -> set[str]:
    """The ways of this kind that were measured, e.g. batch_10."""
    names = [name.split("/") for trial in evidence.trials(ARM) for name in trial.metrics]
    return {each[2] for each in names if len(each) == 4 and each[2].startswith(kind)}


def _over_rounds(evidence: Evidence, name: str) -> Interval:
    """A ratio over the rounds of the run. Raises UserError where the run lacks it or did not finish."""
    evidence.metric(ARM, f"time/{name}")
    return geometric(evidence.trials(ARM)[0].scalars(f"time/{name}")["value"].tolist())


def _reached(values: Sequence[Interval], bound: float) -> Outcome:
    """Whether one of them at least lies above the bound for certain, or all below it."""
    if any(each.low >= bound for each in values):
        return "held"
    return "did not hold" if all(each.high < bound for each in values) else "inconclusive"
