"""The same seed gives the same random numbers, of whichever kind, however often it is set."""

from __future__ import annotations

import random

import numpy as np
import torch

from workbench.jobs.execute import seed_all


def drawn(seed: int) -> tuple[float, float, float]:
    seed_all(seed)
    return random.random(), float(np.random.rand()), float(torch.rand(()))


def test_it_does() -> None:
    first, again, other, back = (drawn(seed) for seed in (3, 3, 4, 3))
    assert first == again == back
    assert not set(first) & set(other)
    assert torch.initial_seed() == 3
