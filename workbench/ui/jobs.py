"""The jobs of this window: each in a supervisor's thread, its events in an intake, looked at once per frame."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from workbench.errors import UserError
from workbench.jobs.slots import Slots
from workbench.jobs.spare import Spare
from workbench.jobs.spec import ENDED, Member, Spec
from workbench.jobs.supervisor import Job
from workbench.registry import Registry
from workbench.texts import T, Text
from workbench.ui.bridge import Intake, News
from workbench.ui.source import Source

ELSEWHERE = 1.0
"""Frames a second of streams that nobody looks at: so that a panel that is opened has something to show."""


class Work(QThread):
    """One job, supervised in this thread."""

    stirred = Signal()
    news = Signal(object)
    """What the job has sent since the last frame: `bridge.News`."""
    moved = Signal()
    """The job is in another state."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self.intake = Intake([each.folder for each in self.runs], self.stirred.emit, job.spec.live)
        self.begun = time.time()
        self.slow = False
        self._rates: dict[str, float] = {}
        self._seen = job.state
        job.listen("*", self.intake.take)

    def run(self) -> None:
        """The thread."""
        self.job.supervise()
        self.stirred.emit()

    @property
    def ended(self) -> bool:
        """Whether the job has come to its end."""
        return self.job.state in ENDED

    @property
    def live(self) -> bool:
        """Whether it is a live tool's resident worker, not a run."""
        return self.job.spec.live

    @property
    def runs(self) -> Sequence[Spec | Member]:
        """The runs that the job fills."""
        return self.job.spec, *self.job.spec.members

    def watch(self, streams: Mapping[str, float]) -> None:
        """Asks for frames: so many a second of these streams, few of all others."""
        rates = {**streams, "*": ELSEWHERE}
        if rates != self._rates:
            self._rates = rates
            self.job.watch(rates)

    def look(self) -> None:
        """Emits what is new. Once per frame, in the window's thread."""
        found = self.intake.news()
        if found != News():
            self.news.emit(found)
        if self.job.state != self._seen:
            self._seen = self.job.state
            self.moved.emit()


class Jobs(QObject):
    """All of them. `changed` when one was added, moved or ended."""

    changed = Signal()
    beat = Signal()
    """A frame: everything that has come is in the intakes, and `Work.news` was emitted."""
    idle = Signal()
    """The last job has ended and its thread with it."""

    queued = Signal()
    """A job has come into the queue or left it, or another place in it: said in any thread."""
    paced = Signal(float)
    """The frame rate is another."""

    def __init__(self, registry: Registry, slots: Slots, spare: Spare | None, rate: float) -> None:
        super().__init__()
        self.works: list[Work] = []
        self.slots, self.spare = slots, spare
        slots.moved = self.queued.emit
        self._registry = registry
        self._frame = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._frame.timeout.connect(self._beat)
        self._seconds = 1 / rate
        self._last = 0.0

    def set_rate(self, rate: float) -> None:
        """Frames a second from now on."""
        if 1 / rate != self._seconds:
            self._seconds = 1 / rate
            self.paced.emit(rate)

    def begin(self, spec: Spec, *, beside: bool = False, after: Source | None = None) -> Work:
        """Starts a job. beside: at once, whatever runs already; a live tool always does. after: what a run that is
        continued has shown so far."""
        slots = None if beside or spec.live else self.slots
        work = Work(Job(spec, self._registry, slots=slots, spare=self.spare))
        if after is not None:
            work.intake.feeds[0].begin_after(after)
        work.stirred.connect(self._stir, Qt.ConnectionType.QueuedConnection)
        work.moved.connect(self.changed)
        work.finished.connect(self._ended)
        self.works.append(work)
        work.start()
        self.changed.emit()
        return work

    @property
    def active(self) -> list[Work]:
        """Those that have not ended, without the resident workers of live tools."""
        return [each for each in self.works if not each.live and not each.ended]

    @property
    def threads(self) -> list[Work]:
        """Those whose thread still runs."""
        return [each for each in self.works if each.isRunning()]

    @property
    def stirred(self) -> bool:
        """Whether something has come that is looked at with the next frame."""
        return self._frame.isActive()

    def holder(self, run: Path) -> Work | None:
        """The job that fills the run in this folder, or waits to; None where all such have ended."""
        unended = (each for each in self.works if not each.ended)
        return next((work for work in unended if run in (each.folder for each in work.runs)), None)

    def refusal(self, runs: Iterable[Path]) -> UserError | None:
        """Why runs that their records call ended are not to be continued or deleted; None where nothing forbids it."""
        held = next((each for each in runs if self.holder(each) is not None), None)
        if held is None:
            return None
        text = T("Run {run} is being continued, or waits for a slot to go on.", run=held.name)
        return UserError(text, remedy=T("Wait until it has ended, or stop it first."))

    def stop(self, works: Iterable[Work], *, save: bool = True) -> None:
        """Asks jobs to end at their next boundary."""
        for each in works:
            each.job.stop(save=save)

    def forget(self) -> None:
        """Drops the jobs that have ended from the list; their runs are kept."""
        self.works = [each for each in self.works if not each.ended or each.isRunning()]
        self.changed.emit()

    def place(self, work: Work) -> int | None:
        """Its place in the queue; None where it does not wait."""
        queued = self.slots.queued()
        return next((place for place, each in enumerate(queued) if each is work.job.spec), None)

    def move(self, work: Work, by: int) -> None:
        """Moves a waiting job in the queue."""
        place = self.place(work)
        if place is not None:
            self.slots.move(work.job.spec, max(0, place + by))

    # ------------------------------------------------------------------ the clock

    @Slot()
    def _stir(self) -> None:
        """Something has come: it is looked at with the next frame. No clock ticks while nothing comes.

        Frames are counted from when they were due, one in advance at most: else a job whose steps do not fall on the
        frames would show fewer than it sends, and later.
        """
        if not self._frame.isActive():
            wait = self._last + self._seconds - time.monotonic()
            self._frame.start(max(0, int(wait * 1000)))

    @Slot()
    def _beat(self) -> None:
        self._last = max(self._last + self._seconds, time.monotonic() - self._seconds)
        self._look()

    def _look(self) -> None:
        for each in list(self.works):
            each.look()
        self.beat.emit()

    @Slot()
    def _ended(self) -> None:
        self._look()
        self.works = [each for each in self.works if not (each.live and each.isFinished())]
        self.changed.emit()
        if not self.threads:
            self.idle.emit()


def complaint(work: Work) -> tuple[Text, Text, str] | None:
    """Why a job failed: text, remedy, log file; None where it did not."""
    error: Mapping[str, Any] | None = work.job.error
    if not error:
        return None
    found = UserError.from_json({"field": "", **error})
    return found.text, found.remedy, str(error.get("log", ""))
