"""From a wish to a job's specification: a new run, or one resumed, forked or repeated."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import workbench
from workbench import fields
from workbench.errors import UserError
from workbench.jobs.slots import threads_for
from workbench.jobs.spec import Change, Spec, Start
from workbench.params import Params
from workbench.registry import FoundTool, Registry
from workbench.runs.arrays import Arrays
from workbench.runs.reader import Reader
from workbench.runs.workspace import Header, Link, Workspace
from workbench.settings import Settings
from workbench.texts import T
from workbench.tool import to_json

_VERSIONED = ("torch", "numpy", "transformers", "jieba", "rjieba")


@dataclass(frozen=True)
class Desk:
    """What starting needs: the tools, where runs are kept, and the settings."""

    registry: Registry
    workspace: Workspace
    settings: Settings
    profile: str = ""
    safe_mode: bool = False

    def tool(self, name: str) -> FoundTool:
        """Raises UserError for an unknown tool, naming those there are."""
        if name not in self.registry.tools:
            known = ", ".join(sorted(self.registry.tools)) or "-"
            raise UserError(
                T("There is no tool {name}; there are: {known}.", name=name, known=known),
                remedy=T("`workbench tools` lists them, with the plugins that failed to load."),
            )
        return self.registry.tools[name]


def new_run(desk: Desk, tool: str, params: Params, *, preset: str = "", group: str = "", command: str = "") -> Spec:
    """Makes a run of `tool` with these parameters. Raises UserError when the workspace cannot be written."""
    found = desk.tool(tool)
    arrays = Arrays()
    header = _header(desk, found, fields.record(params, arrays), preset=preset, group=group, command=command)
    return _spec(desk, header, desk.workspace.create(header, arrays), Start())


def live(desk: Desk, tool: str, params: Params) -> Spec:
    """A live tool in a resident worker: not a run; `new_run` with the same parameters keeps what it shows."""
    found = desk.tool(tool)
    header = _header(desk, found, fields.record(params, Arrays()))
    spec = _spec(desk, header, Path(tempfile.mkdtemp(prefix="workbench-live-")), Start())
    return spec.model_copy(update={"live": True})


def resume_run(desk: Desk, name: str, changes: Mapping[str, Any], step: int | None = None) -> Spec:
    """Continues a run after its newest checkpoint, or that of `step`. Only `steps` and live parameters may differ.

    Raises UserError for a run that is being written, has no checkpoint or cannot take the changes.
    """
    folder = desk.workspace.find(name)
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        params = _continued(found, reader, changes)
        header = replace(reader.header, params=fields.record(params, Arrays(folder)))
        spec = _spec(desk, header, folder, _checkpoint(reader, desk.workspace, step, "resume"))
        return spec.model_copy(update={"seconds": reader.seconds})
    finally:
        reader.close()


def fork_run(desk: Desk, name: str, changes: Mapping[str, Any], step: int | None = None, command: str = "") -> Spec:
    """A new run that goes on from a checkpoint of another, with any parameter changed."""
    folder = desk.workspace.find(name)
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        arrays = Arrays(folder)
        params = fields.record(_changed(found.tool.params, reader.params, changes, arrays), arrays)
        start = _checkpoint(reader, desk.workspace, step, "fork").model_copy(update={"parent": None})
        link = Link(reader.id, start.step, "fork")
        header = _header(desk, found, params, command=command, like=reader.header, links=(link,))
        return _spec(desk, header, desk.workspace.create(header, arrays), start)
    finally:
        reader.close()


def repeat_run(desk: Desk, name: str, command: str = "") -> Spec:
    """A new run with a run's parameters, threads and device, in which its changes and actions happen again."""
    folder = desk.workspace.find(name)
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        arrays = Arrays(folder)
        params = fields.record(fields.restore(found.tool.params, reader.params, arrays), arrays)
        link = Link(reader.id, None, "repeat")
        header = _header(desk, found, params, command=command, like=reader.header, links=(link,))
        spec = _spec(desk, header, desk.workspace.create(header, arrays), Start())
        return spec.model_copy(update={"replay": _replay(reader)})
    finally:
        reader.close()


def _header(
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
    """like: the run whose device and threads are used again, since results depend on them."""
    settings = desk.settings
    return Header(
        tool=found.tool.id,
        plugin=found.plugin,
        plugin_version=found.version,
        declaration=to_json(found.tool),
        params=params,
        seed=params["seed"],
        device=like.device if like else settings.device,
        threads=like.threads if like else settings.threads or threads_for(1, found.tool.threads),
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


def _spec(desk: Desk, header: Header, folder: Path, start: Start) -> Spec:
    return Spec(
        tool=header.tool,
        folder=folder,
        workspace=desk.workspace.root,
        params=dict(header.params),
        device=header.device,
        threads=header.threads,
        cores=threads_for(1),
        start=start,
        profile=desk.profile,
        safe_mode=desk.safe_mode,
        grace=desk.settings.grace_seconds,
        checkpoint_seconds=desk.settings.checkpoint_seconds,
    )


def _changed(model: type[Params], recorded: Mapping[str, Any], changes: Mapping[str, Any], arrays: Arrays) -> Params:
    values = fields.record(fields.restore(model, recorded, arrays), arrays)
    for path, text in changes.items():
        fields.assign(model, values, path, text)
    return fields.validate(model, values, arrays)


def _continued(found: FoundTool, reader: Reader, changes: Mapping[str, Any]) -> Params:
    allowed = fields.live_paths(found.tool.params) | {"steps"}
    for path in changes:
        if path not in allowed:
            raise UserError(
                T("{field} cannot change when a run is resumed.", field=path),
                remedy=T("Start a fork: `workbench run --fork {run} --set {field}=…`.", run=reader.id, field=path),
                field=path,
            )
    return _changed(found.tool.params, _latest(reader), changes, Arrays(reader.folder))


def _latest(reader: Reader) -> dict[str, Any]:
    """The run's parameters with the changes that were made while it ran."""
    values = dict(reader.params)
    for change in reader.changes():
        for path, value in change["values"].items():
            _put(values, path.split("."), value)
    return values


def _put(values: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        values = values[name]
    values[names[-1]] = value


def _checkpoint(reader: Reader, workspace: Workspace, step: int | None, reason: str) -> Start:
    """The newest checkpoint, or the one of `step`; where there is none, the run starts again from nothing."""
    found = [each for each in reader.checkpoints() if (each.visible if step is None else each.step == step)]
    if not found and step is None and reason == "resume":
        return _origin(reader, workspace)
    if not found:
        steps = ", ".join(str(each.step) for each in reader.checkpoints()) or "-"
        raise UserError(
            T("Run {run} has no checkpoint of step {step}; it has: {steps}.", run=reader.id, step=step, steps=steps),
            remedy=T("Name one of these: RUN@STEP."),
        )
    newest = max(found, key=lambda each: (each.segment, each.step))
    parent = newest.segment if newest.step > 0 else None  # from 0 on, everything is reported again
    return Start(reason=reason, step=newest.step, parent=parent, checkpoint=reader.folder / newest.path)


def _origin(reader: Reader, workspace: Workspace) -> Start:
    """Where a run began that ended before its first checkpoint: at nothing, or at the checkpoint that it forked from."""
    fork = next((each for each in reader.links() if each.relation == "fork"), None)
    if fork is None:
        return Start(reason="resume")
    parent = Reader(workspace.find(fork.run))
    try:
        return _checkpoint(parent, workspace, fork.step, "fork").model_copy(update={"parent": None})
    finally:
        parent.close()


def _replay(reader: Reader) -> tuple[Change, ...]:
    changes = [
        Change(step=each["updates"], message={"do": "set", "values": each["values"]}) for each in reader.changes()
    ]
    return tuple(sorted(changes, key=lambda each: each.step))
