"""TensorBoard: one event file with all scalars and the stored frames of images, in a folder that it opens.

Values are 32-bit floats there: the format has no others. Exporting a run again replaces its file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.errors import UserError
from workbench.events import Event
from workbench.runs.exporters.files import belongs, missing
from workbench.runs.exporters.images import mosaic
from workbench.runs.reader import Reader
from workbench.texts import T

_INSTALL = "pip install 'kexue-workbench[tensorboard]'"


def write(reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes into the folder `path`. streams: only these series, groups of series, or streams of images.

    Raises UserError when the extra is not installed, and for a stream that is neither.
    """
    events, records = _loaded()
    series, images = _chosen(reader, streams)
    path.mkdir(exist_ok=True)
    target = path / f"events.out.tfevents.{int(reader.created)}.{reader.id}"
    with closing(records.RecordWriter(str(target))) as writer:
        for event in _events(events.Event, reader, series, images):
            writer.write(event.SerializeToString())
    return [target]


def _loaded() -> tuple[Any, Any]:
    """The records of the format, and what writes them."""
    try:
        return import_module("tensorboardX.proto.event_pb2"), import_module("tensorboardX.record_writer")
    except ImportError as error:
        text = T("Writing TensorBoard's files needs the package {name}.", name="tensorboardX")
        raise UserError(text, remedy=T("Install it: {command}", command=_INSTALL)) from error


def _chosen(reader: Reader, streams: Sequence[str]) -> tuple[list[str], list[str]]:
    series = reader.series()
    images = [name for name, kind in reader.streams().items() if kind == "images"]
    for name in streams:
        if name not in images and not any(belongs(each, name) for each in series):
            raise missing(reader, name, [*images, *series])
    chosen = [each for each in series if not streams or any(belongs(each, name) for name in streams)]
    pictures = [each for each in images if not streams or each in streams]
    if not chosen and not pictures:
        raise UserError(T("Run {run} has neither scalars nor pictures.", run=reader.id))
    return chosen, pictures


def _events(make: Callable[..., Any], reader: Reader, series: Sequence[str], images: Sequence[str]) -> Iterator[Any]:
    yield make(wall_time=reader.created, file_version="brain.Event:2")
    for name in series:
        for step, wall, value in reader.scalars(name).tolist():
            yield make(wall_time=wall, step=step, summary={"value": [{"tag": name, "simple_value": value}]})
    for name in images:
        for step in reader.frames(name):
            frame = reader.frame(name, step)
            if frame is not None:  # not thinned away meanwhile
                yield make(wall_time=frame.wall, step=step, summary={"value": [{"tag": name, "image": _image(frame)}]})


def _image(frame: Event) -> dict[str, Any]:
    made = mosaic(frame.arrays["images"])
    file = io.BytesIO()
    made.save(file, format="PNG")
    colours = len(made.getbands())
    return {
        "height": made.height, "width": made.width, "colorspace": colours, "encoded_image_string": file.getvalue(),
    }  # fmt: skip
