from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from workbench_gan import PRESETS, TOOL
from workbench_gan.params import CONV, GAN, RECIPES, Head, filled

from workbench.fields import assign


def from_command_line(*assignments: str) -> GAN:
    values: dict[str, Any] = {}
    for each in assignments:
        assign(GAN, values, *each.split("=", 1))
    return GAN.model_validate(values)


def test_without_anything_set_the_recipe_is_that_of_digits() -> None:
    assert GAN() == from_command_line("data=digits")


@pytest.mark.parametrize("kind", RECIPES)
def test_the_recipe_follows_the_data(kind: str) -> None:
    params = from_command_line(f"data={kind}").model_dump()
    for name, value in RECIPES[kind].items():
        inner = value if isinstance(value, dict) else {}
        assert {key: params[name][key] for key in inner} == inner
        assert isinstance(value, dict) or params[name] == value


def test_what_is_set_prevails_and_the_rest_follows_the_data() -> None:
    params = from_command_line("optimizer.lr_g=0.01", "data=ring8", "steps=7")
    assert (params.optimizer.lr_g, params.steps) == (0.01, 7)
    assert params.optimizer.lr_d == RECIPES["ring8"]["optimizer"]["lr_d"]
    assert params.batch == RECIPES["ring8"]["batch"]


def test_a_record_is_read_back_unchanged() -> None:
    params = from_command_line("data=grid25", "head.stages=2")
    assert GAN.model_validate(params.model_dump()) == params


def test_an_unknown_data_set_of_another_plugin_gets_a_recipe() -> None:
    assert GAN(data="something").steps == RECIPES["idx"]["steps"]


def test_convolutions_bring_their_own_values() -> None:
    assert from_command_line("network.kind=conv").network.width == CONV["network"]["width"]


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
