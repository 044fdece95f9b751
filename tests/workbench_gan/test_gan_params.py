from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from workbench_gan import PRESETS, TOOL
from workbench_gan.params import CONV, GAN, RECIPES, Head, filled

from workbench.fields import assign, live_paths, problems, restore
from workbench.ml.optim.bases import SGD, Adam
from workbench.ml.optim.params import Average
from workbench.ui.forms.nested import plain


def from_command_line(*assignments: str) -> GAN:
    values: dict[str, Any] = {}
    for each in assignments:
        assign(GAN, values, *each.split("=", 1))
    return GAN.model_validate(values)


def test_without_anything_set_the_recipe_is_that_of_digits() -> None:
    assert GAN() == from_command_line("data=digits")


@pytest.mark.parametrize("kind", RECIPES)
def test_the_recipe_follows_the_data(kind: str) -> None:
    params = from_command_line(f"data={kind}")
    assert GAN.model_validate(filled(RECIPES[kind], plain(params.model_dump()))) == params


def test_what_is_set_prevails_and_the_rest_follows_the_data() -> None:
    params = from_command_line("optimizer.rate_d=4", "data=ring8", "steps=7")
    assert (params.optimizer.rate_d, params.steps) == (4, 7)
    assert params.optimizer.base == Adam(lr=3e-3, betas=(0.0, 0.99))
    assert params.batch == RECIPES["ring8"]["batch"]


def test_another_base_keeps_nothing_of_the_recipes() -> None:
    assert from_command_line("data=ring8", "optimizer.base=sgd").optimizer.base == SGD()
    kept = from_command_line("data=ring8", "optimizer.base.eps=1e-6").optimizer.base
    assert kept == Adam(lr=3e-3, betas=(0.0, 0.99), eps=1e-6)


def test_other_stages_replace_those_of_the_recipe() -> None:
    found = from_command_line("data=grid25", 'optimizer.stages=[{"kind":"lookahead"},{"kind":"decay"}]').optimizer
    assert [each.kind for each in found.stages] == ["decay", "lookahead"]
    assert found.base == Adam(lr=4e-3, betas=(0.0, 0.99))


@pytest.mark.parametrize("base", ["sparseadam", "lbfgs", "muon"])
def test_a_base_that_asks_for_another_loop_is_refused_in_a_sentence(base: str) -> None:
    ((field, text), *_) = problems(GAN, {"optimizer": {"base": base}})
    assert field == "optimizer"
    assert str(text).endswith(".")


@pytest.mark.parametrize(
    ("stages", "said"),
    [(1, "give one weight for the one score, or none."), (3, "give one weight for each of the 3 scores, or none.")],
)
def test_weights_are_as_many_as_scores(stages: int, said: str) -> None:
    assert problems(GAN, {"head": {"stages": stages, "weights": [1, 2]}}) == [("head", said)]


def test_a_lower_rate_lowers_that_of_both_networks() -> None:
    """What the guard scales are the live fields called lr; the discriminator's rate is a multiple of the one."""
    assert live_paths(GAN) == {"optimizer.base.lr", "optimizer.rate_d"}


def old(kind: str, **optimizer: float) -> dict[str, Any]:
    """What version 1 recorded."""
    record = GAN.model_validate({"data": kind}).model_dump()
    before = {"lr_g": 1e-3, "lr_d": 2e-3, "beta1": 0.0, "beta2": 0.99, "hold": 0.4, "final": 0.01, "ema": 0.998}
    return {**record, "version": 1, "optimizer": {**before, **optimizer}}


OLD: list[tuple[str, dict[str, float]]] = [
    ("digits", {}),
    ("ring8", {"lr_g": 3e-3, "lr_d": 6e-3, "hold": 0.5}),
    ("grid25", {"lr_g": 4e-3, "lr_d": 5e-3, "hold": 0.5, "ema": 0.999}),
    ("idx", {"lr_g": 5e-4, "lr_d": 1e-3}),
]


@pytest.mark.parametrize(("kind", "optimizer"), OLD)
def test_a_record_of_version_1_is_the_recipe_that_it_was(kind: str, optimizer: dict[str, float]) -> None:
    assert restore(GAN, old(kind, **optimizer)) == GAN.model_validate({"data": kind})


@given(st.floats(1e-6, 1.0), st.floats(1e-6, 1.0), st.floats(0.0, 0.99), st.floats(0.0, 0.99))
def test_old_rates_stay_what_they_were(lr_g: float, lr_d: float, beta: float, ema: float) -> None:
    found = restore(GAN, old("digits", lr_g=lr_g, lr_d=lr_d, beta1=beta, ema=ema))
    assert isinstance(found, GAN)
    o = found.optimizer
    assert isinstance(o.base, Adam)
    assert o.base.lr == lr_g
    assert o.base.lr * o.rate_d == pytest.approx(lr_d, rel=4e-16)
    assert o.base.betas == (beta, 0.99)
    assert o.stages == (Average(decay=ema, start="warm"),)


def test_a_record_is_read_back_unchanged() -> None:
    params = from_command_line("data=grid25", "head.stages=2")
    assert GAN.model_validate(params.model_dump()) == params


def test_an_unknown_data_set_of_another_plugin_gets_a_recipe() -> None:
    assert GAN(data="something").steps == RECIPES["idx"]["steps"]


def test_convolutions_bring_their_own_values() -> None:
    assert from_command_line("network.kind=conv").network.width == CONV["network"]["width"]


def test_members_of_a_variant_are_filled_only_with_their_own() -> None:
    recipe = {"base": {"kind": "a", "x": 1, "y": 2}}
    assert filled({"base": {"kind": "a", "x": 5}}, recipe) == {"base": {"kind": "a", "x": 5, "y": 2}}
    assert filled({"base": {"kind": "b"}}, recipe) == {"base": {"kind": "b"}}
    assert filled({"base": "a"}, recipe) == {"base": "a"}


def test_filling_does_not_change_its_arguments() -> None:
    values, recipe = {"a": {"x": 1}}, {"a": {"x": 0, "y": 2}, "b": 3}
    assert filled(values, recipe) == {"a": {"x": 1, "y": 2}, "b": 3}
    assert (values, recipe) == ({"a": {"x": 1}}, {"a": {"x": 0, "y": 2}, "b": 3})


@pytest.mark.parametrize("weights", [(1.0,), (1.0, 2.0, 3.0), (0.0, 0.0), (-1.0, 2.0)])
def test_refuses_weights_that_do_not_fit(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError):
        Head(stages=2, weights=weights)


def test_presets_are_valid_and_say_what_to_look_for() -> None:
    for preset in PRESETS:
        GAN.model_validate(preset.values)
        assert preset.text
    assert TOOL.presets[0].id == "digits"
