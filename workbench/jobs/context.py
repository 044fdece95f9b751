"""A long job's context: the loop with its boundaries, control, checkpoints."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench import fields
from workbench.errors import Stop, UserError
from workbench.jobs.base import BaseContext
from workbench.jobs.checkpoints import Checkpoints, Written
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.spec import Spec
from workbench.params import Params
from workbench.registry import Registry
from workbench.runs.reader import Reader
from workbench.runs.recorder import Recorder
from workbench.texts import T

_PROGRESS_EVERY = 0.1


class JobContext(BaseContext):
    """Implements `workbench.context.Context` over a recorder, a screen and a mailbox."""

    def __init__(
        self, spec: Spec, params: Params, registry: Registry, recorder: Recorder, screen: Screen, mailbox: Mailbox
    ) -> None:
        super().__init__(spec, params, registry, recorder, screen, mailbox)
        tool = registry.tools[spec.tool].tool
        self.updates = 0
        self.cancelled = False
        self._replay = deque(spec.replay)
        self._checkpoints = Checkpoints(
            spec.folder / "checkpoints", recorder, spec.checkpoint_seconds, tool.best, _earlier(spec.folder)
        )
        self._live = fields.live_paths(type(params))
        self._in_step = False
        self._begun = False
        self._asked = False
        self._paused = False
        self._steps_left = 0
        self._slow = 0.0
        self._said = 0.0

    # ------------------------------------------------------------------ the loop

    def steps(self, n: int | None = None) -> Iterator[int]:
        """See `Context.steps`."""
        self._begin()
        self.recorder.last_step = n
        while n is None or self.updates < n:
            self._boundary()
            self.step = self.updates + 1
            self._in_step = True
            yield self.step
            self._in_step = False
            self.updates = self.step
            self._say_progress(n)
        self.step = self.updates
        self._boundary()
        self._checkpoints.save(self.updates, self.latest)

    def sync(self) -> None:
        """See `Context.sync`. Inside a step only a cancel is heeded: a stop waits for the boundary and saves there."""
        if not self._mailbox.waiting:
            return
        if not self._in_step:
            self._boundary()
        elif self._mailbox.cancelled():
            self.cancelled = True
            raise Stop

    def track(self, **stateful: Any) -> None:
        """See `Context.track`."""
        self._checkpoints.tracked.update(stateful)

    def checkpoint(self) -> None:
        """See `Context.checkpoint`."""
        self._asked = True

    def _begin(self) -> None:
        """The first time: restores what is tracked, or writes checkpoint 0."""
        if self._begun:
            return
        self._begun = True
        start = self._spec.start
        if start.checkpoint and not self._checkpoints.tracked:
            raise UserError(T("This tool keeps no state: a run of it cannot be continued."), remedy=T("Start it anew."))
        if start.checkpoint:
            self.updates = self._checkpoints.load(start.checkpoint)
        self._checkpoints.save(self.updates, self.latest)

    # ------------------------------------------------------------------ between two steps

    def _boundary(self) -> None:
        while self._replay and self._replay[0].step <= self.updates:
            self._handle(self._replay.popleft().message)
        if self._mailbox.waiting or self._paused or self._slow:
            self._attend()
        if self._asked or self._checkpoints.due():
            self._asked = False
            self.fetch()
            self._checkpoints.save(self.updates, self.latest)

    def _attend(self) -> None:
        """Handles what waits, and waits itself while the job is paused or in slow motion."""
        if self._slow:
            self._mailbox.wait(self._slow)
        self._handle_all()
        while self._paused and not self._steps_left:
            self._mailbox.wait()
            self._handle_all()
        self._steps_left -= self._paused

    def _handle_all(self) -> None:
        """A message that asks for the impossible is answered with a notice; the job goes on."""
        for message in self._mailbox.take():
            try:
                self._handle(message)
            except UserError as error:
                self.notice(error.text, error.remedy)

    def _handle(self, message: dict[str, Any]) -> None:
        match message:
            case {"do": "stop"}:
                self.fetch()
                self._checkpoints.save(self.updates, self.latest)
                raise Stop
            case {"do": "cancel"}:
                self.cancelled = True
                raise Stop
            case {"do": "pause"}:
                self._pause(True)
            case {"do": "resume"}:
                self._pause(False)
            case {"do": "step", "n": n}:
                self._paused, self._steps_left = True, n
            case {"do": "slow", "seconds": seconds}:
                self._slow = seconds
            case {"do": "checkpoint"}:
                self._asked = True
            case {"do": "set", "values": values}:
                self._set(values)
            case {"do": "call", "action": action, "values": values}:
                self._call(action, values)
            case _:
                raise ValueError(f"unknown control message {message}")

    def _pause(self, paused: bool) -> None:
        self._paused, self._steps_left = paused, 0
        self.screen.offer(self._event("state", "", {"state": "paused" if paused else "running"}))

    def _set(self, values: dict[str, Any]) -> None:
        """Changes live parameters; recorded with the step, so that a repeat replays it."""
        changed = fields.record(self.params)
        for path, value in values.items():
            if path not in self._live:
                raise UserError(T("{field} cannot change while the job runs.", field=path), field=path)
            fields.assign(type(self.params), changed, path, json.dumps(value))
        self.params = fields.validate(type(self.params), changed)
        self.generation += 1
        self.keep("change", "", {"values": values, "updates": self.updates})

    def _call(self, action: str, values: dict[str, Any]) -> None:
        if action not in self.handlers:
            raise UserError(T("The job has no action {action}.", action=action))
        self.handlers[action](**values)
        self.keep("action", action, {"values": values, "updates": self.updates})

    def _say_progress(self, total: int | None) -> None:
        now = time.monotonic()
        if now - self._said > _PROGRESS_EVERY or self.updates == total:
            self._said = now
            self.progress(self.updates, total)


def _earlier(folder: Path) -> list[Written]:
    """The checkpoints that older segments left."""
    reader = Reader(folder)
    try:
        return [Written(each.step, folder / each.path) for each in reader.checkpoints()]
    finally:
        reader.close()
