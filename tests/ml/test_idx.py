from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import UserError
from workbench.ml import data
from workbench.ml.idx import NAMES, read_folder


def encoded(array: np.ndarray[Any, Any]) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def folder_of(where: Path, n: int = 6, size: int = 5, seed: int = 0, suffix: str = "") -> Path:
    rng = np.random.default_rng(seed)
    where.mkdir(exist_ok=True)
    for part, name in NAMES.items():
        shape = (n, size, size) if "images" in part else (n,)
        raw = encoded(rng.integers(0, 256 if "images" in part else 3, shape, dtype=np.uint8))
        (where / (name + suffix)).write_bytes(gzip.compress(raw) if suffix else raw)
    return where


@settings(deadline=None)
@given(n=st.integers(1, 8), size=st.integers(1, 6), seed=st.integers(0, 99), packed=st.booleans())
def test_reads_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, n: int, size: int, seed: int, packed: bool
) -> None:
    where = folder_of(tmp_path_factory.mktemp("idx"), n, size, seed, ".gz" if packed else "")
    found = read_folder(where)
    rng = np.random.default_rng(seed)
    assert np.array_equal(found.train_images, rng.integers(0, 256, (n, size, size), dtype=np.uint8))
    assert np.array_equal(found.train_labels, rng.integers(0, 3, n, dtype=np.uint8))


def test_becomes_images_between_zero_and_one(tmp_path: Path) -> None:
    params = SimpleNamespace(path=folder_of(tmp_path))
    images = data.idx(params)
    assert images.train.shape == (6, 1, 5, 5)
    assert 0 <= float(images.train.min()) <= float(images.train.max()) <= 1
    assert len(images.fingerprint) == 64
    assert data.idx(params).fingerprint == images.fingerprint


IMAGES, LABELS = NAMES["train_images"], NAMES["train_labels"]


def test_classes_are_those_that_there_are(tmp_path: Path) -> None:
    """Letters are numbered from one: a class of nothing would be missed in all that is drawn."""
    folder_of(tmp_path)
    (tmp_path / NAMES["train_labels"]).write_bytes(encoded(np.array([1, 1, 4, 9, 4, 1], np.uint8)))
    (tmp_path / NAMES["test_labels"]).write_bytes(encoded(np.array([9, 4, 4, 1, 9, 9], np.uint8)))
    images = data.idx(SimpleNamespace(path=tmp_path))
    assert images.classes == 3
    assert images.labels.tolist() == [0, 0, 1, 2, 1, 0]
    assert images.held_out_labels.tolist() == [2, 1, 1, 0, 2, 2]


OTHERS = np.zeros((6, 5, 4), np.uint8)
Spoil = Callable[[Path], Any]
SPOILT: dict[str, tuple[str, Spoil]] = {
    "missing": (IMAGES, lambda at: (at / IMAGES).unlink()),
    "cut short": (IMAGES, lambda at: (at / IMAGES).write_bytes((at / IMAGES).read_bytes()[:-3])),
    "cut in the header": (IMAGES, lambda at: (at / IMAGES).write_bytes((at / IMAGES).read_bytes()[:9])),
    "empty": (LABELS, lambda at: (at / LABELS).write_bytes(b"")),
    "no images": (IMAGES, lambda at: (at / IMAGES).write_bytes(encoded(np.zeros((0, 5, 5), np.uint8)))),
    "bad magic": (IMAGES, lambda at: (at / IMAGES).write_bytes(b"\x00\x00\x0d\x03" + bytes(20))),
    "labels in place of images": (IMAGES, lambda at: (at / IMAGES).write_bytes((at / LABELS).read_bytes())),
    "another size": (NAMES["test_images"], lambda at: (at / NAMES["test_images"]).write_bytes(encoded(OTHERS))),
    "labels missing": (LABELS, lambda at: (at / LABELS).write_bytes(encoded(np.zeros(4, np.uint8)))),
}


@pytest.mark.parametrize("what", SPOILT)
def test_names_the_file_that_is_wrong(tmp_path: Path, what: str) -> None:
    name, spoil = SPOILT[what]
    spoil(folder_of(tmp_path))
    with pytest.raises(UserError) as caught:
        read_folder(tmp_path)
    assert name in str(caught.value)
    assert caught.value.field == "data.path"
    assert caught.value.remedy


def test_says_of_an_empty_file_that_it_is_too_short(tmp_path: Path) -> None:
    (folder_of(tmp_path) / LABELS).write_bytes(b"")
    with pytest.raises(UserError, match="cut short or too long: 0 bytes"):
        read_folder(tmp_path)


def test_a_folder_that_cannot_be_looked_into_holds_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=IMAGES):
        read_folder(tmp_path / ("x" * 300))  # a name that no file system takes


def test_names_a_gz_that_is_cut_short(tmp_path: Path) -> None:
    file = folder_of(tmp_path, suffix=".gz") / (IMAGES + ".gz")
    file.write_bytes(file.read_bytes()[:-12])
    with pytest.raises(UserError, match=IMAGES):
        read_folder(tmp_path)
