"""A run again: resumed, forked, or repeated from its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.spec import Change, Member, Spec, Start
from workbench.jobs.start import Desk, header, specification
from workbench.params import Params
from workbench.registry import FoundTool
from workbench.runs.arrays import Arrays
from workbench.runs.reader import Reader
from workbench.runs.workspace import Link, Workspace
from workbench.texts import T, Text


def resume_run(desk: Desk, name: str, changes: Mapping[str, Any], step: int | None = None) -> Spec:
    """Continues a run after its newest checkpoint, or that of `step`. Only `steps` and live parameters may differ.

    Raises UserError for a run that is being written, has no checkpoint or cannot take the changes.
    """
    folder = _leader(desk, desk.workspace.find(name))
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        params = _continued(found, reader, changes)
        head = replace(reader.header, params=fields.record(params, Arrays(folder)))
        begin = _checkpoint(reader, desk.workspace, step, "resume")
        spec = specification(desk, head, folder, begin)
        members = _members(desk, reader, changes, begin)
        return spec.model_copy(update={"seconds": reader.seconds, "members": members})
    finally:
        reader.close()


def fork_run(desk: Desk, name: str, changes: Mapping[str, Any], step: int | None = None, command: str = "") -> Spec:
    """A new run that goes on from a checkpoint of another, with any parameter changed."""
    folder = desk.workspace.find(name)
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        params = _changed(found.tool.params, reader.params, changes, Arrays(folder))
        begin = _checkpoint(reader, desk.workspace, step, "fork").model_copy(update={"parent": None})
        return _copied(desk, found, reader, params, Link(reader.id, begin.step, "fork"), begin, command)
    finally:
        reader.close()


def repeat_run(desk: Desk, name: str, command: str = "") -> Spec:
    """A new run with a run's parameters, threads and device, in which its changes and actions happen again."""
    folder = desk.workspace.find(name)
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        params = fields.restore(found.tool.params, reader.params, Arrays(folder))
        begin = _origin(reader, desk.workspace).model_copy(update={"reason": "repeat"})
        spec = _copied(desk, found, reader, params, Link(reader.id, None, "repeat"), begin, command)
        return spec.model_copy(update={"replay": _replay(reader), "guard": "off"})
    finally:
        reader.close()


def _copied(
    desk: Desk, found: FoundTool, reader: Reader, params: Params, link: Link, begin: Start, command: str
) -> Spec:
    arrays = Arrays()
    recorded = fields.record(params, arrays)
    head = header(desk, found, recorded, command=command, like=reader.header, links=(link,))
    return specification(desk, head, desk.workspace.create(head, arrays), begin)


def _leader(desk: Desk, folder: Path) -> Path:
    """The run that leads the stack of this one, or this one."""
    reader = Reader(folder)
    try:
        stacked = reader.facts.get("stack")
    finally:
        reader.close()
    return desk.workspace.find(stacked[0]) if stacked else folder


def _members(desk: Desk, leader: Reader, changes: Mapping[str, Any], begin: Start) -> tuple[Member, ...]:
    """The other runs of a stack, continued together with the one that leads it."""
    return tuple(_member(desk, desk.workspace.find(name), changes, begin) for name in leader.facts.get("stack", ())[1:])


def _member(desk: Desk, folder: Path, changes: Mapping[str, Any], begin: Start) -> Member:
    reader = Reader(folder)
    try:
        params = _continued(desk.tool(reader.tool), reader, changes)
        parent = reader.segments()[-1].id if begin.step > 0 else None
        start = Start(reason=begin.reason, step=begin.step, parent=parent)
        return Member(folder=folder, params=fields.record(params, Arrays(folder)), start=start)
    finally:
        reader.close()


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
        for path, value in change["values"].items() if _is_set(change) else ():
            _put(values, path.split("."), value)
    return values


def _is_set(change: Mapping[str, Any]) -> bool:
    return bool(change["visible"]) and change["kind"] == "change" and "values" in change


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
    """Where a run began that has no checkpoint yet: at nothing, or at the checkpoint that it forked from."""
    fork = next((each for each in reader.links() if each.relation == "fork"), None)
    if fork is None:
        return Start(reason="resume")
    parent = Reader(workspace.find(fork.run))
    try:
        return _checkpoint(parent, workspace, fork.step, "fork").model_copy(update={"parent": None})
    finally:
        parent.close()


def _replay(reader: Reader) -> tuple[Change, ...]:
    """What happened at boundaries, in order; the way that a roll-back left is gone again, and left again."""
    ends = {each.parent: each.start for each in reader.segments() if each.reason != "roll-back"}
    replay: list[Change] = []
    epoch = 0
    for each in reader.changes():
        if not each["visible"] and each["updates"] > ends.get(each["segment"], each["updates"]):
            continue  # of a way that was left by resuming at an earlier step
        change = Change(step=each["updates"], message=_message(each))
        if change.message["do"] == "roll_back":
            target = Change(step=each["roll_back"], message={"do": "checkpoint", "pinned": True})
            place = next((i for i in range(epoch, len(replay)) if replay[i].step > target.step), len(replay))
            replay.insert(place, target)
            epoch = len(replay) + 1
        replay.append(change)
    return tuple(replay)


def _message(change: Mapping[str, Any]) -> dict[str, Any]:
    """The control message that does again what a record says."""
    if change["kind"] == "action":
        return {"do": "call", "action": change["stream"], "values": change["values"]}
    if "roll_back" in change:
        return {"do": "roll_back", "step": change["roll_back"], "reason": str(Text.from_json(change["reason"]))}
    if "scale_rate" in change:
        return {"do": "scale", "factor": change["scale_rate"]}
    return {"do": "set", "values": change["values"]}
