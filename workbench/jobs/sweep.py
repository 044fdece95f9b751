"""Many runs of one tool that differ in chosen parameters: a group, stacked where the tool can."""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import groupby, product
from typing import Any

from pydantic import BaseModel

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.slots import Slots
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, stacked_run
from workbench.jobs.supervisor import Job
from workbench.params import Params
from workbench.texts import T
from workbench.tool import Tool

Vary = Mapping[str, Sequence[str]]
"""Texts by path, as on the command line: `{"seed": ["0", "1"], "head.stages": ["1", "3"]}`."""
MOST = 10_000
_RANGE = re.compile(r"(-?[0-9]{1,18}):(-?[0-9]{1,18})")


def parse_vary(text: str) -> tuple[str, list[str]]:
    """`seed=0:5` (0 to 4), `head.stages=1,3`, `betas=[[0,0.9],[0,0.99]]`. Raises UserError."""
    path, equals, values = text.partition("=")
    if not equals or not path or not values:
        raise UserError(T("{text} is not of the form name=1,2,3 or name=0:5.", text=text))
    if values.startswith("["):
        return path, [as_text(each) for each in _list(text, values)]
    if bounds := _RANGE.fullmatch(values):
        return path, _range(*map(int, bounds.groups()))
    return path, values.split(",")


def as_text(value: Any) -> str:
    """A value as the command line names it."""
    return value if isinstance(value, str) else json.dumps(value)


def _range(first: int, last: int) -> list[str]:
    if last - first > MOST:
        raise _too_many(last - first)
    return [str(each) for each in range(first, last)]


def _too_many(count: int) -> UserError:
    return UserError(T("This would make {count} runs.", count=count))


def _list(text: str, values: str) -> list[Any]:
    try:
        found: list[Any] = json.loads(values)
    except (ValueError, RecursionError) as error:
        raise UserError(T("{text}: {problem}", text=text[:100], problem=error)) from error
    return found


def new_group(name: str) -> str:
    """A group's id, e.g. 20261124-150102-gan-x3f9."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{name}-{secrets.token_hex(2)}"


def plan(
    desk: Desk,
    name: str,
    values: Mapping[str, Any],
    vary: Vary,
    *,
    group: str = "",
    preset: str = "",
    command: str = "",
) -> list[Spec]:
    """The jobs of a sweep. Runs that differ only in fields marked `stack` share a job, if the tool has `stacked`.

    Raises UserError for a wrong field or value before any run is made.
    """
    about = {"preset": preset, "group": group or new_group(name), "command": command}
    return [stacked_run(desk, name, together, **about) for together in variants(desk, name, values, vary)]


def variants(desk: Desk, name: str, values: Mapping[str, Any], vary: Vary) -> list[list[Params]]:
    """The parameters of a sweep's runs, those together that share a job. Raises UserError."""
    tool = desk.tool(name).tool
    wanted = [(each, _params(tool, values, each)) for each in combinations(vary)]
    if not tool.stacked:
        return [[params] for _, params in wanted]
    apart = [path for path in vary if path not in _stackable(tool)]
    ordered = sorted(wanted, key=lambda each: json.dumps([each[0][path] for path in apart]))
    jobs = groupby(ordered, key=lambda each: [each[0][path] for path in apart])
    return [[params for _, params in together] for _, together in jobs]


def combinations(vary: Vary) -> list[dict[str, str]]:
    """The texts by path of each run of a sweep. Raises UserError for none or too many."""
    count = 1
    for texts in vary.values():
        count *= len(texts)
    if not 0 < count <= MOST:
        raise _too_many(count)
    return [dict(zip(vary, texts, strict=True)) for texts in product(*vary.values())]


def _params(tool: Tool, values: Mapping[str, Any], texts: Mapping[str, str]) -> Params:
    return fields.validate(tool.params, varied(tool.params, values, texts))


def varied(model: type[BaseModel], values: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """The values of one run of a sweep, not yet checked: a variant's member is chosen before its fields are set.

    The member that the values hold keeps its fields. Raises UserError for a field that does not exist.
    """
    given = deepcopy(dict(values))
    for path, text in fields.parents_first(texts).items():
        held = _group_at(given, path)
        fields.assign(model, given, path, text)
        chosen = _group_at(given, path)
        if chosen == {"kind": text} and held.get("kind") == text:
            chosen.update(held)
    return given


def _group_at(values: dict[str, Any], path: str) -> dict[str, Any]:
    """What is set of a group or variant, nothing where it is another kind of field."""
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _stackable(tool: Tool) -> set[str]:
    return {field.path for field in fields.walk(tool.params) if field.flag("stack")}


def supervise_all(
    desk: Desk,
    specs: Iterable[Spec],
    started: Callable[[Job], None],
    stopping: threading.Event,
    runner: str = "process",
) -> list[Job]:
    """Runs the jobs, as many at once as there are slots; returns when all have ended. Stops them when `stopping`."""
    slots = Slots(desk.settings.cpu_slots, desk.settings.gpu_slots)
    jobs = [Job(each, desk.registry, runner, slots=slots) for each in specs]
    for job in jobs:
        started(job)
    threads = [threading.Thread(target=job.supervise, name=job.run_id) for job in jobs]
    for thread in threads:
        thread.start()
    asked = False
    while any(thread.is_alive() for thread in threads):
        if stopping.is_set() and not asked:
            asked = True
            for job in jobs:
                job.stop()
        for thread in threads:
            thread.join(0.05)
    return jobs
