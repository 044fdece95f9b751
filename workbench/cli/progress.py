"""Progress on standard error: rich's bar on a terminal, else a line every ten seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from workbench.cli.session import Session, shown
from workbench.events import Event
from workbench.jobs.supervisor import Job
from workbench.statistics import numeral
from workbench.texts import T, Text

_EVERY = 10.0


@contextmanager
def show(job: Job, session: Session) -> Iterator[None]:
    """Shows the job's progress and notices while it runs."""
    job.listen("notice", lambda event: session.note(_notice(event, session)))
    session.note(session.say(T("Run {run}", run=job.run_id)))
    with _bar(job, session) if sys.stderr.isatty() else _lines(job, session):
        yield


def _notice(event: Event, session: Session) -> str:
    parts = (session.say(Text.from_json(event.data[key])) for key in ("text", "remedy"))
    return " ".join(filter(None, parts))


@contextmanager
def _bar(job: Job, session: Session) -> Iterator[None]:
    progress = import_module("rich.progress")
    console = import_module("rich.console").Console(stderr=True)
    columns = (
        progress.TextColumn("{task.description}", markup=False),  # a name may hold [brackets]
        progress.BarColumn(),
        progress.TextColumn("{task.fields[share]}"),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(job.spec.tool, total=None, share="")

        def update(event: Event) -> None:
            text = shown(session.say(Text.from_json(event.data["text"]))) or job.spec.tool
            done, total = event.data["done"], event.data["total"]
            bar.update(task, completed=done, total=total, description=text, share=_share(event.data))

        job.listen("progress", update)
        yield


@contextmanager
def _lines(job: Job, session: Session) -> Iterator[None]:
    last = time.monotonic()

    def update(event: Event) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            session.note(_line(event.data, session))

    job.listen("progress", update)
    yield


def _line(data: Any, session: Session) -> str:
    return f"{session.say(Text.from_json(data['text']))} {_share(data)}".strip()


def _share(data: Any) -> str:
    """How much is done: in steps, or as a share where the job says itself what it has done."""
    done, total = data["done"], data["total"]
    if data["text"]:
        return f"({done / total:.0%})" if total else ""
    return f"{numeral(done)} / {numeral(total)}" if total else numeral(done)
