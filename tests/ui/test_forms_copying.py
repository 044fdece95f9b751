"""What is copied gives the same parameters again: read by the command line's own parser, run as Python, pasted."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from workbench import fields
from workbench.cli import run as run_command
from workbench.cli import sweep as sweep_command
from workbench.cli import values as given_values
from workbench.cli.usage import Parser
from workbench.discovery import discover
from workbench.errors import UserError
from workbench.jobs.sweep import parse_vary, varied
from workbench.params import Params
from workbench.settings import Places, Settings
from workbench.tool import Tool
from workbench.ui.forms import Form, copying
from workbench.ui.forms.state import State

from .forms_sample import Sample, say
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


def runs_of(model: type[Params], values: Mapping[str, Any], vary: Mapping[str, Sequence[str]]) -> list[Params]:
    """The parameters of a sweep's runs."""
    together = [dict(zip(vary, texts, strict=True)) for texts in product(*vary.values())]
    return [fields.validate(model, varied(model, values, each)) for each in together]


def parse_sweep(command: str, model: type[Params]) -> list[Params]:
    """The parameters of the runs of a command, by the real parser."""
    program, name, tool, *rest = shlex.split(command)
    assert (program, name) == ("workbench", "sweep")
    parser = Parser("workbench sweep")
    sweep_command.arguments(parser, str)
    options = parser.parse_args([tool, *rest])
    vary = dict(parse_vary(each) for each in options.vary)
    return runs_of(model, given_values.given(options, Tool(tool, tool, model)), vary)


@pytest.mark.parametrize(
    ("values", "vary"),
    [
        ({}, {"seed": "0:5"}),
        ({"data": {"kind": "ring8", "sigma": 0.05}}, {"data": "ring8， grid25", "seed": "1, 3"}),
        ({"data": {"kind": "ring8"}, "steps": 6000}, {"data": "ring8,digits"}),
        ({"head": {"stages": 2}}, {"head.weights": "[[0.25, 0.75], [0.5, 0.5]]", "loss": "hinge"}),
        ({"optimizer": {"base": {"kind": "adam"}}}, {"optimizer.base.betas": "[[0, 0.9],[0.5, 0.9]]"}),
    ],
)
def test_a_copied_sweep_makes_the_same_runs(
    qtbot: QtBot, gan: type[Params], values: Mapping[str, Any], vary: Mapping[str, str]
) -> None:
    form = Form(gan, "tests", say)
    qtbot.addWidget(form)
    form.set_values(values)
    for path, text in vary.items():
        form.hub.set_vary(path, text)
    assert (list(form.vary()), form.problems()) == (list(vary), [])
    runs = runs_of(gan, form.values(), form.vary())
    assert parse_sweep(form.as_command(), gan) == runs
    names: dict[str, Any] = {}
    exec(form.as_python().replace("'TOOL'", "'gan'"), names)
    assert [each.model_dump() for each in names["params"]] == [each.model_dump() for each in runs]


def test_a_sweep_is_copied_as_it_was_written(qtbot: QtBot) -> None:
    form = Form(Sample, "tests", say)
    qtbot.addWidget(form)
    form.set_tool(Tool("sample", "Sample", Sample))
    form.put("steps", 7)
    for path, text in (("seed", " 0:5 "), ("rate", "1e-3, 1e-4"), ("note", '["a, b"]'), ("depth", "x")):
        form.hub.set_vary(path, text)
    form.toolbar.asked.emit("command")
    assert QGuiApplication.clipboard().text() == (
        "workbench sweep sample --vary seed=0:5 --vary rate=1e-3,1e-4 --vary 'note=[\"a, b\"]' --set steps=7"
    )


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
