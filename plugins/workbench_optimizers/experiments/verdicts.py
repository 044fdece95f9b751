"""What the runs say of each statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.api import Context, Evidence, Interval, Outcome, Verdict, interval, judged, paired

from ..texts import T
from . import LARGE

SAME = 1e-3
"""A relative difference below which two losses count as the same: rounding, grown over the steps."""
APART = 1e-4
"""The share of the way gone by which two orders must part to count as different; equal ones part by rounding alone."""


def decoupled(evidence: Evidence, context: Context) -> Verdict:
    """The relative difference of the norm of all weights, decay to penalty, of either base."""
    found = {base: _relative(evidence, f"{base}, decay", f"{base}, L2", "norm/chain") for base in ("SGD", "Adam")}
    context.bars("differences", [abs(each.mean) for each in found.values()], labels=list(found))
    text = T(
        "The norm of the weights differs by {sgd} under SGD and by {adam} under Adam.",
        sgd=_percent(found["SGD"]),
        adam=_percent(found["Adam"]),
    )
    losses = {
        f"loss/{base}": _relative(evidence, f"{base}, decay", f"{base}, L2", "loss/chain") for base in ("SGD", "Adam")
    }
    equal, differs = _within(found["SGD"], SAME), min(abs(found["Adam"].low), abs(found["Adam"].high)) > SAME
    differs = differs and found["Adam"].low * found["Adam"].high > 0
    outcome: Outcome = "held" if equal and differs else ("inconclusive" if equal else "did not hold")
    return Verdict(outcome, text, {**found, **losses})


def adaptation(evidence: Evidence, context: Context) -> Verdict:
    """How much lower the held-out loss ends with adaptation, paired by seed, either side at its best rate."""
    gains: dict[str, Interval] = {}
    numbers: dict[str, float] = {}
    for n in LARGE:
        plain, adapted = (_at_best(evidence, f"{name}, {n}") for name in ("plain", "adapted"))
        gains[f"batch {n}"] = paired(plain[1], adapted[1])
        numbers |= {f"rate/plain {n}": plain[0], f"rate/adapted {n}": adapted[0]}
    context.bars("gains", [each.mean for each in gains.values()], labels=list(gains))
    text = T(
        "Adaptation lowers the loss by {small} at a batch of {a} and by {large} at {b}.",
        small=f"{gains[f'batch {LARGE[0]}']:+.4f}",
        large=f"{gains[f'batch {LARGE[1]}']:+.4f}",
        a=LARGE[0],
        b=LARGE[1],
    )
    return Verdict(judged(list(gains.values())), text, {**gains, **numbers})


def warm_up(evidence: Evidence, context: Context) -> Verdict:
    """How much lower the held-out loss ends."""
    gain = paired(evidence.metric("at once", "loss/chain"), evidence.metric("warm-up", "loss/chain"))
    _curves(evidence, context, ("at once", "warm-up"), "loss/chain")
    return Verdict(judged([gain]), T("Warm-up lowers the loss by {gain}.", gain=f"{gain:+.4f}"), {"gain": gain})


def accumulation(evidence: Evidence, context: Context) -> Verdict:
    """The relative difference of the held-out loss."""
    found = {base: _relative(evidence, f"{base}, 4 × 32", f"{base}, 128", "loss/chain") for base in ("SGD", "Adam")}
    context.bars("differences", [abs(each.mean) for each in found.values()], labels=list(found))
    text = T(
        "The loss differs by {sgd} under SGD and by {adam} under Adam.",
        sgd=_percent(found["SGD"]),
        adam=_percent(found["Adam"]),
    )
    same = all(_within(each, SAME) for each in found.values())
    return Verdict("held" if same else "did not hold", text, found)


def lookahead(evidence: Evidence, context: Context) -> Verdict:
    """How far the held-out loss moves from test to test in the second half, and where it ends."""
    arms = ("fast alone", "lookahead")
    moves = {arm: [_restless(trial.scalars("loss/chain")["value"]) for trial in evidence.trials(arm)] for arm in arms}
    _curves(evidence, context, arms, "loss/chain")
    calmer = paired(moves["fast alone"], moves["lookahead"])
    lower = paired(evidence.metric("fast alone", "loss/chain"), evidence.metric("lookahead", "loss/chain"))
    text = T(
        "From test to test the loss moves by {calmer} less with lookahead; at the end it is lower by {lower}.",
        calmer=f"{calmer:+.4f}",
        lower=f"{lower:+.4f}",
    )
    return Verdict(judged([calmer]), text, {"calmer": calmer, "lower": lower, **_means(moves)})


def lazy(evidence: Evidence, context: Context) -> Verdict:
    """How much lower the loss on digits with rare words ends, in the mode of the article and in the other."""
    arms = ("plain", "lazy, weights", "lazy, with state")
    rare = {arm: evidence.metric(arm, "rare/chain") for arm in arms}
    _curves(evidence, context, arms, "rare/chain")
    weights, state = (paired(rare["plain"], rare[arm]) for arm in arms[1:])
    text = T(
        "Where words are rare, lazy lowers the loss by {weights}; where the memory rests too, by {state}.",
        weights=f"{weights:+.4f}",
        state=f"{state:+.4f}",
    )
    return Verdict(judged([weights]), text, {"weights": weights, "with state": state, **_means(rare)})


def order(evidence: Evidence, context: Context) -> Verdict:
    """How far apart two orders end, as a share of the way gone, of pairs that are marked and of those that are not."""
    names = sorted(evidence.trials("pairs")[0].metrics)
    found = {name: interval(evidence.metric("pairs", name)) for name in names if name.startswith(("marked/", "free/"))}
    marked = {name: each for name, each in found.items() if name.startswith("marked/")}
    free = {name: each for name, each in found.items() if name not in marked}
    context.bars("apart", [each.mean for each in found.values()], labels=[name.split("/")[1] for name in found])
    text = T(
        "Marked pairs end at least {least} of the way apart, all others at most {most}.",
        least=f"{min(each.mean for each in marked.values()):.2g}",
        most=f"{max(each.mean for each in free.values()):.2g}",
    )
    least, most = min(marked.values(), key=lambda each: each.low), max(free.values(), key=lambda each: each.high)
    held = least.low > APART and most.high < APART
    unclear = least.high > APART > least.low or most.high > APART > most.low
    return Verdict("held" if held else ("inconclusive" if unclear else "did not hold"), text, found)


# --------------------------------------------------------------------------------- what they share


def _relative(evidence: Evidence, a: str, b: str, metric: str) -> Interval:
    """a / b − 1, paired by seed."""
    pairs = zip(evidence.metric(a, metric), evidence.metric(b, metric), strict=True)
    return interval([x / y - 1 for x, y in pairs])


def _at_best(evidence: Evidence, arm: str) -> tuple[float, list[float]]:
    """The rate with the lowest mean loss, and its losses by seed."""
    by_rate: dict[float, dict[int, float]] = {}
    for trial in evidence.trials(arm):
        rate = float(trial.params["optimizer"]["base"]["lr"])
        by_rate.setdefault(rate, {})[int(trial.params["seed"])] = trial.metrics["loss/chain"]
    best = min(by_rate, key=lambda rate: float(np.mean(list(by_rate[rate].values()))))
    return best, [loss for _, loss in sorted(by_rate[best].items())]


def _curves(evidence: Evidence, context: Context, arms: Sequence[str], metric: str) -> None:
    """The mean curve of each arm, with what lies between its lowest and highest run."""
    found = [[trial.scalars(metric) for trial in evidence.trials(arm)] for arm in arms]
    values = np.array([[each["value"] for each in curves] for curves in found])
    context.lines("curves", found[0][0]["step"], values.mean(1), values.min(1), values.max(1), labels=list(arms))


def _restless(values: Sequence[float]) -> float:
    half = np.asarray(values)[len(values) // 2 :]
    return float(np.abs(np.diff(half)).mean())


def _means(values: Mapping[str, Sequence[float]]) -> dict[str, Interval]:
    return {f"mean/{name}": interval(each) for name, each in values.items()}


def _within(value: Interval, bound: float) -> bool:
    return -bound < value.low and value.high < bound


def _percent(value: Interval) -> str:
    return f"{100 * value.mean:.3g} % ({100 * value.low:.3g} … {100 * value.high:.3g})"
