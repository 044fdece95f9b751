"""A job from its specification to its end, wherever it runs: the same in a worker process and in a thread."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from workbench import fields
from workbench.errors import Stop, UserError
from workbench.events import Event
from workbench.jobs.context import JobContext
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.seeds import seed_all, with_torch
from workbench.jobs.spec import Member, Spec
from workbench.jobs.stacked import stack
from workbench.params import Params
from workbench.registry import FoundTool, Registry, load_object
from workbench.runs.arrays import Arrays
from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder
from workbench.texts import T, Text

log = logging.getLogger(__name__)
_HOSTS = frozenset({"workbench", "importlib"})
"""What runs a plugin's code: a fault is looked for beyond it."""


def execute(spec: Spec, registry: Registry, screen: Screen, mailbox: Mailbox) -> str:
    """Runs the job and records it; returns how it ended: done, stopped, cancelled or failed.

    Nothing that the job raises leaves here: it is recorded, said on the screen and written to the log.
    """
    try:
        with ExitStack() as held:
            recorders = []
            runs: tuple[Spec | Member, ...] = (spec, *spec.members)
            for each in runs:
                held.enter_context(writer(each.folder))
                recorders.append(held.enter_context(_recorder(each)))
            return _recorded(spec, registry, recorders, screen, mailbox)
    except Exception as error:
        log.exception("the run cannot be recorded")
        screen.offer(Event("error", data=describe(error, spec.folder)))
        screen.offer(Event("state", data={"state": "failed"}))
        return "failed"


@contextmanager
def _recorder(each: Spec | Member) -> Iterator[Recorder]:
    recorder = Recorder(each.folder, start=each.start.step, parent=each.start.parent, reason=each.start.reason)
    try:
        yield recorder
    finally:
        recorder.close()


def _recorded(spec: Spec, registry: Registry, recorders: Sequence[Recorder], screen: Screen, mailbox: Mailbox) -> str:
    begun = time.monotonic()
    facts: dict[str, Any] = {}
    state = "failed"
    try:
        state = _run(spec, registry, recorders, screen, mailbox)
    except Exception as error:
        log.exception("the job failed")
        facts["error"] = describe(error, spec.folder)
        screen.offer(Event("error", data=facts["error"]))
    for each in recorders:
        each.set_state(state, seconds=spec.seconds + time.monotonic() - begun, **facts)
    screen.offer(Event("state", data={"state": state}))
    return state


def _run(spec: Spec, registry: Registry, recorders: Sequence[Recorder], screen: Screen, mailbox: Mailbox) -> str:
    found = found_tool(spec, registry)
    job = load_object(found.package, found.tool.stacked if spec.members else found.tool.run)
    params = fields.restore(found.tool.params, spec.params, Arrays(spec.folder))
    spec = spec.model_copy(update={"device": prepare(spec, params)})
    runs: list[Spec | Member] = [spec, *spec.members]
    stacked = [each.folder.name for each in runs] if spec.members else []
    for each, recorder in zip(runs, recorders, strict=True):
        facts = {"device": spec.device, "threads": spec.threads, "stack": stacked, "now": each.params}
        recorder.set_state("running", error=None, **facts)
    screen.offer(Event("state", data={"state": "running"}))
    context = JobContext(spec, params, registry, recorders[0], screen, mailbox)
    try:
        if spec.members:
            contexts = stack(spec, registry, context, recorders[1:])
            job([each.params for each in contexts], contexts)
        else:
            job(params, context)
    except Stop:
        return "cancelled" if context.control.cancelled else "stopped"
    finally:
        for filled in (context, *context.members):
            filled.fetch()
    return "done"


def found_tool(spec: Spec, registry: Registry) -> FoundTool:
    """The tool to run. Raises UserError when its plugin is gone."""
    if spec.tool not in registry.tools:
        raise UserError(T("The tool {tool} is not there any more.", tool=spec.tool), remedy=T("Enable its plugin."))
    return registry.tools[spec.tool]


def prepare(spec: Spec, params: Params) -> str:
    """Seeds what the job imported and fixes its threads; the device it computes on.

    A job that did not import torch does not pay for it.
    """
    wish = getattr(params, "device", "auto")
    wish = spec.device if wish == "auto" else wish
    seed_all(params.seed)
    with_torch("threads", lambda: import_module("workbench.ml.device").prepare(spec.threads))
    if "torch" not in sys.modules:
        return "cpu"
    device: str = import_module("workbench.ml.device").choose(wish)
    return device


def describe(error: BaseException, folder: Path) -> dict[str, Any]:
    """An error as it lies in a record: type, text, remedy, field, and where its traceback stands."""
    if isinstance(error, UserError):
        found = error.to_json()
    elif _out_of_memory(error):
        remedy = T("Take a smaller batch or model, or raise the limit `memory_gigabytes` in the settings.")
        why = (str(error) or "-").splitlines()[0].rstrip(".")
        found = UserError(T("The job ran out of memory: {why}.", why=why), remedy).to_json()
    else:
        found = UserError(_said(error), remedy=T("The log holds the details.")).to_json()
    return {**found, "type": type(error).__name__, "log": str(folder / "log.txt")}


def _said(error: BaseException) -> Text:
    """An unforeseen error as a sentence, with the place in the plugin's own code."""
    said = f"{type(error).__name__}: {error}".rstrip(": .")
    own = [each for each in traceback.walk_tb(error.__traceback__) if _top(each[0]) not in _HOSTS]
    places = [each for each in own if _top(each[0]) == _top(own[0][0])]
    if not places:
        return T("{error}.", error=said)
    frame, line = places[-1]
    return T("{error} ({file}, line {line}).", error=said, file=Path(frame.f_code.co_filename).name, line=line)


def _top(frame: FrameType) -> str:
    """The package of the code that a frame runs."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _out_of_memory(error: BaseException) -> bool:
    """Python's and numpy's MemoryError, torch's OutOfMemoryError on a GPU, its RuntimeError on the CPU."""
    text = str(error)
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "not enough memory" in text
        or "can't allocate memory" in text
    )
