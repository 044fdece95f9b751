from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from workbench_gan import artifacts
from workbench_gan.game import Game, penalty_at
from workbench_gan.judging import latents_to_judge
from workbench_gan.params import GAN
from workbench_gan.show import SHOWN_SEED, latents_apart

from workbench.ml import data, judge

RING = data.ring8(SimpleNamespace(radius=2.0, sigma=0.02))
DIGITS = data.digits()
Make = Callable[..., Any]


def test_a_short_run_on_the_ring_finds_all_modes(trained: Make) -> None:
    """A fifth of the recipe's steps on a ring with wider modes."""
    ring = data.ring8(SimpleNamespace(radius=2.0, sigma=0.1))
    found = trained(ring, data="ring8", steps=800, looking=False).last
    assert found["modes"] == 8
    assert found["high_quality"] > 0.6
    assert found["mode_kl"] < 0.1


def test_looking_changes_nothing(trained: Make) -> None:
    for values in ({"data": "ring8"}, {"data": "ring8", "regularisation": {"spectral_norm": True}}):
        seen, unseen = (trained(RING, looking, steps=20, **values) for looking in (True, False))
        for name in ("G", "D"):
            ours, theirs = (each.tracked[name].state_dict() for each in (seen, unseen))
            assert all(torch.equal(ours[key], theirs[key]) for key in theirs)
        assert set(seen.frames) >= {"truth", "fake", "score", "scores/1", "scores/3", "left_over", "angles"}


def test_fresh_latents_are_others_at_every_step_whatever_is_looked_at(
    trained: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a generator that hardly learns, pictures differ by their latents alone."""
    monkeypatch.setattr(judge, "STEPS", 2)
    still = {"optimizer": {"base": {"kind": "adam", "lr": 1e-30}}, "network": {"width": 8}}
    longer, shorter = (trained(DIGITS, steps=steps, **still).pictures for steps in (3, 2))
    assert abs(longer["fixed"][0] - longer["fixed"][1]).max() < 1e-6
    assert abs(longer["fresh"][0] - longer["fresh"][1]).max() > 0.1
    assert np.array_equal(longer["fresh"][1], shorter["fresh"][1])


def test_the_same_seed_gives_the_same_run_and_another_another(trained: Make) -> None:
    first, again, other = (trained(RING, False, data="ring8", steps=15, seed=s).last for s in (3, 3, 4))
    same = {name for name in first if not name.startswith("time/")}
    assert all(first[name] == again[name] for name in same)
    assert first["loss/d"] != other["loss/d"]


def test_goes_on_exactly_from_tracked_state() -> None:
    params = GAN.model_validate({"data": "ring8", "steps": 10, "regularisation": {"spectral_norm": True}})
    straight, broken = Game(params, RING), Game(params, RING)
    for step in range(1, 11):
        straight.set_rates(step)
        straight.play(step)
    for step in range(1, 6):
        broken.set_rates(step)
        broken.play(step)
    resumed = Game(params, RING)
    for name, ours in resumed.state.items():
        theirs = broken.state[name]
        if isinstance(theirs, torch.Generator):
            ours.set_state(theirs.get_state())
        else:
            ours.load_state_dict(theirs.state_dict())
    for step in range(6, 11):
        resumed.set_rates(step)
        resumed.play(step)
    with straight.opt_g.averaged(), resumed.opt_g.averaged():
        for a, b in zip(straight.G.parameters(), resumed.G.parameters(), strict=True):
            assert torch.equal(a, b)


def test_the_recipe_is_torchs_adam_with_an_average_beside_it() -> None:
    """Played by hand with plain optimizers, to the last bit; the average as its definition has it."""
    params = GAN.model_validate({"data": "ring8", "steps": 30})
    ours, plain = Game(params, RING), Game(params, RING)
    plain.opt_g, plain.opt_d = (  # type: ignore[assignment]
        torch.optim.Adam(net.parameters(), betas=(0.0, 0.99), fused=True) for net in (plain.G, plain.D)
    )
    average = [each.detach().clone() for each in plain.G.parameters()]
    for step in range(1, 31):
        for game in (ours, plain):
            game.set_rates(step)
            game.play(step)
        torch._foreach_lerp_(
            average, [each.detach() for each in plain.G.parameters()], 1 - min(0.998, step / (9 + step))
        )
    for net in ("G", "D"):
        assert all(map(torch.equal, getattr(ours, net).parameters(), getattr(plain, net).parameters()))
    with ours.opt_g.averaged():
        assert all(map(torch.equal, ours.G.parameters(), average))
    assert not any(map(torch.equal, ours.G.parameters(), average))


def test_without_an_average_samples_come_from_the_generator_itself() -> None:
    game = Game(GAN.model_validate({"data": "ring8", "optimizer": {"stages": []}}), RING)
    game.set_rates(1)
    game.play(1)
    latents = game.latents(5)
    torch.testing.assert_close(game.sample(latents), game.G(latents) * game.source.scale)


def test_the_rates_follow_what_is_set_while_it_trains() -> None:
    game = Game(GAN.model_validate({"data": "ring8", "steps": 100}), RING)
    changed = GAN.model_validate({"data": "ring8", "optimizer": {"base": {"kind": "adam", "lr": 0.5}, "rate_d": 4}})
    game.set_rates(1, changed.optimizer)
    assert [each.param_groups[0]["lr"] for each in (game.opt_g, game.opt_d)] == [0.5, 2.0]
    game.set_rates(76, changed.optimizer)  # half of the way down to a hundredth
    assert game.opt_g.param_groups[0]["lr"] == pytest.approx(0.5 * 0.505)


def test_a_fork_trains_with_the_settings_it_is_given() -> None:
    """A checkpoint holds the settings of the optimizers that wrote it beside what they remember."""
    first = Game(GAN.model_validate({"data": "ring8"}), RING)
    first.set_rates(1)
    first.play(1)
    base = {"kind": "adam", "betas": [0.5, 0.9], "eps": 1e-4}
    fork = Game(GAN.model_validate({"data": "ring8", "optimizer": {"base": base}}), RING)
    for name in ("opt_g", "opt_d"):
        getattr(fork, name).load_state_dict(first.state[name].state_dict())
        fork.set_rates(2)
        (group,) = getattr(fork, name).param_groups
        assert (group["betas"], group["eps"]) == ((0.5, 0.9), 1e-4)
    assert len(fork.opt_g.state) == len(first.opt_g.state) > 0


@pytest.mark.parametrize(
    "values",
    [
        {"loss": "hinge", "regularisation": {"spectral_norm": True, "r1": 0.0}},
        {"network": {"kind": "conv", "width": 8}},
        {"conditional": True},
        {"conditional": True, "head": {"stages": 1}},
        {"head": {"stages": 2, "weights": (1.0, 0.5), "generator": "first"}},
        {"network": {"clusters": 0}},
        {"optimizer": {"base": "sgd", "stages": ["accumulate", "decay", "adaptation", "piecewise", "lookahead"]}},
        {"optimizer": {"base": "adafactor", "stages": []}},
    ],
)
def test_every_variant_trains_on_images_of_any_size(
    trained: Make, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "STEPS", 2)
    odd = data.Images(
        torch.rand(40, 1, 9, 7), torch.arange(40) % 3, torch.rand(20, 1, 9, 7), torch.arange(20) % 3, 3, "ab" * 32
    )
    found = trained(odd, steps=3, **values)
    assert found.frames["fixed"].shape == (64, 1, 9, 7)
    assert {"sure", "classes", "coverage", "frechet", "nearest", "real/sure", "real/coverage"} <= set(found.last)


@pytest.mark.parametrize("seed", [0, 1, 2**31])
def test_latents_that_are_judged_are_neither_shown_nor_begun_to_train_with(seed: int) -> None:
    game = Game(GAN.model_validate({"data": "ring8", "seed": seed}), RING)
    judged = latents_to_judge(game, 100)
    assert torch.equal(judged, latents_to_judge(game, 100))
    for other in (latents_apart(game, 100, SHOWN_SEED), game.latents(100)):
        assert not torch.isin(judged, other).any()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"network": {"kind": "conv"}}, ["Convolutions take images: of points in the plane, perceptrons are trained."]),
        ({"conditional": True}, ["There are no classes in this data: the networks are told of none."]),
        ({}, []),
    ],
)
def test_says_what_the_data_do_not_allow(trained: Make, values: dict[str, Any], said: list[str]) -> None:
    network = {"width": 8, "latent": 2, **values.get("network", {})}
    assert trained(RING, False, **{**values, "data": "ring8", "steps": 2, "network": network}).notices == said


def test_the_penalty_falls_and_skips() -> None:
    params = GAN.model_validate(
        {"data": "ring8", "steps": 100, "regularisation": {"r1": 1.0, "r1_final": 0.01, "r1_every": 2}}
    )
    assert penalty_at(1, params) == 2
    assert penalty_at(2, params) == 0
    assert penalty_at(41, params) == pytest.approx(0.2)
    assert penalty_at(99, params) == pytest.approx(0.02)


@pytest.mark.parametrize("values", [{"data": "ring8"}, {"conditional": True}, {"network": {"kind": "conv"}}])
def test_artifacts_give_back_the_networks(tmp_path: Path, values: dict[str, Any]) -> None:
    record = RING if values.get("data") else DIGITS
    game = Game(GAN.model_validate({**values, "steps": 2}), record)
    game.set_rates(1)
    game.play(1)
    artifacts.save_generator(game, tmp_path / "g")
    artifacts.save_discriminator(game, tmp_path / "d")
    latents = game.latents(5)
    generator, critic = artifacts.load_generator(tmp_path / "g"), artifacts.load_discriminator(tmp_path / "d")
    samples = generator(latents)
    torch.testing.assert_close(samples, game.sample(latents))
    assert critic(samples, game.labels(latents)).shape == (5, 3)


def test_latents_name_one_cluster_or_one_class() -> None:
    plain = Game(GAN.model_validate({"network": {"latent": 4, "clusters": 5}}), DIGITS)
    codes = plain.latents(50)[:, 4:]
    assert codes.shape == (50, 5)
    assert bool((codes.count_nonzero(1) == 1).all())
    assert plain.labels(plain.latents(3)) is None
    by_class = Game(GAN.model_validate({"conditional": True}), DIGITS)
    labels = by_class.labels(by_class.latents(2000))
    assert labels is not None
    assert labels.bincount().shape == (10,)
    assert int(labels.bincount().min()) > 100
