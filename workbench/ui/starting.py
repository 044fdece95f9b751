"""What starting takes, all of it off the GUI thread: checking parameters, making runs, reading what was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench import fields
from workbench.jobs.again import resume_run
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, live, new_run
from workbench.jobs.sweep import plan
from workbench.params import Params
from workbench.runs.arrays import Arrays
from workbench.ui.stored import Stored, read_folder


@dataclass(frozen=True)
class Wish:
    """What a person wants to run. vary: texts by path, as on the command line: every combination is a run."""

    tool: str
    values: Mapping[str, Any]
    vary: Mapping[str, Sequence[str]]
    preset: str = ""


def make(desk: Desk, wish: Wish) -> list[Spec]:
    """The jobs that do it, one unless it varies. Raises UserError for wrong parameters and a full disk."""
    if wish.vary:
        return plan(desk, wish.tool, wish.values, wish.vary, preset=wish.preset)
    return [new_run(desk, wish.tool, checked(desk, wish), preset=wish.preset)]


def play(desk: Desk, wish: Wish) -> Spec:
    """A resident worker for a live tool."""
    return live(desk, wish.tool, checked(desk, wish))


def go_on(desk: Desk, run: str) -> tuple[Spec, Stored]:
    """A stopped run, to be continued, and what it has shown so far. Raises UserError."""
    spec = resume_run(desk, run, {})
    return spec, read_folder(spec.folder)


def checked(desk: Desk, wish: Wish) -> Params:
    """The parameters. Raises ParameterError."""
    return fields.validate(desk.tool(wish.tool).tool.params, wish.values, Arrays())
