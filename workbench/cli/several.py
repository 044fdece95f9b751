"""Running several jobs from the command line: a line when each begins and ends; Ctrl-C stops and saves them all."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from types import FrameType

from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.events import Event
from workbench.jobs.spec import Spec
from workbench.jobs.start import Desk
from workbench.jobs.supervisor import Job
from workbench.jobs.sweep import supervise_all
from workbench.texts import T


def run_all(desk: Desk, specs: Sequence[Spec], session: Session) -> int:
    """Runs the jobs as slots allow; the exit status that says the worst of them."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        stopping.set()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        jobs = supervise_all(desk, specs, lambda job: _follow(job, session), stopping)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    states = {job.state for job in jobs}
    if stopping.is_set():
        return 130
    return 0 if states <= {"done"} else 1


def _follow(job: Job, session: Session) -> None:
    def tell(event: Event) -> None:
        state = event.data["state"]
        session.note(session.say(T("Run {run}: {state}", run=job.run_id, state=T(state))))

    def complain(event: Event) -> None:
        session.note(session.say(UserError.from_json(event.data).text))

    job.listen("state", tell)
    job.listen("error", complain)
