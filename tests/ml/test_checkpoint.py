"""Checkpoints of what is tracked: taken up again, or refused in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from workbench.errors import UserError
from workbench.ml import checkpoint


class OnGPU:
    """Has the state of a generator on a GPU, by its size: seed and offset."""

    def get_state(self) -> torch.Tensor:
        return torch.zeros(16, dtype=torch.uint8)


def test_a_generator_goes_on_where_it_was(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(3)
    checkpoint.save(tmp_path / "c", {"generator": generator}, {})
    expected = torch.rand(5, generator=generator)
    other = torch.Generator()
    checkpoint.load(tmp_path / "c", {"generator": other})
    assert torch.equal(torch.rand(5, generator=other), expected)


def test_a_generator_of_another_device_is_refused_for_what_it_is(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "c", {"generator": OnGPU()}, {})
    with pytest.raises(UserError, match="generator drew its random numbers on another device") as caught:
        checkpoint.load(tmp_path / "c", {"generator": torch.Generator()})
    assert "device" in str(caught.value.remedy)


@pytest.mark.parametrize("beside", [{}, {"x": torch.ones(2, dtype=torch.bfloat16)}])
def test_arrays_of_any_shape_and_type_of_numbers_come_back_as_they_were(tmp_path: Path, beside: dict[str, Any]) -> None:
    arrays = [np.array(3.0), np.arange(6).reshape(2, 3).T, np.zeros((0, 2), np.uint8), np.ones(2, ">f4")]
    kept = {f"{n}": each.copy() for n, each in enumerate(arrays)}
    checkpoint.save(tmp_path / "c", {**kept, **beside}, {})
    for each in kept.values():
        each[...] = 0
    checkpoint.load(tmp_path / "c", {**kept, **beside})
    assert all(map(np.array_equal, kept.values(), arrays))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (np.array(["a"]), "<U1"),
        (np.zeros(2, complex), "complex128"),
        (torch.zeros(2, dtype=torch.complex128), "complex128"),
    ],
)
def test_what_no_file_of_tensors_holds_is_refused_by_name(tmp_path: Path, given: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=f"cannot keep an array of .*{kind}"):
        checkpoint.save(tmp_path / "c", {"x": given}, {})
