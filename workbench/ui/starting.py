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
from workbench.ui.forms.copying import assignments
from workbench.ui.forms.nested import plain
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


def go_on(
    desk: Desk, run: str, model: type[Params] | None = None, values: Mapping[str, Any] | None = None
) -> tuple[Spec, Stored]:
    """A stopped run, to be continued, and what it has shown so far. Raises UserError.

    values: what a form of these parameters says; of it `steps` and what may change while a job runs is taken.
    """
    wanted = {} if model is None else settings(model, values or {})
    allowed = fields.live_paths(model) | {"steps"} if model else set()
    spec = resume_run(desk, run, {path: text for path, text in wanted.items() if path in allowed})
    return spec, read_folder(spec.folder)


def settings(model: type[Params], values: Mapping[str, Any]) -> dict[str, str]:
    """Every parameter by its path, as text of the command line: those too that were not set and take their defaults,
    for a run may have others. Raises ParameterError."""
    whole = plain(fields.validate(model, values, Arrays()))
    whole.pop("version", None)
    return dict(each.split("=", 1) for each in assignments(model, whole))


def checked(desk: Desk, wish: Wish) -> Params:
    """The parameters. Raises ParameterError."""
    return fields.validate(desk.tool(wish.tool).tool.params, wish.values, Arrays())
