"""PNG: the frames of image streams as mosaics, those of point streams as scatter plots.

A path that ends in .png takes the newest frame of one stream; any other is a folder with a file per stream and step.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from workbench.errors import UserError
from workbench.events import Array, Event
from workbench.runs.exporters.files import missing, without_frames
from workbench.runs.reader import Reader
from workbench.texts import T

_SIZE = 512
"""Pixels to which small pictures are enlarged, by whole factors, so that a person sees them."""
_MARGIN = 16
_GAP = 128
_COLOURS = ("#3b6fb6", "#d1603d", "#4a9a5c", "#8b5fb0", "#c79a1e", "#3fa3a8", "#b8487f", "#7a7a7a")
_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What some system lets no file be called."""
Draw = Callable[[Event], Image.Image]


def write(reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes every stored frame, or the newest of one stream if `path` is a .png file; the paths written.

    Raises UserError for a stream that does not exist, is no picture, or has no frames.
    """
    kinds = {name: kind for name, kind in reader.streams().items() if kind in ("images", "points")}
    for name in streams:
        if name not in kinds:
            raise missing(reader, name, kinds)
    chosen = list(streams) or list(kinds)
    if not chosen:
        raise UserError(T("Run {run} has no pictures.", run=reader.id))
    if path.suffix.lower() == ".png":
        return _newest(reader, path, chosen, kinds[chosen[0]])
    path.mkdir(exist_ok=True)
    places = {stream: path / name for stream, name in _file_names(chosen).items()}
    written = [file for name, place in places.items() for file in _all(reader, place, name, kinds[name])]
    if not written:
        raise without_frames(", ".join(chosen))
    return written


def _newest(reader: Reader, path: Path, chosen: Sequence[str], kind: str) -> list[Path]:
    if len(chosen) > 1:
        text = T("A PNG file holds one stream; there are: {names}.", names=", ".join(chosen))
        raise UserError(text, remedy=T("Name one stream, or give a folder."), field="stream")
    steps = reader.frames(chosen[0])[-1:]
    draw = _drawer(reader, chosen[0], kind, steps)
    written = [path for step in steps if _save(reader, chosen[0], step, draw, path)]
    if not written:
        raise without_frames(chosen[0])
    return written


def _file_names(streams: Sequence[str]) -> dict[str, str]:
    """How the files of each stream begin: no two alike, on any system."""
    names: dict[str, str] = {}
    for stream in streams:
        name = _NO_NAME.sub("-", stream)
        while name.casefold() in map(str.casefold, names.values()):
            name += "-"
        names[stream] = name
    return names


def _all(reader: Reader, place: Path, stream: str, kind: str) -> list[Path]:
    steps = reader.frames(stream)
    draw = _drawer(reader, stream, kind, steps)
    files = ((step, place.with_name(f"{place.name}-{step:09d}.png")) for step in steps)
    return [path for step, path in files if _save(reader, stream, step, draw, path)]


def _save(reader: Reader, stream: str, step: int, draw: Draw, path: Path) -> bool:
    """Draws a frame; false where it was thinned away since it was listed."""
    event = reader.frame(stream, step)
    if event is not None:
        draw(event).save(path, format="PNG")
    return event is not None


def _drawer(reader: Reader, stream: str, kind: str, steps: Sequence[int]) -> Draw:
    if kind == "images":
        return lambda event: mosaic(event.arrays["images"])
    clouds = [event.arrays["xy"] for step in steps if (event := reader.frame(stream, step))]
    low, high = _extent(np.concatenate(clouds) if clouds else np.zeros((0, 2)))
    return lambda event: scatter(event.arrays["xy"], event.arrays.get("label"), low, high)


def mosaic(images: Array) -> Image.Image:
    """(N, H, W) or (N, H, W, 3) uint8 as a near-square of tiles with lines between, enlarged where it is small."""
    count, height, width = images.shape[:3]
    columns = max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / columns))
    canvas = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1, *images.shape[3:]), _GAP, np.uint8)
    for number, image in enumerate(images):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        canvas[top : top + height, left : left + width] = image
    made = Image.fromarray(canvas)
    factor = max(1, _SIZE // max(made.size))
    return made.resize((made.width * factor, made.height * factor), Image.Resampling.NEAREST)


def scatter(xy: Array, label: Array | None, low: Array, high: Array) -> Image.Image:
    """(N, 2) points in the square from `low` to `high`, (2,) each; y upwards; coloured by a whole-numbered label."""
    made = Image.new("RGB", (_SIZE, _SIZE), "white")
    draw = ImageDraw.Draw(made)
    places = _MARGIN + (xy - low) / (high - low) * (_SIZE - 1 - 2 * _MARGIN)
    labels = np.zeros(len(xy), int) if label is None or label.dtype.kind not in "biu" else label.astype(int)
    for (x, y), colour in zip(places, labels, strict=True):
        if math.isfinite(x) and math.isfinite(y):
            at = x, _SIZE - 1 - y
            draw.ellipse((at[0] - 2, at[1] - 2, at[0] + 2, at[1] + 2), fill=_COLOURS[colour % len(_COLOURS)])
    return made


def _extent(xy: Array) -> tuple[Array, Array]:
    """A square around all finite points, the same for every frame of a stream."""
    finite = xy[np.isfinite(xy).all(axis=1)]
    if not len(finite):
        return np.array([-1.0, -1.0]), np.array([1.0, 1.0])
    low, high = finite.min(axis=0).astype(float), finite.max(axis=0).astype(float)
    half = max(float((high - low).max()) / 2, 1e-9)
    return (low + high) / 2 - half, (low + high) / 2 + half
