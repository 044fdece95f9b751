"""Array parameters: from files, lists and blobs of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workbench import fields
from workbench.params import Array, Params
from workbench.runs.arrays import Arrays
from workbench.runs.workspace import Workspace

from .conftest import header


class Masked(Params):
    mask: Annotated[Any, Array("bool", 2)] = None


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_is_written_is_read(rows: list[list[bool]]) -> None:
    arrays = Arrays()
    first = arrays.read(rows, "bool", 2)
    reference = arrays.write(first)
    assert arrays.write(first.copy()) == reference
    again = arrays.read(reference, "bool", 2)
    assert (again.dtype, again.tolist()) == (np.dtype(bool), rows)


@pytest.mark.parametrize("name", ["mask.npy", "mask.png"])
def test_files(tmp_path: Path, name: str) -> None:
    mask = np.array([[0, 255, 0], [255, 255, 0]], np.uint8)
    if name.endswith("npy"):
        np.save(tmp_path / name, mask > 0)
    else:
        Image.fromarray(mask).save(tmp_path / name)
    found = Arrays().read(str(tmp_path / name), "bool", 2)
    assert np.array_equal(found, mask > 0)
    if name.endswith("png"):
        assert np.array_equal(Arrays().read(tmp_path / name, "float32", 2), (mask / 255).astype("float32"))
        assert Arrays().read(tmp_path / name, "uint8", 3).shape == (2, 3, 3)


@pytest.mark.parametrize(
    ("value", "dtype", "ndim", "why"),
    [
        ([1, 2], "float32", 2, "2 axes"),
        ([[1, 2], [3]], "float32", 2, "inhomogeneous"),
        ([["a"]], "float32", 2, "numbers"),
        ([0.5], "int64", 1, "fit int64"),
        ([300], "uint8", 1, "fit uint8"),
        ([float("nan")], "int64", 1, "fit int64"),
        ([2], "bool", 1, "fit bool"),
        ({"$array": "0" * 64}, "bool", 2, "not in the record"),
        ({"kind": "x"}, "bool", 2, "neither"),
        ("mask.txt", "bool", 2, "npy or .png"),
    ],
)
def test_what_is_no_such_array(value: Any, dtype: str, ndim: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Arrays().read(value, dtype, ndim)


def test_pickles_and_broken_files_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "pickled.npy", np.array([{"a": 1}], object), allow_pickle=True)
    (tmp_path / "empty.npy").write_bytes(b"")
    (tmp_path / "broken.png").write_bytes(b"no image")
    for name in ("pickled.npy", "empty.npy", "broken.png"):
        with pytest.raises(ValueError):
            Arrays().read(tmp_path / name, "float32", 1)
    with pytest.raises(OSError, match="No such file"):
        Arrays().read(tmp_path / "missing.npy", "float32", 1)


def test_parameters_of_a_run_come_back_and_go_into_its_fork(workspace: Workspace) -> None:
    arrays = Arrays()
    params = fields.validate(Masked, {"mask": [[True, False]]}, arrays)
    recorded = fields.record(params, arrays)
    run = workspace.create(header(params=recorded), arrays)
    assert recorded["mask"].keys() == {"$array"}

    ours = Arrays(run)
    restored = fields.restore(Masked, recorded, ours)
    assert restored.mask.tolist() == [[True, False]]  # type: ignore[attr-defined]
    fork = workspace.create(header(params=fields.record(restored, ours)), ours)
    assert fields.restore(Masked, recorded, Arrays(fork)).mask.tolist() == [[True, False]]  # type: ignore[attr-defined]


def test_a_change_while_it_runs_is_kept_with_the_run(run: Path) -> None:
    reference = Arrays(run).write(np.arange(3))
    assert Arrays(run).read(reference, "int64", 1).tolist() == [0, 1, 2]


def test_a_broken_file_is_a_wrong_parameter(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(b"no image")
    with pytest.raises(fields.ParameterError, match="mask"):
        fields.validate(Masked, {"mask": str(tmp_path / "m.png")}, Arrays())
