"""IDX files, the format of the MNIST family: a folder of four files, plain or compressed."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.errors import UserError
from workbench.texts import T, Text

Bytes = NDArray[np.uint8]
NAMES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}
FIELD = "data.path"


@dataclass(frozen=True)
class Idx:
    """Images (n, H, W) and labels (n,), uint8, of both parts."""

    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes


def read_folder(folder: Path | str) -> Idx:
    """Read the four files of `folder`, each plain or with .gz. Raises `UserError` naming the file that is wrong."""
    files = {part: find(Path(folder), name) for part, name in NAMES.items()}
    arrays = Idx(**{part: read_file(file, dimensions=3 if "images" in part else 1) for part, file in files.items()})
    match(files["train_images"], arrays.train_images, files["train_labels"], arrays.train_labels)
    match(files["test_images"], arrays.test_images, files["test_labels"], arrays.test_labels)
    match_sizes(files["test_images"], arrays.test_images, files["train_images"], arrays.train_images)
    return arrays


def find(folder: Path, name: str) -> Path:
    """The file `name` in `folder`, or `name`.gz; some copies write a dot before "idx"."""
    stems = (name, name.replace("-idx", ".idx"))
    with suppress(OSError):  # a folder that may not be searched
        for file in (folder / (stem + end) for stem in stems for end in ("", ".gz")):
            if file.is_file():
                return file
    raise UserError(
        T("{folder} holds no file {name} or {name}.gz.", folder=str(folder), name=name),
        remedy=T("Choose the folder with the four IDX files of MNIST or a set like it."),
        field=FIELD,
    )


def read_file(file: Path, dimensions: int) -> Bytes:
    """One IDX file of unsigned bytes with so many dimensions: magic 0, 0, 8, dimensions; big-endian sizes; bytes."""
    raw = content(file)
    magic = bytes((0, 0, 8, dimensions))
    if raw and raw[:4] != magic:
        raise broken(file, T("its first bytes are {found}, not {magic}", found=raw[:4].hex(" "), magic=magic.hex(" ")))
    start = 4 + 4 * dimensions
    sizes = np.frombuffer(raw[4:start], ">u4") if len(raw) >= start else np.zeros(0)
    if len(sizes) < dimensions or len(raw) - start != prod(map(int, sizes)):
        raise broken(file, T("it is cut short or too long: {n} bytes", n=len(raw)))
    if not all(sizes):
        raise broken(file, T("it holds nothing"))
    return np.frombuffer(raw, np.uint8, offset=start).reshape(tuple(map(int, sizes))).copy()  # writable, as torch likes


def content(file: Path) -> bytes:
    """The bytes of a file, decompressed if its name ends in .gz."""
    try:
        return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise broken(file, T("it cannot be read ({why})", why=str(error))) from error


def match(images_file: Path, images: Bytes, labels_file: Path, labels: Bytes) -> None:
    """Check that there is one label for each image."""
    if len(images) != len(labels):
        what = T(
            "it has {labels} labels for {images} images of {name}",
            labels=len(labels),
            images=len(images),
            name=images_file.name,
        )
        raise broken(labels_file, what)


def match_sizes(file: Path, images: Bytes, other: Path, others: Bytes) -> None:
    """Check that the images of two files are of one size."""
    (height, width), (h, w) = images.shape[1:], others.shape[1:]
    if (height, width) != (h, w):
        what = T(
            "its images have {height} × {width} pixels, those of {name} {h} × {w}",
            height=height,
            width=width,
            name=other.name,
            h=h,
            w=w,
        )
        raise broken(file, what)


def broken(file: Path, what: Text) -> UserError:
    return UserError(
        T("{file} is not the IDX file expected: {what}.", file=str(file), what=what),
        remedy=T("Fetch the file again, whole, or choose another folder."),
        field=FIELD,
    )
