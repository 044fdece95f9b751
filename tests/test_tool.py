"""Declarations: frozen, checked, and JSON that opens without the plugin."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from workbench.params import Group, P, Params
from workbench.tool import Action, Handle, Layer, Panel, Preset, Tool, panels_from_json, to_json


class Walk(Params):
    steps: int = P(100, "Steps", ge=1)


class Kick(Group):
    strength: float = P(1.0, "Strength")


PANELS = (
    Panel("cloud", parts=(Layer("points", "here", {"size": 3}), Handle("select", "steps", of="here")), log="xy"),
    Panel("words", "text", "log", title="Words"),
)
TOOL = Tool(
    "walk", "A random walk", Walk, run=".job:run", panels=PANELS, layout="cloud | words",
    actions=(Action("kick", "Kick", Kick), Action("reset", "Reset")),
    presets=(Preset("long", "Long", {"steps": 1000, "start": Path("a")}, "Watch it spread."),),
)  # fmt: skip


def test_a_declaration_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        TOOL.title = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Tool(id="walk", title="Walk", params=BaseModel, run=":run"), "params"),  # type: ignore[arg-type]
        (lambda: Tool("walk", "Walk", Walk, runs=":run"), "runs"),  # type: ignore[call-arg]
        (lambda: Layer(kind="circle", stream="here"), "kind"),  # type: ignore[arg-type]
        (lambda: Handle(gesture="wave", param="steps"), "gesture"),  # type: ignore[arg-type]
        (lambda: Panel("cloud", space="cube"), "space"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_declaration_says_what_is_wrong(make: Any, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make()
    assert field in str(caught.value)


def test_a_declaration_survives_json() -> None:
    recorded = json.loads(json.dumps(to_json(TOOL)))
    assert panels_from_json(recorded) == PANELS
    assert recorded["params"]["properties"]["steps"]["title"] == "Steps"
    assert recorded["actions"][0]["params"]["properties"]["strength"]["default"] == 1.0
    assert recorded["actions"][1]["params"] is None
    assert (recorded["id"], recorded["presets"][0]["values"]) == ("walk", {"steps": 1000, "start": "a"})


def test_a_record_without_panels_has_none() -> None:
    assert panels_from_json({}) == ()
