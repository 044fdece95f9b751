"""Checkpoints of what is tracked: taken up again, or refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from workbench.errors import UserError
from workbench.ml import state


class OnGPU:
    """Has the state of a generator on a GPU, by its size: seed and offset."""

    def get_state(self) -> torch.Tensor:
        return torch.zeros(16, dtype=torch.uint8)


def test_a_generator_goes_on_where_it_was(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(3)
    state.save(tmp_path / "c", {"generator": generator}, {})
    expected = torch.rand(5, generator=generator)
    other = torch.Generator()
    state.load(tmp_path / "c", {"generator": other})
    assert torch.equal(torch.rand(5, generator=other), expected)


def test_a_generator_of_another_device_is_refused_for_what_it_is(tmp_path: Path) -> None:
    state.save(tmp_path / "c", {"generator": OnGPU()}, {})
    with pytest.raises(UserError, match="generator drew its random numbers on another device") as caught:
        state.load(tmp_path / "c", {"generator": torch.Generator()})
    assert "device" in str(caught.value.remedy)
