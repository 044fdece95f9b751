"""What the runs say of each statement."""

from __future__ import annotations

import numpy as np

from workbench.api import Context, Evidence, Verdict, interval, judged, paired

from ..geometry import T

MARGINAL = 1.1
"""What we take “marginal” to mean: the article and the paper give no number."""


def overhead(evidence: Evidence, context: Context) -> Verdict:
    """The ratio of a step with three scores to one with a plain head: the median over a run's rounds, by seed."""
    medians = {
        arm: [float(np.median(trial.scalars("time/ratio")["value"])) for trial in evidence.trials(arm)]
        for arm in ("digits", "ring8")
    }
    ratios = {arm: interval(each) for arm, each in medians.items()}
    context.bars("ratios", [each.mean for each in ratios.values()], labels=list(ratios))
    text = T(
        "A step takes {digits} times as long on digits, {ring} times on the ring.",
        digits=f"{ratios['digits']:.3f}",
        ring=f"{ratios['ring8']:.3f}",
    )
    room = [interval([MARGINAL - ratio for ratio in each]) for each in medians.values()]
    return Verdict(judged(room), text, ratios)


def ring(evidence: Evidence, context: Context) -> Verdict:
    """Cascade minus plain head in `high_quality`, paired by seed, with and without R1; modes beside them."""
    gains = {
        "with R1": paired(evidence.metric("cascade", "high_quality"), evidence.metric("plain", "high_quality")),
        "without R1": paired(
            evidence.metric("cascade, no R1", "high_quality"), evidence.metric("plain, no R1", "high_quality")
        ),
    }
    arms = ("plain", "cascade", "plain, no R1", "cascade, no R1")
    for name in ("high_quality", "modes"):
        context.bars(name, [float(np.mean(evidence.metric(arm, name))) for arm in arms], labels=list(arms))
    text = T(
        "High quality changes by {with_r1} with R1 and by {without} without.",
        with_r1=f"{gains['with R1']:+.3f}",
        without=f"{gains['without R1']:+.3f}",
    )
    modes = {f"modes/{arm}": interval(evidence.metric(arm, "modes")) for arm in arms}
    return Verdict(judged(list(gains.values())), text, {**gains, **modes})
