"""Curves by columns of pixels, as the axes lie: drawing a long one costs what its width costs.

Logarithms take long: of what is on a log axis columns are found in the data's own terms, without what has no logarithm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.ui.panels.plot.view import Floats, View

RAW = 4
"""Points per pixel column up to which a curve is drawn as it is."""
THIN = 1.5
"""Pixels per column of the envelope: finer is not seen, and costs in proportion."""
_SPAN = 1000
"""Smoothing is a share of the visible width, told in this many parts: what a person sets is what they see."""


def thinned(view: View, x: Any, y: Any) -> tuple[Floats, Floats]:
    """What is in sight of a curve: as it is, or low and high per column, so that no spike is lost."""
    x, y, edges = _sight(view, x, y)
    if edges is None:
        return x, y
    return np.repeat(x[edges], 2), np.stack(bounds(y, y, edges), 1).ravel()


def banded(view: View, x: Any, low: Any, high: Any) -> tuple[Floats, Floats, Floats]:
    """What is in sight of a band: as it is, or the lowest and the highest of it per column."""
    x, both, edges = _sight(view, x, np.stack([low, high], 1))
    low, high = both.T
    return (x, low, high) if edges is None else (x[edges], *bounds(low, high, edges))


def _sight(view: View, x: Any, y: Any) -> tuple[Floats, Floats, NDArray[np.intp] | None]:
    """What is in sight, and where columns begin; None where it is drawn as it is."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(x) <= RAW * view.width:
        return x, y, None
    x, y, edges = _parts(view, x, y, view.width / THIN)
    return x, y, edges if len(x) > RAW * view.width else None


def smoothed(view: View, x: Any, y: Any) -> tuple[Floats, Floats]:
    """An exponential mean along the x axis over the means per column."""
    x, y, edges = _parts(view, np.asarray(x, float), np.asarray(y, float), view.width)
    finite = np.isfinite(y)
    at, values = means(x[edges], np.where(finite, y, 0), finite.astype(float), edges)
    seen, _ = view.seen(at, at)
    return at, running(seen, values, view.x1 - view.x0, view.smoothing)


def _parts(view: View, x: Floats, y: Floats, columns: float) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """What is in sight, one more point on either side, and where columns begin; of an x that does not rise, all, in
    equal parts."""
    y = np.where(y > 0, y, np.nan) if view.log_y else y
    if view.simplex or not (x[1:] >= x[:-1]).all():
        return x, y, np.linspace(0, len(x), max(int(columns), 1), endpoint=False).astype(np.intp)
    borders = view.borders(max(int(columns), 1))
    first = max(np.searchsorted(x, borders[0]) - 1, np.searchsorted(x, 0.0, "right") if view.log_x else 0)
    last = np.searchsorted(x, borders[-1], "right") + 1
    x, y = x[first:last], y[first:last]
    edges = np.unique([0, *np.searchsorted(x, borders)])
    return x, y, edges[edges < len(x)]


def bounds(lows: Floats, highs: Floats, edges: NDArray[Any]) -> tuple[Floats, Floats]:
    """The lowest and the highest from each edge to the next; of those without a single number none."""
    lows, highs = np.fmin.reduceat(lows, edges), np.fmax.reduceat(highs, edges)
    empty = lows > highs
    return np.where(empty, np.nan, lows), np.where(empty, np.nan, highs)


def means(places: Floats, sums: Floats, counts: Floats, edges: NDArray[Any]) -> tuple[Floats, Floats]:
    """The mean from each edge to the next, and its place, where there is any."""
    sums, counts = np.add.reduceat(sums, edges), np.add.reduceat(counts, edges)
    return places[counts > 0], sums[counts > 0] / counts[counts > 0]


def running(at: Floats, values: Floats, span: float, weight: float) -> Floats:
    """An exponential mean along `at`, unbiased at its start. span: what is visible of it; weight: 0 to 1."""
    keep = weight ** np.maximum(np.diff(at, prepend=at[:1]) * _SPAN / max(span, 1e-12), 0)
    result, mean, mass = np.empty_like(values), 0.0, 0.0
    for k, (value, kept) in enumerate(zip(values.tolist(), keep.tolist(), strict=True)):
        mean, mass = kept * mean + (1 - weight) * value, kept * mass + (1 - weight)
        result[k] = mean / mass
    return result
