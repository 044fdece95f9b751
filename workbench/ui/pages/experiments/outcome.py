"""How outcomes are said and coloured, and when a verdict was reached."""

from __future__ import annotations

import math
import time

from workbench.statistics import Interval
from workbench.texts import T, Text
from workbench.ui.themes import Colours

NEVER = ""
OUTCOMES = {
    NEVER: T("never run here"), "running": T("running"), "held": T("held"), "did not hold": T("did not hold"),
    "inconclusive": T("inconclusive"), "failed": T("failed"),
}  # fmt: skip


def colour(outcome: str, colours: Colours) -> str:
    """Of the mark beside an outcome."""
    found = {"held": colours.good, "did not hold": colours.bad, "failed": colours.bad, "running": colours.accent}
    return found.get(outcome, colours.quiet)


def when(created: float) -> str:
    """Day and minute."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(created))


def size(quick: bool) -> Text:
    """Which runs a verdict rests on."""
    return T("quick") if quick else T("full")


def written(number: Interval | float) -> tuple[str, str, str]:
    """A number of a verdict: its mean, its 95 % interval, over how many values."""
    if not isinstance(number, Interval):
        return f"{number:.4g}", "", ""
    bounded = math.isfinite(number.low) and math.isfinite(number.high)
    between = f"{number.low:.4g} … {number.high:.4g}" if bounded else "−∞ … ∞"
    return f"{number.mean:.4g}", between, str(number.n)
