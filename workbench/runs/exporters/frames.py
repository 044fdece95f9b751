"""A frame as a table of numbers: the points, lines, field, arrows, paths or bars of one step.

A name may be a stream and a group of scalars at once ("energy", "energy/mean"): it is the stream then, and "energy/"
the group. `NAME@STEP` is the newest frame not after that step, unless the run calls something so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workbench.errors import UserError
from workbench.events import Array, Event
from workbench.runs.exporters.files import belongs, missing, without_frames
from workbench.runs.reader import Reader
from workbench.texts import T

Columns = Mapping[str, Any]
"""Columns of one length, by name: arrays or lists."""
KINDS = ("points", "field", "lines", "arrows", "paths", "bars")


def frame_columns(reader: Reader, streams: Sequence[str]) -> Columns | None:
    """The table of the one stream of frames that is asked for; None where it is another kind of thing.

    Raises UserError where it has no frame at that step or not after it.
    """
    name, step = _place(reader, streams[0]) if len(streams) == 1 else ("", None)
    kind = reader.streams().get(name)
    if kind not in KINDS:
        if step is not None:
            raise missing(reader, name, named(reader))
        return None
    event = reader.frame(name, step)
    if event is None and step is None:
        raise without_frames(name)
    if event is None:
        first = ", ".join(map(str, reader.frames(name)[:1])) or "-"
        text = T(
            "{stream} has no frame at step {step}; the first is of step {first}.", stream=name, step=step, first=first
        )
        raise UserError(text, field="step")
    return _TABLES[kind](event)


def _place(reader: Reader, stream: str) -> tuple[str, int | None]:
    """NAME[@STEP]; a name may hold an @ itself. Raises UserError for a step that is none."""
    name, at, step = stream.rpartition("@")
    if not at or stream in reader.streams() or any(belongs(each, stream) for each in reader.series()):
        return stream, None
    if not step.isdecimal():
        raise UserError(T("{step} is no step.", step=step), remedy=T("Write NAME@STEP."), field="step")
    return name, int(step)


def named(reader: Reader) -> list[str]:
    """The streams whose frames can be tables."""
    return [name for name, kind in reader.streams().items() if kind in KINDS]


def _points(event: Event) -> Columns:
    xy = event.arrays["xy"]
    rest = {name: array for name, array in event.arrays.items() if name != "xy"}
    return {"x": xy[:, 0], "y": xy[:, 1], **rest}


def _field(event: Event) -> Columns:
    """A line per cell, with the place of its middle; row by row."""
    values = event.arrays["values"]
    x, y = (_middles(event.data[axis], count) for axis, count in zip("xy", values.shape[::-1], strict=True))
    return {"x": np.tile(x, len(y)), "y": np.repeat(y, len(x)), "value": values.ravel()}


def _middles(ends: Sequence[float], count: int) -> Array:
    return ends[0] + (np.arange(count) + 0.5) * (ends[1] - ends[0]) / count


def _lines(event: Event) -> Columns:
    """A column per curve, and its band's."""
    x, y = event.arrays["x"], np.atleast_2d(event.arrays["y"])
    names = _names(event.data.get("labels", ()), len(y), "y")
    found: dict[str, Any] = {"x": x}
    for part in ("y", "low", "high"):
        for name, row in zip(names, np.atleast_2d(event.arrays[part]) if part in event.arrays else (), strict=False):
            found[name if part == "y" else f"{name} {part}"] = row
    return found


def _names(labels: Sequence[Any], count: int, otherwise: str) -> list[str]:
    """Names of K columns, no two alike and none empty."""
    wanted = [str(each) for each in labels]
    if len(wanted) == count and len(set(wanted) - {"", "x"}) == count:
        return wanted
    return [otherwise] if count == 1 else [f"{otherwise}{k + 1}" for k in range(count)]


def _arrows(event: Event) -> Columns:
    start, vector = event.arrays["start"], event.arrays["vector"]
    return {"x": start[:, 0], "y": start[:, 1], "dx": vector[:, 0], "dy": vector[:, 1]}


def _paths(event: Event) -> Columns:
    """A line per point: the number of its path, its place on it."""
    xy = event.arrays["xy"]
    count, length = xy.shape[:2]
    numbers = {"path": np.repeat(np.arange(count), length), "index": np.tile(np.arange(length), count)}
    return {**numbers, "x": xy[..., 0].ravel(), "y": xy[..., 1].ravel()}


def _bars(event: Event) -> Columns:
    """A line per bar; a column per row of them."""
    heights = np.atleast_2d(event.arrays["heights"])
    edges, labels = event.arrays.get("edges"), [str(each) for each in event.data.get("labels", ())]
    where: dict[str, Any] = {"bar": np.arange(heights.shape[1])}
    if edges is not None:
        where = {"low": edges[:-1], "high": edges[1:]}
    elif labels:
        where = {"label": labels}
    names = _names(event.data.get("names", ()), len(heights), "height")
    return {**where, **dict(zip(names, heights, strict=True))}


_TABLES = {"points": _points, "field": _field, "lines": _lines, "arrows": _arrows, "paths": _paths, "bars": _bars}
