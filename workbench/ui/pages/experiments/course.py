"""An experiment under way: its runs, as ordinary jobs that wait for slots, then the job that judges them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from workbench.errors import UserError
from workbench.evidence import Experiment
from workbench.experiments import Arm, plan_arms, plan_verdict
from workbench.jobs.spec import Spec
from workbench.texts import T, Text
from workbench.ui.host import Host
from workbench.ui.jobs import Jobs, Work, complaint


class Course(QObject):
    """`moved` when it has come further; `ended` once, when nothing of it runs any more."""

    moved = Signal()
    ended = Signal()

    def __init__(self, experiment: Experiment, quick: bool, host: Host, jobs: Jobs, again: bool = False) -> None:
        """again: goes on where it was stopped."""
        super().__init__()
        self.experiment, self.quick, self._again = experiment, quick, again
        self.works: list[Work] = []
        self.problem: tuple[Text, Text] | None = None
        self.over = False
        self._host, self._jobs = host, jobs
        self._arms: dict[str, Arm] = {}
        self._stopping = self._judging = self._planning = False

    # ------------------------------------------------------------------ what can be asked

    def begin(self) -> None:
        """Makes the runs in a lane and starts them; they compute with as many threads as on the command line."""
        desk = replace(self._host.desk(), at_once=self._host.preferences.now.cpu_slots)
        command = ["workbench", "experiment", self.experiment.id, *(["--quick"] if self.quick else [])]
        plan = partial(plan_arms, desk, self.experiment, self.quick, shlex.join(command), self._again)
        self._host.background.do(plan, self._start, self._refused, lane="start")

    def stop(self) -> None:
        """Stops its runs and saves them; there will be no verdict."""
        self._stopping = True
        self._jobs.stop([each for each in self.works if not each.ended])

    @property
    def done(self) -> float:
        """How many of its runs are done, parts of runs counted."""
        return sum(_runs(each) * (1.0 if each.ended else _part(each)) for each in self.works)

    @property
    def total(self) -> int:
        """How many runs there are, the verdict's too once it has begun."""
        return sum(map(_runs, self.works))

    @property
    def text(self) -> Text:
        """What it does now."""
        if not self.works:
            return T("making the runs")
        return T("judging") if self._judging else T("runs")

    # ------------------------------------------------------------------ its way

    def _start(self, arms: dict[str, Arm]) -> None:
        self._arms = arms
        if self._stopping:
            self._end()
            return
        self.works = [self._jobs.begin(spec) for arm in arms.values() for spec in arm.specs]
        self._jobs.changed.connect(self._look)
        self._jobs.beat.connect(self.moved)
        self._look()

    def _look(self) -> None:
        """A job has moved: when the last has ended, the verdict follows, or the end."""
        if self._planning or not all(each.ended and each.isFinished() for each in self.works):
            self.moved.emit()
            return
        unfinished = [each for each in self.works if each.job.state != "done"]
        if unfinished or self._judging or self._stopping:
            self._explain(unfinished)
            self._end()
        else:
            self._judge()

    def _judge(self) -> None:
        self._judging = self._planning = True
        plan = partial(plan_verdict, self._host.desk(), self.experiment, self._arms, self.quick)
        self._host.background.do(plan, self._begin_verdict, self._refused, lane="start")

    def _begin_verdict(self, spec: Spec) -> None:
        self._planning = False
        self.works.append(self._jobs.begin(spec))
        if self._stopping:
            self.stop()
        self.moved.emit()

    def _explain(self, unfinished: Sequence[Work]) -> None:
        """Why there is no verdict, unless somebody stopped it or the verdict's own run says so."""
        failed = next((found for each in unfinished if (found := complaint(each))), None)
        if failed is not None and not self._judging:
            text = T(
                "The run failed; there is no verdict."
                if self.total == 1
                else "Of {total} runs {count} failed; there is no verdict.",
                total=self.total,
                count=sum(map(_runs, unfinished)),
            )
            self.problem = text, failed[0]
        elif unfinished:
            self.problem = T("The runs were stopped; there is no verdict."), Text("")

    def _refused(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.problem = error.text, error.remedy
        else:
            self._host.faults.report(error)
        self._end()

    def _end(self) -> None:
        self.over = True
        if self.works:
            self._jobs.changed.disconnect(self._look)
            self._jobs.beat.disconnect(self.moved)
        self.ended.emit()


def _runs(work: Work) -> int:
    """A job may fill several."""
    return 1 + len(work.job.spec.members)


def _part(work: Work) -> float:
    event = work.intake.progress
    total = event.data["total"] if event else None
    return min(1.0, event.data["done"] / total) if event and total else 0.0
