"""A run again: resumed, forked, or repeated from its record."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.spec import Change, Member, Spec, Start
from workbench.jobs.start import Desk, Lists, header, recorded, specification
from workbench.params import Params
from workbench.registry import FoundTool
from workbench.runs import segments
from workbench.runs.arrays import Arrays
from workbench.runs.reader import Reader
from workbench.runs.workspace import Link
from workbench.texts import T, Text

_ORIGIN = "origin-"
"""Before the step in the name of the checkpoint that a new run is given to begin at."""
_INSTEAD = T("Repeat it, or start a new run with its parameters.")


def resume_run(desk: Desk, name: str, changes: Mapping[str, Any], step: int | None = None) -> Spec:
    """Continues a run after its newest checkpoint, or that of `step`. Only `steps` and live parameters may differ.

    It has the parameters that were in force last; after an earlier checkpoint those of then, and the `steps` of last.
    What differs from the record so far is recorded as a change at that step, so that a repeat does the same. Raises
    UserError for a run that is being written, has no checkpoint, is at its end or cannot take the changes.
    """
    folder = _leader(desk, desk.workspace.find(name))
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        begin = _checkpoint(reader, step, "resume")
        params, begin = _continued(found, reader, changes, begin, step is None)
        _more_to_do(reader, params, begin, step is None)
        head = replace(reader.header, params=fields.record(params, Arrays(folder)))
        spec = specification(desk, head, folder, begin)
        members = _members(desk, reader, changes, begin, step is None)
        more = {"members": members, "inputs": _inputs(reader), "replay": _done_first(reader) if begin.step == 0 else ()}
        return spec.model_copy(update={"seconds": reader.seconds, **more})
    finally:
        reader.close()


def fork_run(desk: Desk, name: str, changes: Mapping[str, Any], step: int | None = None, command: str = "") -> Spec:
    """A new run that goes on from a checkpoint of another, with any parameter changed from what it was there."""
    folder = desk.workspace.find(name)
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        _alone(reader)
        begin = _checkpoint(reader, step, "fork")
        there = _with_steps(_values_at(found.tool.params, reader, begin), reader.now)
        params = _changed(found.tool.params, there, changes, Arrays(folder))
        begin = begin.model_copy(update={"parent": None})
        return _copied(desk, found, reader, params, Link(reader.id, begin.step, "fork"), begin, command)
    finally:
        reader.close()


def repeat_run(desk: Desk, name: str, command: str = "") -> Spec:
    """A new run with a run's parameters, threads and device, in which its changes and actions happen again.

    `steps`, which a resumed run may have had more and more of, are the last ones from the beginning.
    """
    folder = desk.workspace.find(name)
    reader = Reader(folder)
    try:
        found = desk.tool(reader.tool)
        params = fields.restore(found.tool.params, _with_steps(reader.params, reader.now), Arrays(folder))
        begin = _origin(reader).model_copy(update={"reason": "repeat"})
        spec = _copied(desk, found, reader, params, Link(reader.id, None, "repeat"), begin, command)
        return spec.model_copy(update={"replay": _replay(reader), "guard": "off"})
    finally:
        reader.close()


def _inputs(reader: Reader) -> dict[str, str]:
    return dict(reader.fact("inputs", {}))


def _alone(reader: Reader) -> None:
    """Raises UserError for a run of a stack: its checkpoints hold the states of all, for a job that fills all."""
    if reader.facts.get("stack"):
        raise UserError(
            T("Run {run} was computed together with others: it cannot be forked alone.", run=reader.id), _INSTEAD
        )


def _copied(
    desk: Desk, found: FoundTool, reader: Reader, params: Params, link: Link, begin: Start, command: str
) -> Spec:
    arrays = Arrays()
    head = header(desk, found, recorded(desk, params, arrays), command=command, like=reader.header, links=(link,))
    folder = desk.workspace.create(head, arrays)
    try:
        spec = specification(desk, head, folder, _given(begin, folder))
        return spec.model_copy(update={"inputs": _inputs(reader)})
    except OSError as error:
        shutil.rmtree(folder)
        text = T("Checkpoint {path} cannot be taken over: {why}.", path=begin.checkpoint, why=error)
        raise UserError(text, remedy=T("Take another one, or free some space on the disk.")) from error


def _given(begin: Start, folder: Path) -> Start:
    """Where the new run begins: at a checkpoint of its own, whatever becomes of the run that wrote it."""
    if begin.checkpoint is None:
        return begin
    own = folder / "checkpoints" / f"{_ORIGIN}{begin.step:09d}"
    own.mkdir()
    for each in begin.checkpoint.iterdir():
        _link(each, own / each.name)
    return begin.model_copy(update={"checkpoint": own})


def _link(file: Path, other: Path) -> None:
    """A checkpoint's files never change; where there are no links, they are copied."""
    try:
        other.hardlink_to(file)
    except OSError:
        shutil.copyfile(file, other)


def _leader(desk: Desk, folder: Path) -> Path:
    """The run that leads the stack of this one, or this one."""
    reader = Reader(folder)
    try:
        stacked = reader.facts.get("stack")
    finally:
        reader.close()
    return desk.workspace.find(stacked[0]) if stacked else folder


def _members(desk: Desk, leader: Reader, changes: Mapping[str, Any], begin: Start, newest: bool) -> tuple[Member, ...]:
    """The other runs of a stack, continued together with the one that leads it."""
    names = leader.facts.get("stack", ())[1:]
    return tuple(_member(desk, desk.workspace.find(name), changes, begin, newest) for name in names)


def _member(desk: Desk, folder: Path, changes: Mapping[str, Any], begin: Start, newest: bool) -> Member:
    reader = Reader(folder)
    try:
        parent = reader.segments()[-1].id if begin.step > 0 else None
        start = Start(reason=begin.reason, step=begin.step, parent=parent)
        params, start = _continued(desk.tool(reader.tool), reader, changes, start, newest)
        return Member(folder=folder, params=fields.record(params, Arrays(folder)), start=start)
    finally:
        reader.close()


def _changed(model: type[Params], recorded: Mapping[str, Any], changes: Mapping[str, Any], arrays: Arrays) -> Params:
    values = fields.record(fields.restore(model, recorded, arrays), arrays)
    for path, text in changes.items():
        fields.assign(model, values, path, text)
    return fields.validate(model, values, arrays)


def _continued(
    found: FoundTool, reader: Reader, changes: Mapping[str, Any], begin: Start, newest: bool
) -> tuple[Params, Start]:
    """The parameters of a run that goes on, and where it does, with the values that the record does not know yet."""
    model, arrays = found.tool.params, Arrays(reader.folder)
    _check(model, reader, changes)
    there = _values_at(model, reader, begin)
    params = _changed(model, reader.now if newest else _with_steps(there, reader.now), changes, arrays)
    before, now = fields.record(fields.restore(model, there, arrays), Lists()), fields.record(params, Lists())
    return params, begin.model_copy(update={"values": dict(_differences(before, now))})


def _check(model: type[Params], reader: Reader, changes: Mapping[str, Any]) -> None:
    """Raises UserError for a change that only a new run can have."""
    allowed = fields.live_paths(model) | {"steps"}
    for path in changes:
        if path not in allowed:
            raise UserError(
                T("{field} cannot change when a run is resumed.", field=path),
                remedy=T("Start a fork: `workbench run --fork {run} --set {field}=…`.", run=reader.id, field=path),
                field=path,
            )


def _more_to_do(reader: Reader, params: Params, begin: Start, newest: bool) -> None:
    """Raises UserError for a run that has done its `steps`, or all there is: nothing is to be resumed."""
    steps = getattr(params, "steps", None)
    if newest and (begin.checkpoint is None or not isinstance(steps, int)):
        _not_done(reader)
    if not isinstance(steps, int) or begin.step == 0:
        return
    if begin.step > steps or (begin.step == steps and reader.state == "done"):
        raise UserError(
            T("Run {run} is already at step {step}.", run=reader.id, step=begin.step),
            remedy=T("To go on, ask for more: `workbench run --resume {run} --set steps={more}`.",
                     run=reader.id, more=2 * begin.step),
            field="steps",
        )  # fmt: skip


def _not_done(reader: Reader) -> None:
    """Raises UserError for a run that is done: begun anew, it would overwrite its result."""
    if reader.state == "done":
        raise UserError(
            T("Run {run} is done: there is nothing to go on with.", run=reader.id),
            remedy=T("To do it again as a new run: `workbench run --repeat {run}`.", run=reader.id),
        )


# ------------------------------------------------------------------ the parameters along a run


def _values_at(model: type[Params], reader: Reader, begin: Start) -> dict[str, Any]:
    """What the record says of the parameters where a run goes on: those of its start, with the changes until then."""
    values = dict(reader.params)
    chain = [] if begin.parent is None else [each for each in reader.segments() if each.id <= begin.parent]
    windows = [each.to(begin.step) for each in segments.visible(chain)]
    for change in reader.changes():
        place = change["segment"], change["step"], change["wall"]
        if change["kind"] == "change" and "values" in change and segments.shows(windows, *place):
            for path, value in change["values"].items():
                fields.assign(model, values, path, json.dumps(value))
    return values


def _with_steps(values: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """How far a run goes is nothing of the past: of all that was asked for, the last counts."""
    return {**values, "steps": now["steps"]} if "steps" in now else dict(values)


def _differences(before: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """What differs in two records, by dotted path: a group's fields one by one, all else as a whole."""
    if not (isinstance(before, dict) and isinstance(now, dict) and before.keys() == now.keys()):
        if before != now:
            yield path, now
        return
    for name in now:
        yield from _differences(before[name], now[name], f"{path}.{name}" if path else name)


# ------------------------------------------------------------------ where a run goes on, and what happens again


def _checkpoint(reader: Reader, step: int | None, reason: str) -> Start:
    """The newest checkpoint, or the one of `step`; where there is none, the run starts again from nothing."""
    found = [each for each in reader.checkpoints() if (each.visible if step is None else each.step == step)]
    if not found and step is None and reason == "resume":
        return _origin(reader)
    if not found and step is None:
        raise UserError(T("Run {run} has no checkpoint.", run=reader.id), _INSTEAD)
    if not found:
        steps = ", ".join(str(each.step) for each in reader.checkpoints()) or "-"
        raise UserError(
            T("Run {run} has no checkpoint of step {step}; it has: {steps}.", run=reader.id, step=step, steps=steps),
            remedy=T("Name one of these: RUN@STEP."),
        )
    newest = max(found, key=lambda each: (each.segment, each.step, each.wall))
    parent = newest.segment if newest.step > 0 else None  # from 0 on, everything is reported again
    return Start(reason=reason, step=newest.step, parent=parent, checkpoint=reader.folder / newest.path)


def _origin(reader: Reader) -> Start:
    """Where a run begins: at nothing, or at the checkpoint that it was given."""
    given = next((reader.folder / "checkpoints").glob(f"{_ORIGIN}*"), None)
    if given is not None:
        return Start(reason="resume", step=int(given.name.removeprefix(_ORIGIN)), checkpoint=given)
    if any(each.relation == "fork" for each in reader.links()):
        raise UserError(
            T("Run {run} has lost the checkpoint from which it was forked.", run=reader.id),
            remedy=T("Fork the other run again."),
        )
    return Start(reason="resume")


def _replay(reader: Reader) -> tuple[Change, ...]:
    """What happened at boundaries, in order; the way that a roll-back left is gone again, and left again."""
    way = _way(reader)
    replay: list[Change] = []
    epoch = 0
    for each in reader.changes():
        if each["step"] > way.get(each["segment"], -1):
            continue  # of a way that was left by resuming at an earlier step
        message = _message(each)
        if message == {"do": "set", "values": {}}:
            continue
        change = Change(step=each["updates"], message=message)
        if change.message["do"] == "roll_back":
            target = Change(step=each["roll_back"], message={"do": "checkpoint", "pinned": True})
            place = next((i for i in range(epoch, len(replay)) if replay[i].step > target.step), len(replay))
            replay.insert(place, target)
            epoch = len(replay) + 1
        replay.append(change)
    return tuple(replay)


def _done_first(reader: Reader) -> tuple[Change, ...]:
    """The actions before the first step: a run that begins there anew hides them."""
    return tuple(
        Change(step=0, message=_message(each))
        for each in reader.changes()
        if each["kind"] == "action" and each["visible"] and each["updates"] == 0
    )


def _way(reader: Reader) -> dict[int, float]:
    """The segments that the run went through, each with the step up to which; those left by a roll-back, wholly."""
    known = {each.id: each for each in reader.segments()}
    way: dict[int, float] = {}
    current, last = known.get(max(known, default=-1)), math.inf
    while current is not None:
        way[current.id] = last
        last = math.inf if current.reason == "roll-back" else current.start
        current = known.get(current.parent) if current.parent is not None else None
    return way


def _message(change: Mapping[str, Any]) -> dict[str, Any]:
    """The control message that does again what a record says."""
    if change["kind"] == "action":
        return {"do": "call", "action": change["stream"], "values": change["values"]}
    if "roll_back" in change:
        return {"do": "roll_back", "step": change["roll_back"], "reason": str(Text.from_json(change["reason"]))}
    if "scale_rate" in change:
        return {"do": "scale", "factor": change["scale_rate"]}
    return {"do": "set", "values": {path: value for path, value in change["values"].items() if path != "steps"}}
