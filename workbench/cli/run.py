"""`workbench run TOOL`: runs a job and always keeps it. Ctrl-C stops and saves; again kills."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from workbench import fields
from workbench.cli import values
from workbench.cli.answer import answer
from workbench.cli.desk import desk_of
from workbench.cli.progress import show
from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.jobs.again import fork_run, repeat_run, resume_run
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk, new_run
from workbench.jobs.supervisor import Job
from workbench.runs.arrays import Arrays
from workbench.runs.lock import writer
from workbench.runs.reader import Reader
from workbench.statistics import numeral
from workbench.texts import T, Text

_STATUS = {"done": 0, "failed": 1, "stopped": 130, "cancelled": 130}


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("tool", nargs="?", metavar="TOOL", help=say(T("the tool's id; `workbench tools` lists them")))
    values.arguments(parser, say)
    origin = parser.add_mutually_exclusive_group()
    origin.add_argument("--resume", metavar="RUN[@STEP]", help=say(T("go on with a run")))
    origin.add_argument("--fork", metavar="RUN[@STEP]", help=say(T("a new run from a run's checkpoint")))
    origin.add_argument("--repeat", metavar="RUN", help=say(T("do a run again from its record")))
    parser.add_argument("--runner", choices=("process", "thread"), default="process", help=say(T("where the job runs")))
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    desk = desk_of(session)
    job = Job(_spec(options, desk), session.registry, options.runner)
    with show(job, session), _interrupts(job) as asked:
        thread = threading.Thread(target=job.supervise, name="supervisor")
        thread.start()
        while thread.is_alive():
            thread.join(0.2)  # in slices, so that Ctrl-C is heard
    status = _finish(job, options, session)
    return _STATUS["stopped"] if len(asked) > 1 else status


# --------------------------------------------------------------------------------- what to run


def _spec(options: argparse.Namespace, desk: Desk) -> Spec:
    command = shlex.join(["workbench", *sys.argv[1:]])
    changes = values.changes(options.set)
    _no_contradiction(options, desk)
    if options.resume or options.fork:
        name, step = _origin(options.resume or options.fork)
        if options.resume:
            with writer(desk.workspace.find(name)):  # refused at once, rather than by the worker
                return resume_run(desk, name, changes, step)
        return fork_run(desk, name, changes, step, command)
    if options.repeat:
        return repeat_run(desk, options.repeat, command)
    if not options.tool:
        raise UserError(T("Name a tool."), remedy=T("`workbench tools` lists them."))
    tool = desk.tool(options.tool).tool
    params = fields.validate(tool.params, values.given(options, tool), Arrays())
    return new_run(desk, tool.id, params, preset=options.preset, command=command)


def _no_contradiction(options: argparse.Namespace, desk: Desk) -> None:
    """Raises UserError for what would be ignored where a run is resumed, forked or repeated."""
    given = options.resume or options.fork or options.repeat
    if not given:
        return
    name = options.repeat or _origin(given)[0]
    if options.repeat and options.set:
        text = T("A repeat does again what was done: its parameters cannot be others.")
        raise UserError(text, remedy=T("Start a fork: `workbench run --fork {run}@0 --set …`.", run=name))
    for option, value in (("--preset", options.preset), ("--params", options.params)):
        if value:
            text = T("{option} is for new runs.", option=option)
            raise UserError(text, remedy=T("Change single parameters with --set, where the run is resumed or forked."))
    if options.tool:
        values.expect_tool(desk.workspace.find(name), options.tool)


def _origin(text: str) -> tuple[str, int | None]:
    """RUN[@STEP]; "@last" itself begins with an @."""
    name, at, step = text[1:].partition("@")
    if at and not step.isdecimal():
        raise UserError(T("{step} is no step.", step=step), remedy=T("Write RUN@STEP, for example @last@200."))
    return text[0] + name, int(step) if at else None


# --------------------------------------------------------------------------------- to its end


@contextmanager
def _interrupts(job: Job) -> Iterator[Sequence[int]]:
    """The first Ctrl-C (or SIGTERM) stops and saves, the second kills; the signals that came."""
    asked: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        act = job.kill if asked else job.stop
        asked.append(number)
        threading.Thread(target=act).start()  # a handler may not wait for a lock that its own thread holds

    before = {each: signal.signal(each, handle) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _finish(job: Job, options: argparse.Namespace, session: Session) -> int:
    reader = Reader(job.spec.folder)
    error = reader.error or job.error
    if options.json:
        session.print_json(_as_json(reader, job, session, error))
    elif not error:
        session.print(session.say(T("Run {run}: {state}.", run=reader.id, state=T(job.state))))
        if job.state == "stopped":
            step = max((each.step for each in reader.checkpoints() if each.visible), default=0)
            way_on = T("Saved at step {step}; go on with `workbench run --resume {run}`.", step=step, run=reader.id)
            session.note(session.say(way_on))
        for name, value in reader.last().items():
            session.print(f"  {name:<32} {numeral(value)}")
        for line in answer(reader, session) if reader.declaration.get("live") else ():
            session.print(line)
    if error:
        said = [session.say(Text.from_json(error[key])) for key in ("text", "remedy")]
        session.note(f"workbench: {' '.join(filter(None, said))} [{error['log']}]")
    reader.close()
    return _STATUS[job.state]


def _as_json(reader: Reader, job: Job, session: Session, error: Mapping[str, Any] | None) -> dict[str, Any]:
    found = {
        "run_id": reader.id,
        "status": job.state,
        "tool": reader.tool,
        "params": reader.now,
        "seconds": reader.seconds,
        "metrics": reader.last(),
    }
    if error:
        texts = {key: session.say(Text.from_json(error[key])) for key in ("text", "remedy")}
        found["error"] = {**error, **texts}
    return found
