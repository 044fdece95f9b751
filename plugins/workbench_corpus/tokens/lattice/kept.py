"""Arrays that are dear to make, kept in a folder: processes that read them share the pages of the file."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
log = logging.getLogger(__name__)
_ALIGNED = 64
_WRITING = 60.0
"""Seconds in which a file is certainly written."""
_LENGTH, _CHECK = 8, 4
"""Bytes of the length at the beginning and of the sum at the end."""


def kept(folder: str, name: str, key: Any, make: Callable[[], Arrays]) -> Arrays:
    """The arrays, (n,) each and not to be written, that `make()` makes: as they lie in the folder, if they do so whole.

    key: JSON, all that decides how they are. folder: "" for none. What cannot be read is made again, and what cannot be
    written is not: that is said in the log.
    """
    if not folder:
        return make()
    path = Path(folder) / f"{name}-{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]}"
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        log.warning("%s is made again: %s", path, error)
    made = make()
    try:
        _write(path, made)
    except OSError as error:
        log.warning("%s is not kept: %s", path, error)
    return made


def _read(path: Path) -> Arrays:
    """Raises OSError, and ValueError for a damaged file."""
    data: NDArray[np.uint8] = np.asarray(np.memmap(path, np.uint8, "r"))
    if zlib.crc32(data[:-_CHECK].data) != int.from_bytes(data[-_CHECK:].tobytes(), "little"):
        raise ValueError("it is damaged")
    start = _LENGTH + int.from_bytes(data[:_LENGTH].tobytes(), "little")
    about = json.loads(data[_LENGTH:start].tobytes())
    return {name: data[start + begin : start + end].view(kind) for name, kind, begin, end in about}


def _write(path: Path, arrays: Arrays) -> None:
    """Whole or not at all; what a power cut leaves of it, its sum tells."""
    _tidy(path)
    temporary, check = path.with_name(f".{path.name}.{os.getpid()}"), 0
    try:
        with temporary.open("wb") as file:
            for part in _parts(arrays):
                check = zlib.crc32(part, check)
                file.write(part)
            file.write(check.to_bytes(_CHECK, "little"))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _tidy(path: Path) -> None:
    """Removes what a process that was killed has left half written."""
    for each in path.parent.glob(f".{path.name}.*"):
        if each.stat().st_mtime < time.time() - _WRITING:
            each.unlink(missing_ok=True)


def _parts(arrays: Arrays) -> Iterator[bytes]:
    """The length of what says where which array lies, that as JSON, and the arrays, each at a good place."""
    about, at = [], 0
    for name, each in arrays.items():
        about.append((name, each.dtype.str, at, at + each.nbytes))
        at += each.nbytes + _lacking(each.nbytes)
    head = json.dumps(about).encode()
    head += b" " * _lacking(_LENGTH + len(head))
    yield len(head).to_bytes(_LENGTH, "little") + head
    for each in arrays.values():
        yield each.tobytes() + b" " * _lacking(each.nbytes)


def _lacking(size: int) -> int:
    return -size % _ALIGNED
