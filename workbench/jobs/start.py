"""From a wish to a job's specification: a new run, a stack of them, a live tool."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

import workbench
from workbench import fields
from workbench.errors import UserError
from workbench.jobs.slots import slot_of, threads_for
from workbench.jobs.spec import Member, Spec, Start
from workbench.params import Artifact, Params, Reference
from workbench.registry import FoundTool, Registry, unknown_tool
from workbench.runs.arrays import Arrays
from workbench.runs.workspace import Header, Link, Workspace
from workbench.settings import Settings, absolute
from workbench.tool import to_json

_VERSIONED = ("torch", "numpy", "transformers", "jieba", "rjieba")


@dataclass(frozen=True)
class Desk:
    """What starting needs: the tools, where runs are kept, the settings. at_once: jobs that will share the cores."""

    registry: Registry
    workspace: Workspace
    settings: Settings
    profile: str = ""
    safe_mode: bool = False
    at_once: int = 1

    def tool(self, name: str) -> FoundTool:
        """Raises UserError for an unknown tool, naming the nearest or those there are."""
        if name not in self.registry.tools:
            raise unknown_tool(self.registry, name)
        return self.registry.tools[name]


def new_run(desk: Desk, tool: str, params: Params, *, preset: str = "", group: str = "", command: str = "") -> Spec:
    """Makes a run of `tool` with these parameters. Raises UserError when the workspace cannot be written."""
    found = desk.tool(tool)
    arrays = Arrays()
    head = header(desk, found, recorded(desk, params, arrays), preset=preset, group=group, command=command)
    return specification(desk, head, desk.workspace.create(head, arrays), Start())


class Lists:
    """Writes arrays as lists, for whom no run keeps them: a live tool, or what changes along a run."""

    def write(self, array: Any) -> Any:
        """What stands for the array among the parameters."""
        return np.asarray(array).tolist()


def recorded(desk: Desk, params: Params, arrays: Arrays | Lists) -> dict[str, Any]:
    """The parameters as a run keeps them: runs to which they refer by their whole ids, so that "@last" does not come
    to mean another one, and files by their whole paths. Raises UserError for a run that is not there.
    """
    values: dict[str, Any] = _whole(params, fields.record(params, arrays))
    for field in fields.walk(type(params)):
        if any(isinstance(each, Artifact) for each in field.info.metadata):
            _spell(desk.workspace, values, field.path)
    return values


def _whole(value: Any, kept: Any) -> Any:
    """What is kept of a value, with whole paths: the run may be resumed or repeated in another folder."""
    match value, kept:
        case Path(), _:
            return str(absolute(value))
        case BaseModel(), dict():
            return {name: _whole(getattr(value, name, None), each) for name, each in kept.items()}
        case (list() | tuple(), list()):
            return [_whole(*each) for each in zip(value, kept, strict=True)]
        case _:
            return kept


def _spell(workspace: Workspace, values: dict[str, Any], path: str) -> None:
    *groups, name = path.split(".")
    inside: Any = values
    for each in groups:
        inside = inside.get(each) if isinstance(inside, dict) else None
    given = inside.get(name) if isinstance(inside, dict) else None
    if not isinstance(given, str) or not given:
        return
    found = Reference.parse(given)
    if found is not None:
        inside[name] = str(replace(found, run=_run(workspace, found.run, path)))
    else:
        inside[name] = str(absolute(Path(given)))


def _run(workspace: Workspace, name: str, path: str) -> str:
    try:
        return workspace.find(name).name
    except UserError as error:
        raise UserError(error.text, error.remedy, field=path) from None


def live(desk: Desk, tool: str, params: Params) -> Spec:
    """A live tool in a resident worker: not a run; `new_run` with the same parameters keeps what it shows."""
    found = desk.tool(tool)
    head = header(desk, found, recorded(desk, params, Lists()))
    spec = specification(desk, head, Path(tempfile.mkdtemp(prefix="workbench-live-")), Start())
    return spec.model_copy(update={"live": True})


def stacked_run(
    desk: Desk, tool: str, variants: Sequence[Params], *, preset: str = "", group: str = "", command: str = ""
) -> Spec:
    """Makes one run for each of the parameters, which differ only in fields marked `stack`, filled by one job."""
    specs = [new_run(desk, tool, each, preset=preset, group=group, command=command) for each in variants]
    members = tuple(Member(folder=each.folder, params=each.params) for each in specs[1:])
    return specs[0].model_copy(update={"members": members})


def header(
    desk: Desk,
    found: FoundTool,
    params: Mapping[str, Any],
    *,
    preset: str = "",
    group: str = "",
    command: str = "",
    like: Header | None = None,
    links: tuple[Link, ...] = (),
) -> Header:
    """What a new run starts from. like: a run whose device and threads are used again: results depend on them."""
    settings = desk.settings
    return Header(
        tool=found.tool.id,
        plugin=found.plugin,
        plugin_version=found.version,
        declaration=to_json(found.tool),
        params=params,
        seed=params["seed"],
        device=like.device if like else settings.device,
        threads=like.threads if like else settings.threads or threads_for(desk.at_once, found.tool.threads),
        versions=versions(),
        preset=preset,
        group=group,
        command=command,
        links=links,
    )


def versions() -> dict[str, str]:
    """The versions that a result may depend on: ours, Python's, and of the libraries that compute."""
    found = {"workbench": workbench.__version__, "python": platform.python_version(), "system": sys.platform}
    for name in _VERSIONED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def specification(desk: Desk, head: Header, folder: Path, start: Start) -> Spec:
    """The job that fills the run in `folder`, beginning at `start`."""
    wish = head.params.get("device", "auto")
    device = head.device if wish == "auto" else wish
    return Spec(
        tool=head.tool,
        folder=folder,
        workspace=desk.workspace.root,
        params=dict(head.params),
        device=head.device,
        slot=slot_of(device, "torch" in desk.tool(head.tool).tool.warm),
        threads=head.threads,
        cores=threads_for(desk.at_once),
        start=start,
        profile=desk.profile,
        safe_mode=desk.safe_mode,
        grace=desk.settings.grace_seconds,
        silence=desk.settings.silence_seconds,
        memory_gigabytes=desk.settings.memory_gigabytes,
        cache_gigabytes=desk.settings.cache_gigabytes,
        guard=desk.settings.guard,
        checkpoint_seconds=desk.settings.checkpoint_seconds,
        checkpoints_kept=desk.settings.checkpoints_kept,
    )
