"""What a job can report: one record, encoded once, the same bytes on the wire and in the store.

An event is a small JSON header and raw arrays. Frame: header length (4 bytes, little endian), header, arrays one
after the other. Nothing is pickled.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal[
    "scalars", "images", "points", "field", "lines", "arrows", "paths", "bars", "table", "text", "progress",
    "rows", "notice", "artifact", "change", "action", "state", "error",
]  # fmt: skip
FRAMES: frozenset[str] = frozenset(
    {"images", "points", "field", "lines", "arrows", "paths", "bars", "table", "text", "progress"}
)
"""Kinds of which the newest wins on the screen, thinned by step in the store; all others are kept in full."""
Array = NDArray[Any]
_LENGTH = struct.Struct("<I")
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_to_ascii = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True)
class Event:
    """One report of a job.

    step: the k-th update (0 before the loop). generation: of the live parameters that it answers. data: JSON values.
    arrays: by name; their dtype and shape travel in the header. run: which one, where a job fills several. wall:
    seconds since the epoch.
    """

    kind: Kind
    stream: str = ""
    step: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)
    generation: int = 0
    segment: int = 0
    run: str = ""
    wall: float = field(default_factory=time.time)

    @cached_property
    def message(self) -> bytes:
        """The event as bytes, encoded once: the same on the wire and in the store."""
        return encode(self)


def encode(event: Event) -> bytes:
    """The event as bytes. Raises ValueError for an array of objects and for a value that is not JSON."""
    arrays = {name: np.asarray(value, order="C") for name, value in event.arrays.items()}
    for name, value in arrays.items():
        if value.dtype.hasobject:
            raise ValueError(f"array {name!r} of {event.stream!r} holds objects, not numbers")
    header = {
        "kind": event.kind, "stream": event.stream, "step": event.step, "generation": event.generation,
        "segment": event.segment, "run": event.run, "wall": event.wall, "data": event.data,
        "arrays": [[name, _described(value.dtype), value.shape] for name, value in arrays.items()],
    }  # fmt: skip
    try:
        text = _to_json(header).encode()
    except UnicodeEncodeError:  # half a pair of surrogates, as damaged corpora hold: as an escape it can be written
        text = _to_ascii(header).encode()
    except TypeError as error:
        raise ValueError(f"{event.kind} {event.stream!r}: {error}") from None
    return b"".join([_LENGTH.pack(len(text)), text, *(value.tobytes() for value in arrays.values())])


def decode(message: bytes | memoryview) -> Event:
    """The reverse of `encode`; the arrays are read-only views. Raises ValueError for a damaged message."""
    try:
        (length,) = _LENGTH.unpack_from(message)
        header = json.loads(bytes(message[4 : 4 + length]))
        arrays, offset = {}, 4 + length
        for name, dtype, shape in header.pop("arrays"):
            count = int(np.prod(shape, dtype=np.int64))
            arrays[name] = np.frombuffer(message, _dtype(dtype), count, offset).reshape(shape)
            offset += arrays[name].nbytes
    except (struct.error, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"damaged event: {error}") from error
    if offset != len(message):
        raise ValueError(f"damaged event: {len(message)} bytes where the header says {offset}")
    return Event(arrays=arrays, **header)


@cache
def _described(dtype: np.dtype[Any]) -> Any:
    return dtype.descr if dtype.fields else dtype.str


def _dtype(described: Any) -> np.dtype[Any]:
    return np.dtype([tuple(each) for each in described] if isinstance(described, list) else described)


# ------------------------------------------------------------- scalars: packed batches, one per series

POINT = np.dtype([("step", "<i8"), ("wall", "<f8"), ("value", "<f8")])
"""A point of a series as it travels and lies in the store: 24 bytes."""
