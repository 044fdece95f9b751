"""Divergence is noticed at the same step, whoever looks when, and as a plain reading of the rule says."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from workbench.jobs.guard import FACTOR, FIRST, PATIENCE, WINDOW, Guard
from workbench.runs.bundles import Report, bundle

USUAL = st.floats(0.5, 2.0)
ODD = st.sampled_from([1e4, -1e4, 1e300, math.nan, math.inf, -math.inf])
CALM = st.lists(USUAL, max_size=4 * WINDOW)
STORM = st.lists(st.one_of(USUAL, ODD, st.just(5e3)), max_size=3 * PATIENCE)
CUTS = st.lists(st.integers(1, 90), max_size=30)


def rule(values: Sequence[float]) -> tuple[int, int] | None:
    """(The step at which one scalar's values are known to have diverged, since when); steps are counted from 1."""
    taken: list[float] = []
    limit, looks, since, streak = math.inf, FIRST, 0, 0
    for step, value in enumerate(values, 1):
        if math.isfinite(value) and abs(value) <= limit:
            streak = 0
            taken.append(value)
            if len(taken) == looks:
                looks += min(len(taken), WINDOW)
                limit = FACTOR * statistics.median(map(abs, taken[-WINDOW:]))
            continue
        since, streak = (since if streak else step), streak + 1
        if not math.isfinite(value) or streak >= PATIENCE:
            return step, since
    return None


def seen(columns: Mapping[str, Sequence[float]], cuts: Sequence[int]) -> tuple[str, int] | None:
    """What the guard finds that looks after so many steps, again and again; a scalar that ended is reported no more."""
    waiting: list[Report] = []
    guard, waits = Guard(), iter([*cuts, *[37] * 1000])
    steps, next_look = max(map(len, columns.values())), next(waits)
    for step in range(steps):
        waiting.append((step + 1, 0.0, {name: c[step] for name, c in columns.items() if step < len(c)}))
        if step % 7 == 0 or step == steps - 1:  # packed at other times than looked at
            guard.bundles.append(bundle(waiting))
            waiting = []
        if step == next_look or step == steps - 1:
            guard.look()
            next_look = step + next(waits)
    return guard.found


@given(CALM, STORM, CUTS)
def test_it_is_found_as_the_rule_says_whenever_it_is_looked(
    calm: list[float], storm: list[float], cuts: list[int]
) -> None:
    values = [*calm, *storm, *calm[:30]] or [1.0]
    expected = rule(values)
    assert seen({"loss": values}, cuts) == (expected and ("loss", expected[1]))


@given(CALM, CALM, STORM, CUTS)
def test_of_several_scalars_each_goes_by_itself(
    one: list[float], other: list[float], storm: list[float], cuts: list[int]
) -> None:
    expected = rule([1.0, *one, *storm])
    columns = {"a": [1.0, *one, *storm], "b": [1.0, *other], "time/step": [math.nan] * len(storm)}
    assert seen(columns, cuts) == (expected and ("a", expected[1]))


@given(st.integers(0, 99), st.integers(0, 99), CUTS)
def test_the_one_that_diverged_first_is_named(a: int, b: int, cuts: list[int]) -> None:
    columns = {name: [1.0] * at + [math.nan] + [1.0] * (99 - at) for name, at in (("a", a), ("b", b))}
    assert seen(columns, [100]) == (("a", a + 1) if a <= b else ("b", b + 1))
    found = seen(columns, cuts)
    assert found is not None
    assert found[1] == min(a, b) + 1
