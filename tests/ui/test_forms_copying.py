"""What is copied gives the same parameters again: read by the command line's own parser, run as Python, pasted."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from workbench import fields
from workbench.cli import run as run_command
from workbench.cli import values as given_values
from workbench.cli.usage import Parser
from workbench.discovery import discover
from workbench.errors import UserError
from workbench.params import Params
from workbench.settings import Places, Settings
from workbench.tool import Tool
from workbench.ui.forms import copying
from workbench.ui.forms.state import State

from .forms_sample import Sample
from .forms_values import values_of


def parse(command: str, model: type[Params]) -> Params:
    """The parameters of a command, by the real parser."""
    program, name, tool, *rest = shlex.split(command)
    assert (program, name) == ("workbench", "run")
    parser = Parser("workbench run")
    run_command.arguments(parser, str)
    options = parser.parse_args([tool, *rest])
    return fields.validate(model, given_values.given(options, Tool(tool, tool, model)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(values_of(Sample))
def test_a_copied_command_gives_the_same_parameters(values: dict[str, Any]) -> None:
    state = State(Sample)
    state.replace(values)
    assert not state.wrong
    command = copying.as_command("sample", Sample, state.values)
    assert parse(command, Sample) == fields.validate(Sample, values)


@pytest.fixture
def gan() -> type[Params]:
    return discover(Places.of(), Settings()).tools["gan"].tool.params


GAN_VALUES = [
    {},
    {"data": "ring8"},
    {"data": {"kind": "ring8", "sigma": 0.05}, "optimizer": {"base": {"kind": "adam", "betas": [0.5, 0.999]}}},
    {"optimizer": {"rate_d": 3.0, "stages": [{"kind": "lookahead"}, {"kind": "decay", "rate": 0.1}]}},
    {"steps": 4000, "network": {"kind": "conv", "width": 48}},
    {"head": {"stages": 2, "weights": [0.25, 0.75]}, "conditional": True, "device": "null"},
]


@pytest.mark.parametrize("values", GAN_VALUES)
def test_the_gans_command(gan: type[Params], values: Mapping[str, Any]) -> None:
    command = copying.as_command("gan", gan, values)
    assert parse(command, gan) == fields.validate(gan, values)


@pytest.mark.parametrize("values", GAN_VALUES)
def test_the_gans_python(gan: type[Params], values: Mapping[str, Any]) -> None:
    names: dict[str, Any] = {}
    exec(copying.as_python("gan", gan, values), names)
    assert names["params"].model_dump() == fields.validate(gan, values).model_dump()


def test_only_differences_are_copied(gan: type[Params]) -> None:
    assert copying.as_command("gan", gan, {"data": "digits", "steps": 4000}) == "workbench run gan"
    assert copying.as_command("gan", gan, {"data": {"kind": "ring8"}, "steps": 6000, "batch": 64}) == (
        "workbench run gan --set data=ring8 batch=64"
    )


@pytest.mark.parametrize(
    "text", ["null", '"quoted"', "[1]", "{}", "two words", "it's $HOME; rm", "", "=", "中文", "-1"]
)
def test_every_text_survives_shell_and_parser(text: str) -> None:
    command = copying.as_command("sample", Sample, {"note": text})
    assert parse(command, Sample) == Sample(note=text)


def test_wrong_values_are_copied_as_they_are() -> None:
    command = copying.as_command("sample", Sample, {"rate": "abc"})
    with pytest.raises(UserError, match="abc is not a number"):
        parse(command, Sample)


def test_a_group_is_copied_and_pasted() -> None:
    state = State(Sample)
    state.put("head.stages", 3)
    state.check()
    text = copying.group_as_json(state.shown("head"))
    other = State(Sample)
    other.put("head", copying.group_from_json(Sample, other.values, "head", text, other.put_into))
    other.check()
    assert other.shown("head") == state.shown("head")


@pytest.mark.parametrize("text", ["no json", '{"stages": 99}', '{"unknown": 1}', "[1]"])
def test_what_does_not_fit_is_refused(text: str) -> None:
    state = State(Sample)
    with pytest.raises(UserError, match="What was copied"):
        copying.group_from_json(Sample, state.values, "head", text, state.put_into)
