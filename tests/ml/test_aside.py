"""What is computed aside draws nothing from training: the global random states are as before, to the last bit."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from workbench.ml import randomness
from workbench.ml.aside import Aside

DRAWS: list[Callable[[], object]] = [
    random.random,
    lambda: random.gauss(0, 1),
    lambda: np.random.rand(3),
    lambda: np.random.randint(5),
    np.random.randn,  # makes two normals: the second waits
    lambda: np.random.standard_normal(2),
    lambda: torch.randn(3),
    lambda: random.getrandbits(32 * 624),  # as many words as a twister has: it stands at the same place again
    lambda: np.random.bytes(4 * 624),
]
SOME = st.lists(st.sampled_from(DRAWS), max_size=3)


def states() -> object:
    found = np.random.get_state(legacy=False)
    numpys = found["state"]["key"].tolist(), found["state"]["pos"], found["has_gauss"], found["gauss"]
    return random.getstate(), numpys, torch.get_rng_state().tolist()


@given(st.lists(st.tuples(SOME, SOME), max_size=6))
def test_nothing_that_is_drawn_aside_is_missed_afterwards(rounds: list[tuple[list[Callable[[], object]], ...]]) -> None:
    np.random.seed(0)
    for trained, shown in rounds:
        for draw in trained:
            draw()
        before = states()
        with Aside():
            for draw in shown:
                draw()
        assert states() == before


def test_modes_and_buffers_of_all_that_is_inside_are_put_back() -> None:
    inner = nn.Sequential(nn.BatchNorm1d(3).eval(), nn.Linear(3, 3))
    model = nn.ModuleDict({"a": inner, "b": nn.BatchNorm1d(3)})
    modes, buffers = [each.training for each in model.modules()], [each.clone() for each in model.buffers()]
    with Aside(model):
        model.train()
        model["b"](model["a"](torch.randn(8, 3)))
        assert not all(map(torch.equal, model.buffers(), buffers))
    assert [each.training for each in model.modules()] == modes
    assert all(map(torch.equal, model.buffers(), buffers))


class Assigning(nn.Module):
    """Buffers as some modules keep them: made anew at each pass, or only at the first."""

    seen: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(()))
        self.register_buffer("last", None)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen = self.seen + 1
        self.last = x
        return x


def test_buffers_that_are_assigned_anew_are_put_back_too() -> None:
    model = nn.Sequential(Assigning(), nn.BatchNorm1d(3))
    before = dict(model.named_buffers())
    values = {name: each.clone() for name, each in before.items()}
    with Aside(model):
        model(torch.randn(8, 3))
        assert "0.last" in dict(model.named_buffers())
    after = dict(model.named_buffers())
    assert after.keys() == before.keys()
    assert all(after[name] is before[name] and torch.equal(after[name], values[name]) for name in before)


def test_a_generator_of_ones_own_is_put_back_too() -> None:
    usual = np.random.mtrand.get_bit_generator()
    try:
        np.random.mtrand.set_bit_generator(np.random.PCG64(1))
        with Aside():
            shown = np.random.rand(4)
        assert np.array_equal(np.random.rand(4), shown)
    finally:
        np.random.mtrand.set_bit_generator(usual)


def test_a_restored_state_may_hold_a_second_normal() -> None:
    np.random.seed(0)
    np.random.randn()
    kept = randomness.states()
    np.random.randn()
    with Aside():  # from here on no second normal waits
        pass
    randomness.set_states(kept)
    before = states()
    with Aside():
        np.random.rand(3)
    assert states() == before
