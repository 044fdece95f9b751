from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
import torch

from workbench import resources
from workbench.ml import data
from workbench.ml.metrics import mode_metrics


def test_digits() -> None:
    images = data.digits()
    assert len(images.train) + len(images.held_out) == 1797
    assert images.shape == (1, 8, 8)
    assert (float(images.train.min()), float(images.train.max())) == (0, 1)
    assert int(images.held_out_labels.bincount().min()) >= 30
    assert images.fingerprint == data.digits().fingerprint
    assert "CC BY 4.0" in resources.path("digits.LICENSE.txt").read_text()


def test_mixtures_have_the_scale_and_spread_they_claim() -> None:
    ring = data.ring8(SimpleNamespace(radius=2.0, sigma=0.02))
    grid = data.grid25(SimpleNamespace(spacing=2.0, sigma=0.05))
    assert ring.scale == pytest.approx(2**0.5)
    assert grid.scale == pytest.approx(8**0.5)
    torch.testing.assert_close(ring.centres.norm(dim=1), torch.full((8,), 2.0))
    for each in (ring, grid):
        drawn = each.sample(20_000, torch.Generator().manual_seed(0))
        near = torch.cdist(drawn, each.centres).min(1).values
        assert float((near.square().mean() / 2).sqrt()) == pytest.approx(each.sigma, rel=0.02)


def test_a_fingerprint_names_the_distribution() -> None:
    ring = data.ring8(SimpleNamespace(radius=2.0, sigma=0.02))
    same = data.ring8(SimpleNamespace(radius=2.0, sigma=0.02))
    other = data.ring8(SimpleNamespace(radius=2.0, sigma=0.03))
    assert ring.fingerprint == same.fingerprint != other.fingerprint


@pytest.mark.parametrize("load", [data.moons, data.swissroll])
def test_a_curve_is_close_centres_whose_modes_are_arcs_of_it(load: Callable[..., data.Mixture]) -> None:
    curve = load(SimpleNamespace(radius=2.0, sigma=0.1))
    gaps = (curve.centres[1:] - curve.centres[:-1]).norm(dim=1).sort().values
    assert float(gaps[-2]) < 0.05  # one gap may be larger: between the moons
    assert curve.parts.bincount().tolist() == pytest.approx([len(curve.centres) / 20] * 20, abs=1)
    drawn = curve.sample(10_000, torch.Generator().manual_seed(0))
    found = mode_metrics(drawn, curve.centres, curve.sigma, curve.parts)
    assert found.modes == 20
    assert found.high_quality > 0.98
    assert found.kl < 0.01
    half = mode_metrics(drawn[drawn[:, 0] > 0], curve.centres, curve.sigma, curve.parts)
    assert half.modes < 20
    assert half.kl > 0.1
