from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from workbench_gan.losses import Loss, discriminator_loss, generator_loss, r1_penalty, stage_weights

KINDS: list[Loss] = ["nonsaturating", "hinge"]


def test_nonsaturating_at_zero_is_two_logs_of_two() -> None:
    zero, weights = torch.zeros(5, 3), stage_weights((), 3)
    assert float(discriminator_loss("nonsaturating", zero, zero, weights)) == pytest.approx(2 * math.log(2))
    assert float(generator_loss("nonsaturating", zero, weights)) == pytest.approx(math.log(2))


def test_hinge_is_flat_beyond_the_margin() -> None:
    weights = stage_weights((), 1)
    assert float(discriminator_loss("hinge", torch.full((4, 1), 1.5), torch.full((4, 1), -2.0), weights)) == 0
    assert float(discriminator_loss("hinge", torch.zeros(4, 1), torch.zeros(4, 1), weights)) == 2
    assert float(generator_loss("hinge", torch.full((4, 1), 3.0), weights)) == -3


@pytest.mark.parametrize("kind", KINDS)
def test_the_total_is_the_weighted_mean_of_the_stages(kind: Loss) -> None:
    real, fake = torch.randn(6, 3), torch.randn(6, 3)
    weights, one = stage_weights((1.0, 2.0, 5.0), 3), stage_weights((), 1)
    each = torch.stack([discriminator_loss(kind, real[:, k : k + 1], fake[:, k : k + 1], one) for k in range(3)])
    torch.testing.assert_close(discriminator_loss(kind, real, fake, weights), (each * weights).sum())


@settings(deadline=None)
@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=6))
def test_weights_sum_to_one(given: list[float]) -> None:
    weights = stage_weights(tuple(given), len(given))
    assert float(weights.sum()) == pytest.approx(1, rel=1e-5)
    assert float(weights[0] / weights[-1]) == pytest.approx(given[0] / given[-1], rel=1e-4)


@pytest.mark.parametrize("size", [1e-60, 1.0, 1e60, 1e308])
def test_weights_of_any_size_count_by_their_proportion(size: float) -> None:
    assert stage_weights((size, size / 4, 0.0), 3).tolist() == pytest.approx([0.8, 0.2, 0.0])


def test_r1_of_a_linear_score_is_its_squared_weight() -> None:
    linear, real = nn.Linear(7, 1), torch.randn(5, 7, requires_grad=True)
    for sign in (-1.0, 1.0):
        penalty = r1_penalty(linear(real), real, torch.tensor([sign]))
        torch.testing.assert_close(penalty, linear.weight.square().sum())


def test_r1_over_all_signs_is_the_mean_over_stages() -> None:
    linear, real = nn.Linear(4, 2), torch.randn(3, 4, requires_grad=True)
    signs = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
    mixed = torch.stack([r1_penalty(linear(real), real, sign) for sign in signs]).mean()
    torch.testing.assert_close(mixed, linear.weight.square().sum(1).mean())


def test_r1_trains_the_discriminator() -> None:
    net, real = nn.Sequential(nn.Linear(4, 8), nn.LeakyReLU(), nn.Linear(8, 1)), torch.randn(3, 4, requires_grad=True)
    torch.autograd.backward(r1_penalty(net(real), real, torch.ones(1)))
    assert all(layer.weight.grad is not None for layer in net if isinstance(layer, nn.Linear))
