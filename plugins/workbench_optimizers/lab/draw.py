"""Draws the laboratory: tracks, curves, one step taken apart, the map."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import torch

from workbench.api import Context, Text
from workbench.ml.optim.params import Lookahead, Optimizer, Piecewise, clashes
from workbench.ml.optim.rules import piecewise

from ..chains import described, variants
from ..flight import point, real
from ..flight.bases import MOVERS
from ..flight.slope import Pair, Slope, slope_of
from ..flight.track import Track, as_array
from ..surface.places import Extent
from ..texts import T
from .basins import basins, refusal
from .params import MOST, Lab
from .scan import evaluated, scan

LEAST = 1e-12  # a height above the lowest that a logarithmic axis shows as nothing
Named = list[tuple[str, Optimizer, Track]]


def run(params: Lab, context: Context) -> None:
    """The chain's track first, for it follows the mouse; what waits for thousands of starts last."""
    slope = slope_of(params.surface, params.noise, params.steps, params.seed)
    tracks = flown(params, slope, context)
    plane(params, tracks, context)
    taken_apart(params, tracks[0][2], context)
    heights = [heights_of(params, track) for _, _, track in tracks]
    curves(params, tracks, heights, context)
    told(params, tracks, heights, context)
    charted(params, context)


def flown(params: Lab, slope: Slope, context: Context) -> Named:
    """Every variant from the same start, told the same noise."""
    found: Named = []
    for name, chain in variants(params.optimizer, params.compare, params.others, MOST):
        context.sync()
        fly = point.fly if chain.base.kind in MOVERS else real.fly
        found.append((name, chain, fly(chain, slope, params.start, params.steps, params.at if not found else 0)))
    return found


def plane(params: Lab, tracks: Named, context: Context) -> None:
    """Tracks over the surface, with the ghosts of what lookahead and average keep."""
    chain = tracks[0][2]
    extent = params.surface.extent
    context.paths("chain", [seen(chain.places, extent)])
    for k, (name, _, track) in enumerate(tracks[1:], 1):
        context.paths(f"beside/{k}", [seen(track.places, extent)], label=name)
    for stream, ghost in (("slow", chain.slow), ("average", chain.average)):
        if ghost:
            context.paths(stream, [seen(ghost, extent)])
    context.sync()  # they are shown; where the start has moved on, the rest is not wanted any more
    known = scan(params.surface)
    x0, x1, y0, y1 = extent
    context.field("depth", known.depths, (x0, x1), (y0, y1))
    context.points("minima", known.minima.numpy())


def seen(places: Sequence[Pair], extent: Extent) -> Any:
    """(T, 2); a place further out than surface and start lie apart is left out: one leap would make all else small."""
    xy, (x0, x1, y0, y1) = as_array(places), extent
    low, high = np.minimum((x0, y0), xy[:1]), np.maximum((x1, y1), xy[:1])
    inside = np.all(np.abs(xy - (low + high) / 2) <= 1.5 * (high - low), axis=1, keepdims=True)
    return np.where(inside, xy, np.nan)


def taken_apart(params: Lab, track: Track, context: Context) -> None:
    """What base and stages contributed to one step, arrow after arrow: in the plane, and by itself."""
    at = min(params.at, len(track.places) - 1)
    parts = track.parts if params.at <= at else []
    moves = np.array([move for _, move in parts], float).reshape(-1, 2)
    starts = np.concatenate([np.zeros((1, 2)), moves.cumsum(0)])[: len(moves)]
    here = np.array(track.places[max(at - 1, 0)])
    names = [name for name, _ in parts]
    context.arrows("step", here + starts, moves)
    context.arrows("parts", starts, moves, labels=names)


def curves(params: Lab, tracks: Named, heights: Sequence[Any], context: Context) -> None:
    """Height, trust ratio and rate along the evaluations; ρ(t) along the updates."""
    names = [name for name, _, _ in tracks]
    time = np.arange(params.steps + 1)
    context.lines("above", time, _padded(heights, params.steps + 1), labels=names)
    for stream in ("ratios", "rates"):
        values = _padded([getattr(track, stream) for _, _, track in tracks], params.steps)
        some = np.isfinite(values).any(1)
        if some.any():
            context.lines(stream, time[1:], values[some], labels=[n for n, s in zip(names, some, strict=True) if s])
    schedule(params.optimizer, params.steps, context)


def heights_of(params: Lab, track: Track) -> Any:
    """The height above the lowest one known at every place; below 0 where a surface without bottom leads beneath it."""
    low = scan(params.surface).low
    above = evaluated(params.surface, torch.from_numpy(as_array(track.places)))[0] - low
    return above.masked_fill(above.abs() <= LEAST * max(1.0, abs(low)), LEAST).numpy()


def _padded(rows: Sequence[Any], length: int) -> Any:
    """Rows of one length: a flight that ended early leaves a gap."""
    result = np.full((len(rows), length), np.nan)
    for row, values in zip(result, rows, strict=True):
        row[: len(values)] = values
    return result


def schedule(chain: Optimizer, steps: int, context: Context) -> None:
    """ρ(t) of all piecewise stages together; 1 without one."""
    stages = [each for each in chain.acting if isinstance(each, Piecewise)]
    knots = {round(t) for each in stages for t, _ in each.knots if t <= steps}
    time = sorted({*np.linspace(0, steps, 101).round().astype(int).tolist(), *knots})
    factors = [prod(piecewise(t, each.knots) for each in stages) for t in time]
    context.lines("schedule", time, [factors])


# ------------------------------------------------------------------------------------ in words


def told(params: Lab, tracks: Named, heights: Sequence[Any], context: Context) -> None:
    """How each variant ended; which stages do not commute, and why there is no map."""
    rows = []
    for (name, chain, track), above in zip(tracks, heights, strict=True):
        height = float(above[-1])
        rows.append(
            {
                "variant": name,
                "chain": described(chain),
                "evaluations": track.evaluations,
                "updates": track.updates,
                "above": float(f"{height:.4g}"),
                "x": round(track.places[-1][0], 5),
                "y": round(track.places[-1][1], 5),
            }
        )
    context.table("variants", rows)
    context.scalars({f"end/{name}": row["above"] for (name, *_), row in zip(tracks, rows, strict=True)})
    ends = [ended(name, above, params.steps) for (name, *_), above in zip(tracks, heights, strict=True)]
    found = [each for each in ends if each is not None]
    context.text("notes", notes(params, found))
    for each in reversed(found):  # a window shows the newest: the chain's own, if it is among them
        context.notice(each, T("Try a lower rate or another start."))


def ended(name: str, heights: Any, steps: int) -> Text | None:
    """Where the numbers of a path came to nothing; None where all of them are finite. heights: at every place."""
    bad = np.flatnonzero(~np.isfinite(heights))
    first = int(bad[0]) if len(bad) else len(heights)
    if first > steps:
        return None
    return T("{chain}: from step {step} its numbers are infinite or none.", chain=name, step=first)


def notes(params: Lab, ends: Sequence[Text]) -> Text:
    """What should be known of this chain, in sentences. ends: paths that came to nothing."""
    kinds = [each.kind for each in params.optimizer.acting]
    found = [T("The chain: {chain}.", chain=described(params.optimizer)), *ends]
    found += [
        T("{first} before {second}: {why}", first=T(kinds[each.first]), second=T(kinds[each.second]), why=each.why)
        for each in clashes(params.optimizer.acting)
    ]
    why = refusal(params.optimizer.base)
    if why is not None:
        found.append(T("No map: {why}", why=why))
    if not any(isinstance(each, Piecewise) for each in params.optimizer.acting):
        found.append(T("The stage piecewise gives the schedule knots to drag."))
    if not any(isinstance(each, Lookahead) for each in params.optimizer.acting):
        found.append(T("The stage lookahead leaves a ghost: its slow weights."))
    text = found[0]
    for each in found[1:]:
        text = T("{above}\n\n{below}", above=text, below=each)
    return text


def charted(params: Lab, context: Context) -> None:
    """The map of starts, where there can be one."""
    x0, x1, y0, y1 = params.surface.extent
    if params.map.shows != "nothing" and refusal(params.optimizer.base) is None:
        context.field("map", basins(params, context), (x0, x1), (y0, y1))
