"""Control of a long job at its step boundaries: pause, single steps, slow motion, changes, actions, stop."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

from workbench.errors import Stop, UserError
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.spec import Change


class Controlled(Protocol):
    """What a job does when it is told to."""

    updates: int

    def save(self, pinned: bool = False) -> None:
        """Writes a checkpoint of this boundary."""

    def change(self, values: dict[str, Any]) -> None:
        """Sets live parameters."""

    def call(self, action: str, values: dict[str, Any]) -> None:
        """Does an action."""

    def back_to(self, step: int | None, reason: str) -> None:
        """Rolls back to the checkpoint of a step, or the newest."""

    def scale_rates(self, factor: float) -> None:
        """Scales the tracked optimizers' learning rates."""

    def say_state(self, state: str) -> None:
        """Tells the screen."""

    def notice(self, text: str, remedy: str = "") -> None:
        """Tells the person."""


class Control:
    """Takes messages from the mailbox, and those of a record that is repeated, and has the job obey them."""

    def __init__(self, job: Controlled, mailbox: Mailbox, replay: Sequence[Change]) -> None:
        self.cancelled = False
        self._job, self._mailbox = job, mailbox
        self._replay = deque(replay)
        self._paused = False
        self._steps_left = 0
        self._slow = 0.0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do at this boundary: the usual case, kept cheap."""
        return not (self._mailbox.waiting or self._paused or self._slow or self._replay)

    def attend(self) -> None:
        """Obeys what waits, and waits itself while the job is paused or in slow motion. Raises Stop."""
        while self._replay and self._replay[0].step <= self._job.updates:
            self.obey(self._replay.popleft().message)
        if self._slow:
            self._mailbox.wait(self._slow)
        self._take()
        while self._paused and not self._steps_left:
            self._mailbox.wait()
            self._take()
        self._steps_left -= self._paused

    def _take(self) -> None:
        """A message that asks for the impossible is answered with a notice; the job goes on."""
        for message in self._mailbox.take():
            try:
                self.obey(message)
            except UserError as error:
                self._job.notice(error.text, error.remedy)

    def obey(self, message: dict[str, Any]) -> None:
        """Does what one message says. Raises Stop, UserError, and ValueError for a message of no meaning."""
        match message:
            case {"do": "stop"}:
                self._job.save()
                raise Stop
            case {"do": "cancel"}:
                self.cancelled = True
                raise Stop
            case {"do": "pause"}:
                self._pause(True)
            case {"do": "resume"}:
                self._pause(False)
            case {"do": "step", "n": n}:
                self._pause(True)
                self._steps_left = n
            case {"do": "slow", "seconds": seconds}:
                self._slow = seconds
            case {"do": "checkpoint", **more}:
                self._job.save(pinned=bool(more.get("pinned")))
            case {"do": "set", "values": values}:
                self._job.change(values)
            case {"do": "call", "action": action, "values": values}:
                self._job.call(action, values)
            case {"do": "roll_back", "step": step, "reason": reason}:
                self._job.back_to(step, reason)
            case {"do": "scale", "factor": factor}:
                self._job.scale_rates(factor)
            case _:
                raise ValueError(f"unknown control message {message}")

    def _pause(self, paused: bool) -> None:
        self._paused, self._steps_left = paused, 0
        self._job.say_state("paused" if paused else "running")
