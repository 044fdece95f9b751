"""A tool on trial, in a home of its own: the runs and the play that `workbench.testing.contract` judges."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from workbench import fields
from workbench.events import FRAMES, Event
from workbench.jobs.again import resume_run
from workbench.jobs.spec import ENDED, Change
from workbench.jobs.start import Desk, live
from workbench.jobs.supervisor import Job
from workbench.registry import FoundTool, Plugin
from workbench.runs import schema
from workbench.testing.home import at_home, desk_here, planting
from workbench.testing.leaks import Belongings
from workbench.testing.running import Ran, Runner, Where, values_for
from workbench.tool import Tool

PATIENCE = 30.0
"""Seconds for a worker to start and answer."""
_THIN = 30
"""So often has the stride of a stream doubled that of a run of any length the first and the last frame are wanted."""
_CHANGES = 20
CHAIN = (
    {"kind": "accumulate", "batches": 4},
    {"kind": "decay", "rate": 0.1},
    {"kind": "adaptation"},
    {"kind": "piecewise", "knots": [[0, 1.0], [3, 0.2], [9, 0.5]]},
    {"kind": "lookahead", "every": 5},
    {"kind": "average", "decay": 0.9},
)
"""Stages of every phase. After 26 of 50 steps a window of micro-batches and a cycle of lookahead are open."""
_LONG, _HALT = 50, 26


class Trial(Protocol):
    """What a subclass of `ToolContract` says of its tool."""

    tool: str
    plugins: Sequence[Path]
    change: Mapping[str, Any]
    slow: Mapping[str, Any]
    where: Where

    def short(self, folder: Path) -> Mapping[str, Any]:
        """The parameters of the short run."""


@contextmanager
def staged(trial: Trial, home: Path) -> Iterator[Stage]:
    """The tool on its stage, whose runs all tests of a class share."""
    with ExitStack() as held:
        held.enter_context(at_home(home))
        plant = held.enter_context(planting())
        for each in trial.plugins:
            plant(each)
        stage = Stage(trial, desk_here(), home)
        held.callback(stage.runner.close)
        yield stage


class Stage:
    """The tool and its runs; each is made when a test first asks for it."""

    def __init__(self, trial: Trial, desk: Desk, home: Path) -> None:
        self.trial, self.desk, self.home = trial, desk, home
        self.found: FoundTool = desk.tool(trial.tool)
        self.given = trial.short(home)
        self.before = Belongings.now(home)
        self.runner = Runner(desk, trial.where)

    @property
    def tool(self) -> Tool:
        """Its declaration."""
        return self.found.tool

    @property
    def plugin(self) -> Plugin:
        """Whose it is."""
        return next(each for each in self.desk.registry.plugins if each.name == self.found.plugin)

    @cached_property
    def whole(self) -> Ran:
        """The short run, nobody looking, from its first step to its last."""
        return self.runner(self.tool.id, self.given)

    @cached_property
    def steps(self) -> int:
        """How many steps the short run has; 0 for a job without a loop."""
        return max((int(step) for each in self.whole.scalars().values() for step in each["step"]), default=0)

    @cached_property
    def watched(self) -> Ran:
        """The same, looked at."""
        return self.runner(self.tool.id, self.given, watch=60)

    @cached_property
    def unseen(self) -> Ran:
        """The same, in which hardly a frame is wanted: nobody looks, and the store has its streams as thin as those of
        a very long run, where `whole`, being short, keeps a frame of every step."""
        spec = self.runner.spec(self.tool.id, self.given)
        with closing(schema.open_to_write(spec.folder)) as db, db:
            for name, kind in self.whole.reader.streams().items():
                if kind in FRAMES:
                    db.execute("INSERT INTO streams VALUES (?, ?, 1, ?, 0)", (name, kind, _THIN))
        return self.runner.finish(spec)

    @cached_property
    def halted(self) -> Ran:
        """The same, stopped in the middle."""
        ran = self._until(self.given, self.steps // 2, lambda job: job.stop())
        ran.close()
        return ran

    @cached_property
    def resumed(self) -> Ran:
        """The stopped one, gone on with."""
        return self.runner.finish(resume_run(self.desk, self.halted.job.run_id, {}))

    @cached_property
    def cancelled(self) -> Ran:
        """The same, asked for every action in the middle and then cancelled."""
        actions = [each.id for each in self.tool.actions if each.params is None]

        def ask(job: Job) -> None:
            for action in actions:
                job.call(action)
            job.stop(save=False)

        return self._until(self.given, self.steps // 2, ask)

    @cached_property
    def chained(self) -> tuple[Ran, Ran, Ran]:
        """With `CHAIN` as its optimizer's stages: a run of 50 steps, one that is stopped on its way, gone on with."""
        given = {**self.given, "steps": _LONG, "optimizer.stages": [dict(each) for each in CHAIN]}
        whole = self.runner(self.tool.id, given)
        halted = self._until(given, _HALT, lambda job: job.stop())
        halted.close()
        return whole, halted, self.runner.finish(resume_run(self.desk, halted.job.run_id, {}))

    @cached_property
    def stacked(self) -> list[Ran]:
        """Two runs with different seeds that one job fills; none where the tool does not stack."""
        variants = [values_for(self.tool.params, {**self.given, "seed": seed}) for seed in (1, 2)]
        return self.runner.stack(self.tool.id, variants) if self.tool.stacked else []

    @cached_property
    def played(self) -> Played:
        """What a live tool showed as its parameters changed."""
        play = Played(self)
        play.run()
        return play

    def _until(self, given: Mapping[str, Any], step: int, ask: Callable[[Job], None]) -> Ran:
        """A run that pauses after so many steps and is then asked for something; without a loop, at once."""
        spec = self.runner.spec(self.tool.id, given)
        pause = Change(step=step, message={"do": "pause"})
        job = self.runner.job(spec.model_copy(update={"replay": (pause,)} if step else {}))
        if step:
            job.listen("state", lambda event: ask(job) if event.data["state"] == "paused" else None)
        else:
            ask(job)
        return self.runner.supervise(job)


class Played:
    """A live tool that is played with in a resident worker.

    answered: seconds until a change was answered. superseded: until the last of several changes was, while an earlier
    one was being evaluated. None: never.
    """

    def __init__(self, stage: Stage) -> None:
        self.events: list[Event] = []
        self.answered: float | None = None
        self.superseded: float | None = None
        self._trial = stage.trial
        self._params = values_for(stage.tool.params, stage.given)
        self._job = stage.runner.job(live(stage.desk, stage.tool.id, self._params))
        self._arrived = threading.Condition()

    @property
    def errors(self) -> list[str]:
        """What went wrong."""
        return [str(each.data["text"]) for each in self.events if each.kind == "error"]

    def run(self) -> None:
        """A change; then a long evaluation, or many short ones, that a last change supersedes."""
        self._job.listen("*", self._take)
        self._job.watch({"*": 1000})
        thread = threading.Thread(target=self._job.supervise)
        thread.start()
        if self._answer(0) is not None:
            self._job.set(**self._trial.change)
            self.answered = self._answer(1)
        if self.answered is not None:
            self.superseded = self._supersede(self._trial.slow)
        self._job.stop()
        thread.join()

    def _supersede(self, slow: Mapping[str, Any]) -> float | None:
        quick = {path: _value(fields.record(self._params), path) for path in slow}
        for each in range(_CHANGES):
            self._job.set(**{"seed": 100 + each, **slow})
        time.sleep(0.2)  # so that the last of these is being evaluated
        self._job.set(**{"seed": 200, **quick})
        return self._answer(_CHANGES + 2)

    def _take(self, event: Event) -> None:
        with self._arrived:
            self.events.append(event)
            self._arrived.notify_all()

    def _answer(self, generation: int) -> float | None:
        """Seconds until the evaluation of these parameters ended; None where it failed or did not end."""
        begun = time.monotonic()
        with self._arrived:
            self._arrived.wait_for(lambda: self._ended() or self._idle(generation), PATIENCE)
            return time.monotonic() - begun if self._idle(generation) else None

    def _idle(self, generation: int) -> bool:
        idle = [each for each in self.events if each.kind == "state" and each.data["state"] == "idle"]
        return any(each.generation == generation for each in idle)

    def _ended(self) -> bool:
        return bool(self.errors) or self._job.state in ENDED


def _value(record: Mapping[str, Any], path: str) -> Any:
    found: Any = record
    for name in path.split("."):
        found = found[int(name)] if isinstance(found, list) else found[name]
    return found
