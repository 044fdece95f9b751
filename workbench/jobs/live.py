"""Live tools: evaluated again, newest wins, whenever a parameter changes; the worker stays and keeps module state."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any

from workbench import fields
from workbench.errors import Stop, Superseded, UserError
from workbench.events import Event
from workbench.jobs.base import BaseContext
from workbench.jobs.execute import describe, found_tool, prepare
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.seeds import seed_all
from workbench.jobs.spec import Spec
from workbench.params import Params
from workbench.registry import Registry, load_object
from workbench.runs.arrays import Arrays
from workbench.runs.bundles import Bundle, Report, bundle
from workbench.runs.records import Relation
from workbench.texts import T

log = logging.getLogger(__name__)


class Unrecorded:
    """Stands where a run's recorder stands: what is played with is not kept, and everything is wanted."""

    segment = 0
    last_step: int | None = None

    def __init__(self) -> None:
        self.reports: deque[Report] = deque()
        self._listener: Callable[[Bundle], object] = bool
        self._lock = Lock()

    def scalars(self, step: int, wall: float, values: Mapping[str, float]) -> None:
        """See `Recording.scalars`."""
        self.reports.append((step, wall, values))

    def gather(self) -> None:
        """See `Recording.gather`."""
        with self._lock:
            reports = [self.reports.popleft() for _ in range(len(self.reports))]
            if reports:
                self._listener(bundle(reports))

    def hear(self, listener: Callable[[Bundle], object]) -> None:
        """See `Recording.hear`."""
        self._listener = listener

    def record(self, event: Event) -> None:
        """See `Recording.record`."""

    def due(self, stream: str, step: int, every: int = 1) -> bool:  # noqa: ARG002 - a recorder's signature
        """See `Recording.due`."""
        return True

    def due_after(self, stream: str, step: int) -> int:  # noqa: ARG002 - a recorder's signature
        """See `Recording.due_after`."""
        return step + 1

    def set_facts(self, **facts: Any) -> None:
        """See `Recording.set_facts`."""

    def add_link(self, run: str, step: int | None, relation: Relation) -> None:
        """See `Recording.add_link`."""


class LiveContext(BaseContext):
    """One evaluation; newer parameters end it at its next step or `sync()`."""

    def sync(self) -> None:
        """See `Context.sync`. What was reported is shown now."""
        self.screen.flush()
        if self.mailbox.waiting:
            raise Superseded

    def steps(self, n: int | None = None) -> Iterator[int]:
        """See `Context.steps`."""
        while n is None or self.step < n:
            self.sync()
            self.step += 1
            yield self.step
        self.sync()

    def track(self, **stateful: Any) -> None:
        """A live tool has nothing to resume."""

    def checkpoint(self) -> None:
        """A live tool has nothing to resume."""

    def roll_back(self, reason: str) -> None:
        """Raises UserError: a live tool has no checkpoints."""
        raise UserError(reason)


class Session:
    """Answers each change of the parameters with an evaluation, until it is stopped."""

    def __init__(self, spec: Spec, registry: Registry, screen: Screen, mailbox: Mailbox) -> None:
        found = found_tool(spec, registry)
        self._job: Callable[[Params, BaseContext], None] = load_object(found.package, found.tool.run)
        self._registry, self._screen, self._mailbox = registry, screen, mailbox
        self._params = fields.restore(found.tool.params, spec.params, Arrays())
        self._spec = spec.model_copy(update={"device": prepare(spec, self._params)})
        self._generation = 0
        self._stopped = False
        self._handlers: dict[str, Callable[..., object]] = {}

    def run(self) -> None:
        """Evaluates, waits for a change, evaluates again."""
        self._tell("running")
        while not self._stopped:
            self._evaluate()
            self._mailbox.wait()
            for message in self._mailbox.take():
                self._handle(message)
        self._tell("done")

    def _evaluate(self) -> None:
        seed_all(self._params.seed)
        context = LiveContext(self._spec, self._params, self._registry, Unrecorded(), self._screen, self._mailbox)
        context.generation = self._generation
        context.handlers = self._handlers
        try:
            self._job(self._params, context)
            context.fetch()
            self._screen.offer(Event("state", data={"state": "idle"}, generation=self._generation))
        except Stop:
            return  # newer parameters wait
        except Exception as error:
            log.exception("the evaluation failed")
            self._complain(error)

    def _handle(self, message: dict[str, Any]) -> None:
        match message:
            case {"do": "stop" | "cancel"}:
                self._stopped = True
            case {"do": "set", "values": values}:
                self._generation += 1
                self._set(values)
            case {"do": "call", "action": action, "values": values}:
                self._generation += 1
                self._call(action, values)
            case _:
                log.warning("a live tool does not know %s", message)

    def _set(self, values: Mapping[str, Any]) -> None:
        try:
            self._params = fields.changed(self._params, values, Arrays())
        except UserError as error:
            self._complain(error)

    def _call(self, action: str, values: Mapping[str, Any]) -> None:
        """Does an action of the tool; what it has changed is seen by the evaluation that follows."""
        try:
            if action not in self._handlers:
                raise UserError(T("The job has no action {action}.", action=action))
            self._handlers[action](**values)
        except Exception as error:
            log.exception("an action failed")
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        data = describe(error, self._spec.folder)
        self._screen.offer(Event("error", data=data, generation=self._generation))

    def _tell(self, state: str) -> None:
        self._screen.offer(Event("state", data={"state": state}, generation=self._generation))


def stay(spec: Spec, registry: Registry, screen: Screen, mailbox: Mailbox) -> str:
    """Runs a live tool until it is stopped; how it ended. What cannot even begin says why on the screen."""
    try:
        Session(spec, registry, screen, mailbox).run()
    except Exception as error:
        log.exception("the live tool cannot start")
        screen.offer(Event("error", data=describe(error, spec.folder)))
        screen.offer(Event("state", data={"state": "failed"}))
        return "failed"
    return "done"
