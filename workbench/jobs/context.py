"""A long job's context: the loop with its boundaries, checkpoints, roll-back, changed parameters."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any, Protocol

import numpy as np

from workbench import fields
from workbench.errors import Stop, UserError
from workbench.events import Kind
from workbench.jobs import pages
from workbench.jobs.base import BaseContext
from workbench.jobs.checkpoints import Checkpoints
from workbench.jobs.control import Control
from workbench.jobs.guard import Guard
from workbench.jobs.mailbox import Mailbox
from workbench.jobs.screen import Screen
from workbench.jobs.spec import Spec
from workbench.params import Params
from workbench.registry import Registry
from workbench.runs.arrays import Arrays
from workbench.runs.bundles import Bundle
from workbench.runs.recorder import Recorder
from workbench.texts import T, Text

_PROGRESS_EVERY = 0.1
_CHORES_EVERY = 0.2
"""Seconds between two boundaries of a quick loop that nobody calls: each takes it a third of a millisecond."""
NOBODY: deque[Bundle] = deque(maxlen=0)
"""Takes the scalars that are not reported in a step: they are not looked at for divergence."""
ROLL_BACKS = 5
"""So many roll-backs of one job for divergence; then it fails."""


class DivergedError(UserError):
    """A job whose numbers exploded, and that does not go on by itself."""


class Follower(Protocol):
    """A run that is filled by the same job (see `workbench.jobs.stacked`)."""

    recorder: Recorder
    params: Params
    spec: Spec
    dir: Path
    step: int
    generation: int
    guarded: deque[Bundle]

    def fetch(self) -> None:
        """Brings over what lies on a GPU, and packs the scalars that wait."""

    def look_anew(self) -> None:
        """The step has changed, but not to the next one."""

    def keep(self, kind: Kind, stream: str, data: Mapping[str, Any]) -> None:
        """Records an event in full."""


class JobContext(BaseContext):
    """Implements `workbench.context.Context` over a recorder, a screen and a mailbox."""

    recorder: Recorder

    def __init__(
        self, spec: Spec, params: Params, registry: Registry, recorder: Recorder, screen: Screen, mailbox: Mailbox
    ) -> None:
        super().__init__(spec, params, registry, recorder, screen, mailbox)
        self.updates = 0
        self.members: list[Follower] = []
        self.control = Control(self, mailbox, spec.replay)
        best = registry.tools[spec.tool].tool.best
        self._checkpoints = Checkpoints(spec.folder, recorder, spec.checkpoint_seconds, spec.checkpoints_kept, best)
        self._guard = Guard() if spec.guard != "off" else None
        self._watched = self._guard.bundles if self._guard else self.guarded
        self._live = fields.live_paths(type(params))
        self._begun = False
        self._asked = False
        self._back = ""
        self._alert = True
        self._chores_at = 0.0
        self._said = 0.0
        self._roll_backs = 0
        self._set = dict(spec.start.values)
        """What was changed while this job ran: it holds after a roll-back too, which hides the record of it."""
        self._done_first: list[tuple[str, dict[str, Any]]] = []
        """Actions before the first step, which the first checkpoint does not hold."""

    # ------------------------------------------------------------------ the loop

    def steps(self, n: int | None = None) -> Iterator[int]:
        """See `Context.steps`."""
        self._begin()
        for each in (self, *self.members):
            each.recorder.last_step = n
            each.look_anew()
        self._boundary(n)
        mailbox, now = self.mailbox, time.monotonic  # a quick loop pays for every look
        while n is None or self.updates < n:
            step = self.updates + 1
            self._enter(step, self._watched)
            yield step
            self.updates = step
            if self._alert or mailbox.waiting or now() >= self._chores_at or step == n:
                self._boundary(n)  # it may roll back, and then the loop goes on
        self.save()

    def sync(self) -> None:
        """See `Context.sync`. Inside a step only a cancel is heeded: a stop waits for the boundary and saves there."""
        if not self.mailbox.waiting:
            return
        if self.step == self.updates:  # between two steps
            self.control.attend()
        elif self.mailbox.cancelled():
            self.control.cancelled = True
            raise Stop

    def track(self, **stateful: Any) -> None:
        """See `Context.track`."""
        for name, each in stateful.items():
            if not trackable(each):
                raise UserError(
                    T("track({name}=…): a {type} cannot be tracked.", name=name, type=type(each).__name__),
                    remedy=T(
                        "Track a tensor or a numpy array that is changed in place (a number as one without axes: "
                        "`torch.tensor(0.0)`), or what has state_dict and load_state_dict, or get_state and set_state."
                    ),
                )
        self._checkpoints.tracked.update(stateful)

    def checkpoint(self) -> None:
        """See `Context.checkpoint`."""
        self._asked = self._alert = True

    def roll_back(self, reason: str) -> None:
        """See `Context.roll_back`."""
        self._back, self._alert = reason, True

    def _begin(self) -> None:
        """The first time: restores what is tracked, and writes the first checkpoint."""
        if self._begun:
            return
        self._begun = True
        if current_thread() is main_thread():  # a worker, with all that it has imported and made
            pages.join()
            gc.collect(1)  # what the job has just left behind
            gc.freeze()  # to look through all of torch for garbage would hold the loop up for a fifth of a second
        start = self.spec.start
        if start.checkpoint and not self._checkpoints.tracked:
            raise UserError(T("This tool keeps no state: a run of it cannot be continued."), remedy=T("Start it anew."))
        if start.checkpoint:
            self.updates = self._checkpoints.load(start.checkpoint)
            self._enter(self.updates, NOBODY)
        for each in (self, *self.members):
            if each.spec.start.values:
                each.keep("change", "", {"values": each.spec.start.values, "updates": self.updates})
        self.save()

    def _enter(self, step: int, guarded: deque[Bundle]) -> None:
        self.step, self.guarded = step, guarded
        for each in self.members:
            each.step, each.guarded = step, guarded

    def _fetch(self) -> None:
        for each in (self, *self.members):
            each.fetch()

    def _boundary(self, total: int | None) -> None:
        """What may be done between two steps; a quick loop comes here only now and then, or when it is called."""
        self._alert = False
        self._fetch()  # what was reported in a step is looked at before a checkpoint is written
        self._enter(self.updates, NOBODY)
        self._say_progress(total)
        self._look_for_divergence()
        if not self.control.idle:
            self.control.attend()
            self._fetch()
        if self._back:
            reason, self._back = self._back, ""
            self.back_to(None, reason)
        if self._asked or time.monotonic() >= self._checkpoints.next:
            self._asked = False
            self.save()
        self._chores_at = min(time.monotonic() + _CHORES_EVERY, self._checkpoints.next)
        self._alert |= not self.control.idle

    def _say_progress(self, total: int | None) -> None:
        now = time.monotonic()
        if now >= self._said + _PROGRESS_EVERY or self.updates == total:
            self._said = now
            self.progress(self.updates, total)

    def _look_for_divergence(self) -> None:
        if self._guard:
            self._guard.look()
            if self._guard.found:
                self._diverged(*self._guard.found)

    # ------------------------------------------------------------------ what control asks for

    def save(self, pinned: bool = False) -> None:
        """Writes a checkpoint of this boundary, unless there is one. pinned: it is never pruned."""
        self._fetch()
        for each in self.members:
            each.recorder.flush(durable=True)
        self._checkpoints.save(self.updates, self.latest, pinned)

    def change(self, values: Mapping[str, Any]) -> None:
        """Changes live parameters; recorded with the step, so that a repeat replays it. Raises UserError."""
        for path in values:
            if path not in self._live:
                raise UserError(T("{field} cannot change while the job runs.", field=path), field=path)
        changed = [fields.changed(each.params, values, Arrays()) for each in (self, *self.members)]
        self._fetch()  # what waits was reported before
        if self._checkpoints.cheap:
            self.save()  # should the job diverge now, it is to go back to here
        for each, params in zip((self, *self.members), changed, strict=True):
            each.params = params
            each.generation += 1
            each.keep("change", "", {"values": dict(values), "updates": self.updates})
            each.recorder.set_facts(now=fields.record(params, Arrays(each.dir)))
        self._set |= values

    def call(self, action: str, values: dict[str, Any]) -> None:
        """Does an action of the tool; recorded with the step. Raises UserError for one that the job does not know.

        Who goes on from the first checkpoint does again what was done there (see `back_to` and `again`): that one stays
        as it is.
        """
        if action not in self.handlers:
            raise UserError(T("The job has no action {action}.", action=action))
        self.handlers[action](**values)
        self.keep("action", action, {"values": values, "updates": self.updates})
        if not self.updates:
            self._done_first.append((action, values))
        elif self._checkpoints.outdated(self.updates):
            self.save()

    def say_state(self, state: str) -> None:
        """Tells the screen that the job is paused, or runs again."""
        self.screen.offer(self._event("state", "", {"state": state}))

    # ------------------------------------------------------------------ rolling back

    def back_to(self, step: int | None, reason: str, before: int | None = None) -> None:
        """Restores a checkpoint, that of `step` or the newest (before `before`), and goes on in a new segment."""
        self._fetch()
        found = self._checkpoints.choose(step, before)
        if found is None:
            raise UserError(T("There is no checkpoint to go back to."))
        left = self.updates
        self.updates = self._checkpoints.load(found.path)
        self._checkpoints.leave(self.updates)
        self.latest.clear()  # of the way that was left: no checkpoint of the new one is scored by it
        for each in (self, *self.members):
            each.recorder.branch(self.updates, "roll-back")
            each.look_anew()
        self._enter(self.updates, NOBODY)
        if self._guard:
            self._guard.forget()
        values = {"values": dict(self._set)} if self._set else {}
        self.keep("change", "", {"roll_back": self.updates, "updates": left, "reason": reason, **values})
        for each in self.members if values else ():
            each.keep("change", "", {"updates": self.updates, **values})
        for action, given in self._done_first if not self.updates else ():
            self.handlers[action](**given)
        self.notice(T("Back at step {step}: {reason}", step=self.updates, reason=reason))

    def _diverged(self, name: str, since: int) -> None:
        """Goes back to before the divergence; with a lower rate if that was asked for, else the job fails there."""
        self._roll_backs += 1
        reason = T("{name} diverged at step {step}.", name=name, step=since)
        if self._checkpoints.tracked:
            self.back_to(None, reason, before=since - 1)
        if self.spec.guard == "stop" or self._roll_backs > ROLL_BACKS or not self._checkpoints.tracked:
            raise DivergedError(self._after(reason), remedy=self._way_on())
        self._lower(self.spec.guard_factor)

    def _after(self, reason: Text) -> Text:
        if not self._checkpoints.tracked:
            return reason
        return T("{reason} The run is back at step {step}.", reason=reason, step=self.updates)

    def _way_on(self) -> Text:
        """What a person can do about a divergence: a rate that is live may change when the run is resumed."""
        rates = sorted(filter(_is_rate, self._live))
        how = f"--resume {self.spec.folder.name} --set {rates[0]}=…" if rates else f"--fork {self.spec.folder.name}"
        return T(
            "Go on with a lower rate: by Continue or Fork in the window, or by `workbench run {how}`; or let the "
            "setting `guard` (divergence guard) be lower, which does so by itself, or off.",
            how=how,
        )

    def _lower(self, factor: float) -> None:
        """Scales the live learning rates, or where there are none the tracked optimizers' own."""
        rates = {path: factor * fields.get(self.params, path) for path in self._live if _is_rate(path)}
        if rates:
            self.change(rates)
        else:
            self.scale_rates(factor)

    def scale_rates(self, factor: float) -> None:
        """Scales the learning rates of the tracked optimizers; recorded with the step.

        Saved at once: the next roll-back that came here again would restore the higher rates.
        """
        for each in self._checkpoints.tracked.values():
            for group in getattr(each, "param_groups", ()):
                group["lr"] = factor * group["lr"]
        self.keep("change", "", {"scale_rate": factor, "updates": self.updates})
        self._checkpoints.outdated(self.updates)
        self.save()


def trackable(given: Any) -> bool:
    """Whether a checkpoint can hold the state of something and put it back. Needs no torch."""
    ways = (("state_dict", "load_state_dict"), ("get_state", "set_state"), ("copy_", "detach"))
    return isinstance(given, np.ndarray) or any(all(hasattr(given, name) for name in way) for way in ways)


def _is_rate(path: str) -> bool:
    """Whether a parameter is a learning rate, by its standard name: lr, lr_g, …"""
    name = path.rpartition(".")[2]
    return name == "lr" or name.startswith("lr_")
