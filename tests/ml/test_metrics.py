from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.ml.data import mixture
from workbench.ml.metrics import coverage, frechet, mode_metrics, nearest_distances

SQUARE = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])


def test_modes_of_the_truth_itself() -> None:
    drawn = mixture(SQUARE, 0.05).sample(10_000, torch.Generator().manual_seed(0))
    found = mode_metrics(drawn, SQUARE, 0.05)
    assert found.modes == 4
    assert found.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.004)  # Rayleigh within 3 sigma
    assert 0 <= found.kl < 0.001


@pytest.mark.parametrize("sigma", [1e-3, 1e-4, 1e-5])
def test_the_narrowest_modes_are_measured_as_well(sigma: float) -> None:
    """Squares of sums would lose in rounding what is smaller than a thousandth of the centres' distance."""
    drawn = mixture(SQUARE, sigma).sample(10_000, torch.Generator().manual_seed(0))
    assert mode_metrics(drawn, SQUARE, sigma).high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.004)


def test_one_mode_alone() -> None:
    found = mode_metrics(SQUARE[:1].repeat(100, 1), SQUARE, 0.1)
    assert (found.modes, found.high_quality) == (1, 1.0)
    assert found.kl == pytest.approx(math.log(4))


def test_a_mode_counts_from_a_tenth_of_its_share() -> None:
    samples = SQUARE[[0] * 39 + [1] * 1]
    assert mode_metrics(samples, SQUARE, 0.1).modes == 2
    assert mode_metrics(SQUARE[[0] * 41 + [1] * 1], SQUARE, 0.1).modes == 1


def test_nothing_near_any_mode() -> None:
    for bad in (torch.full((10, 2), 50.0), torch.full((10, 2), math.nan), torch.full((10, 2), math.inf)):
        found = mode_metrics(bad, SQUARE, 0.1)
        assert (found.modes, found.high_quality) == (0, 0.0)
        assert found.kl == pytest.approx(math.log(4))
    assert mode_metrics(torch.full((10, 2), math.nan), SQUARE, 1e7).high_quality == 0


@settings(deadline=None)
@given(st.integers(0, 2**31), st.floats(0.01, 0.6))
def test_modes_do_not_depend_on_order(seed: int, sigma: float) -> None:
    g = torch.Generator().manual_seed(seed)
    samples = mixture(SQUARE, sigma).sample(60, g)
    shuffled = samples[torch.randperm(60, generator=g)]
    assert mode_metrics(samples, SQUARE, 0.1) == mode_metrics(shuffled, SQUARE, 0.1)
    turned = mode_metrics(samples, SQUARE.flip(0), 0.1)
    assert turned.modes == mode_metrics(samples, SQUARE, 0.1).modes


def test_frechet_of_two_normals() -> None:
    """In one dimension it is (difference of means)^2 + (difference of deviations)^2."""
    x = torch.randn(2000, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x = (x - x.mean()) / x.std()
    assert frechet(x, 3 + 2 * x) == pytest.approx(9 + 1, rel=1e-5)


@settings(deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 5))
def test_frechet_is_a_distance(seed: int, d: int) -> None:
    g = torch.Generator().manual_seed(seed)
    a, b = torch.randn(40, d, generator=g), 2 * torch.randn(50, d, generator=g) + 1
    assert frechet(a, b) == pytest.approx(frechet(b, a), rel=1e-4, abs=1e-4)
    assert frechet(a, a) == pytest.approx(0, abs=1e-3)
    assert frechet(a[torch.randperm(40, generator=g)], b) == pytest.approx(frechet(a, b), rel=1e-6)


def test_frechet_where_a_feature_is_constant() -> None:
    a = torch.cat([torch.randn(50, 2), torch.zeros(50, 1)], 1)
    assert math.isfinite(frechet(a, a + 1))


def test_coverage_counts_reals_that_have_a_fake_near() -> None:
    real = torch.arange(20.0)[:, None]
    assert coverage(real, real, k=5) == 1
    assert coverage(real, torch.full((30, 1), 1e6), k=5) == 0
    assert coverage(real, torch.tensor([[0.0]]), k=1) == pytest.approx(2 / 20)  # 0 itself, and 1 at distance 1


@settings(deadline=None)
@given(st.integers(0, 2**31))
def test_coverage_does_not_depend_on_order_nor_repeats(seed: int) -> None:
    g = torch.Generator().manual_seed(seed)
    real, fake = torch.randn(30, 3, generator=g), torch.randn(30, 3, generator=g)
    expected = coverage(real, fake)
    assert coverage(real[torch.randperm(30, generator=g)], fake.repeat(2, 1).flip(0)) == expected


def test_nearest_distances() -> None:
    samples, among = torch.zeros(3, 1, 2, 2), torch.ones(5, 1, 2, 2)
    torch.testing.assert_close(nearest_distances(samples, among), torch.full((3,), 2.0))
