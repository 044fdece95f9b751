"""Arrays among parameters: read from files, lists or blobs of a run; written as blobs, named by their content."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from workbench.runs import schema

Array = NDArray[Any]
KEY = "$array"


class Arrays:
    """Reads and writes `Array` parameters; `fields.validate(model, values, arrays)` and `fields.record` use it.

    Without a folder, blobs stay in memory until `Workspace.create(header, arrays)` puts them into the new run. With a
    run's folder they are written into its file at once: the caller is the run's writer.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._blobs: dict[str, bytes] = {}

    def read(self, value: Any, dtype: str, ndim: int) -> Array:
        """A fresh array from an array, a nested list, the path of a .npy or .png file, or `{"$array": sha256}`.

        Raises ValueError (or OSError for a file) when there is none, or it has another number of axes, or its values
        do not fit the dtype.
        """
        if isinstance(value, Mapping):
            found = self._load(value)
        elif isinstance(value, str | Path):
            found = _from_file(Path(value), np.dtype(dtype), ndim)
        else:
            found = _from_list(value)
        if found.ndim != ndim:
            raise ValueError(f"an array with {ndim} axes is needed, not {found.ndim}")
        return _cast(found, np.dtype(dtype))

    def write(self, array: Any) -> dict[str, str]:
        """Keeps the array and returns what stands for it in a record: `{"$array": sha256}`."""
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
        data = buffer.getvalue()
        name = hashlib.sha256(data).hexdigest()
        if name not in self._blobs and self._folder is not None:
            with closing(schema.open_to_write(self._folder)) as db:
                _put(db, {name: data})
        self._blobs[name] = data
        return {KEY: name}

    def copy_into(self, db: sqlite3.Connection) -> None:
        """Writes every array read or written so far into an open run file."""
        _put(db, self._blobs)

    def _load(self, value: Mapping[str, Any]) -> Array:
        name = value.get(KEY)
        if not isinstance(name, str) or len(value) != 1:
            raise ValueError(f"neither an array nor a reference to one: {dict(value)}")
        if name not in self._blobs:
            self._blobs[name] = self._fetch(name)
        return _from_npy(io.BytesIO(self._blobs[name]))

    def _fetch(self, name: str) -> bytes:
        row = None
        if self._folder is not None:
            with closing(schema.open_to_read(self._folder)) as db:
                row = db.execute("SELECT data FROM blobs WHERE sha256 = ?", (name,)).fetchone()
        if row is None:
            raise ValueError(f"the array {name[:12]} is not in the record")
        return bytes(row[0])


def _put(db: sqlite3.Connection, blobs: Mapping[str, bytes]) -> None:
    db.executemany("INSERT OR IGNORE INTO blobs VALUES (?, ?)", blobs.items())


def _from_list(value: Any) -> Array:
    found = np.asarray(value)
    if found.dtype.kind not in "biuf":
        raise ValueError("an array of numbers is needed")
    return found


def _from_file(path: Path, dtype: np.dtype[Any], ndim: int) -> Array:
    if path.suffix.lower() == ".npy":
        with path.open("rb") as file:
            return _from_npy(file)
    if path.suffix.lower() == ".png":
        return _from_image(path, dtype, ndim)
    raise ValueError(f"{path.name}: a .npy or .png file is needed")


def _from_npy(file: Any) -> Array:
    try:
        return _from_list(np.load(file, allow_pickle=False))
    except EOFError as error:
        raise ValueError("the file ends too early") from error


def _from_image(path: Path, dtype: np.dtype[Any], ndim: int) -> Array:
    """Grey (H, W) or colour (H, W, 3); 0–255 for integers, 0–1 for real numbers, the bright half for booleans."""
    try:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("L" if ndim == 2 else "RGB"))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path.name} is not an image: {error}") from error
    if dtype.kind == "b":
        return pixels > 127
    return pixels / 255 if dtype.kind == "f" else pixels


def _cast(array: Array, dtype: np.dtype[Any]) -> Array:
    """A copy in another dtype; only real numbers may be rounded."""
    with np.errstate(invalid="ignore", over="ignore"):
        made = array.astype(dtype)
    if dtype.kind != "f" and not np.array_equal(made, array):
        raise ValueError(f"the values do not fit {dtype.name}")
    return made
