"""One supervisor a job, without Qt: it waits for a slot, runs the job, hands its events on, and says how it ended."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, Literal

from workbench.errors import UserError
from workbench.events import Event
from workbench.jobs.execute import describe
from workbench.jobs.runners import ProcessRunner, Runner, ThreadRunner
from workbench.jobs.slots import Slots
from workbench.jobs.spare import Spare
from workbench.jobs.spec import ENDED, Spec
from workbench.registry import Registry, notify
from workbench.runs.bundles import Bundle
from workbench.runs.facts import RunFacts
from workbench.runs.recorder import mark
from workbench.texts import T

log = logging.getLogger(__name__)

State = Literal["queued", "running", "idle", "paused", "stopping", "stopped", "done", "failed", "cancelled"]
Listener = Callable[[Event], None]


class Job:
    """A job and its run. `supervise` blocks; every other method may be called from any thread."""

    def __init__(
        self,
        spec: Spec,
        registry: Registry,
        runner: str = "process",
        *,
        slots: Slots | None = None,
        spare: Spare | None = None,
    ) -> None:
        self.spec = spec
        self.run_id = spec.folder.name
        self.state: State = "queued"
        self.error: dict[str, Any] | None = None
        self._registry = registry
        self._slots = slots
        self._runner: Runner = ProcessRunner(spec, spare) if runner == "process" else ThreadRunner(spec, registry)
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._withdrawn = threading.Event()
        self._generation = 0
        self._heard, self._silent = 0.0, False

    # ------------------------------------------------------------------ asked from outside

    def listen(self, kind: str, listener: Listener) -> None:
        """Calls `listener`, in the supervisor's thread, with every event of this kind or stream ("*": with all)."""
        self._listeners[kind].append(listener)

    def watch(self, rates: Mapping[str, float]) -> None:
        """Asks for so many frames a second, by stream; "*" for all others."""
        self._runner.send({"do": "watch", "rates": dict(rates)})

    def set(self, **values: Any) -> None:
        """Changes live parameters, by path (`set(**{"optimizer.lr": 1e-4})`), at the next boundary.

        In a live tool any parameter, at once; what answers older ones is not handed on any more.
        """
        self._generation += self.spec.live
        self._runner.send({"do": "set", "values": values})

    def call(self, action: str, **values: Any) -> None:
        """Asks for an action of the tool at the next boundary; a live tool is evaluated again after it."""
        self._generation += self.spec.live
        self._runner.send({"do": "call", "action": action, "values": values})

    def pause(self) -> None:
        """Pauses at the next boundary."""
        self._runner.send({"do": "pause"})

    def resume(self) -> None:
        """Goes on after a pause."""
        self._runner.send({"do": "resume"})

    def step(self, n: int = 1) -> None:
        """Does n more steps, then pauses."""
        self._runner.send({"do": "step", "n": n})

    def slow(self, seconds: float) -> None:
        """Slow motion: waits so long between two steps; 0 ends it."""
        self._runner.send({"do": "slow", "seconds": seconds})

    def checkpoint(self) -> None:
        """Writes a checkpoint at the next boundary."""
        self._runner.send({"do": "checkpoint"})

    def roll_back(self, step: int | None = None) -> None:
        """Goes back, at the next boundary, to the checkpoint of a step, or the newest."""
        self._runner.send({"do": "roll_back", "step": step, "reason": "asked for"})

    def stop(self, *, save: bool = True) -> None:
        """Ends at the next boundary: saved and resumable, or cancelled. Killed after the grace time."""
        if self.state in ENDED:
            return
        self._become("stopping")
        self._withdrawn.set()
        self._runner.send({"do": "stop" if save else "cancel"})

    def kill(self) -> None:
        """Ends at once."""
        self._withdrawn.set()
        self._runner.kill()

    # ------------------------------------------------------------------ the supervisor's thread

    def supervise(self) -> State:
        """Runs the job from queue to end; how it ended. Call it in a thread of its own."""
        if self._slots is None:
            return self._supervise()
        with self._slots.take(self.spec, self._withdrawn) as granted:
            return self._supervise() if granted else self._withdraw()

    def _supervise(self) -> State:
        if self.spec.live:
            return self._play()
        notify(self._registry, "workbench_run_started", run=self.run_id, tool=self.spec.tool, params=self.spec.params)
        said = self._run()
        if self.state not in ENDED:
            text = said or T("The worker ended without saying how.")
            remedy = T("Its log: {log}. Resume with `workbench run --resume {run}`.", **self._where())
            self._end("failed", describe(UserError(text, remedy), self.spec.folder) | {"type": "WorkerDied"})
        notify(self._registry, "workbench_run_finished", run=self.run_id, tool=self.spec.tool, state=self.state)
        return self.state

    def _run(self) -> str | None:
        """Runs the job; what to say where it did not say itself how it ended."""
        try:
            self._heard = time.monotonic()
            return self._runner.run(self._deliver, self._notice_silence)
        except OSError as error:
            log.exception("the worker cannot be started")
            return T("The worker cannot be started: {why}.", why=error)

    def _notice_silence(self) -> None:
        """A job that should compute and has told nothing for long is said to be silent, once; nobody ends it."""
        silence = time.monotonic() - self._heard
        if self._silent or self.state not in ("queued", "running") or not 0 < self.spec.silence < silence:
            return
        self._silent = True
        text = T("The job has not reported for {seconds} s.", seconds=round(silence))
        remedy = T("Perhaps a step takes long, perhaps it hangs. Stop ends it: it is killed where no step comes to its "
                   "end within {grace} s, and its checkpoints are kept.", grace=round(self.spec.grace))  # fmt: skip
        self._tell(Event("notice", data={"text": text.to_json(), "remedy": remedy.to_json()}))

    def _play(self) -> State:
        """A live tool: its folder is scratch, its end nothing to record."""
        said = self._run()
        if self.state not in ENDED:
            error = UserError(said or T("The worker ended without saying how."))
            self.error = describe(error, self.spec.folder)
            self._become("failed")
        shutil.rmtree(self.spec.folder, ignore_errors=True)
        return self.state

    def _where(self) -> dict[str, str]:
        return {"log": str(self.spec.folder / "log.txt"), "run": self.run_id}

    def _end(self, state: State, error: dict[str, Any] | None) -> State:
        """Says in each run of the job how it ended, where the worker could not."""
        self.error = error
        for folder in self.spec.folders:
            try:
                mark(folder, state, error=error)
            except UserError:
                log.exception("the run's end could not be recorded")
        self._become(state)
        return state

    def _withdraw(self) -> State:
        """It was taken out of the queue: a new run is cancelled; one that was to go on can be continued as before."""
        if self._is_new():
            return self._end("cancelled", None)
        self._become("stopped")
        return self.state

    def _is_new(self) -> bool:
        """Whether the run has waited for its first start all along."""
        try:
            with closing(RunFacts(self.spec.folder)) as run:
                return run.state == "queued"
        except UserError:
            log.exception("the run cannot be read")
            return True

    def _deliver(self, event: Event) -> None:
        self._heard = time.monotonic()
        if self._silent and event.kind not in ("error", "state"):
            self._silent = False
            self._tell(Event("notice", data={"text": T("The job reports again.").to_json()}))
        if event.generation < self._generation and self.spec.live:
            return
        if event.kind == "error":
            self.error = dict(event.data)
        if event.kind == "state":
            self._become(event.data["state"], event)
        elif event.kind == "scalars":
            bundle = Bundle(event.data.get("names", ()), event.arrays)
            self._tell(replace(event, data={}, arrays=bundle.series()))
        else:
            self._tell(event)

    def _become(self, state: State, event: Event | None = None) -> None:
        if self.state in ENDED or (self.state == "stopping" and state in ("running", "paused")):
            return
        self.state = state
        self._tell(event or Event("state", data={"state": state}))

    def _tell(self, event: Event) -> None:
        for key in {event.kind, event.stream, "*"} - {""}:
            for listener in self._listeners.get(key, ()):
                try:
                    listener(event)
                except Exception:
                    log.exception("a listener failed; the job goes on")
