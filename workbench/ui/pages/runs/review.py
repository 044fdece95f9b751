"""Under the panels of a tool's page, while runs that were kept are shown: their arms, the timeline, a fork."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.jobs.spec import Spec
from workbench.runs.compare import Arm
from workbench.texts import T
from workbench.ui.evenrows import EvenRows
from workbench.ui.host import Host
from workbench.ui.named import named
from workbench.ui.pages.runs import work
from workbench.ui.pages.runs.model import shown
from workbench.ui.pages.runs.scrubbed import Change, Scrubbed, opened, read_all
from workbench.ui.pages.tool import ToolPage
from workbench.ui.stored import Stored
from workbench.ui.timeline import Timeline

_LANE = "timeline"
_TALLEST = 190


class Review(QWidget):
    """One for each page of a tool. It sees what the page shows, and takes runs that were kept under its timeline."""

    def __init__(self, page: ToolPage, host: Host) -> None:
        super().__init__()
        self.page, self.host = page, host
        self.sources: list[Scrubbed] = []
        self._opening: list[Any] = []
        self._seeking = self._forking = False
        self._wanted: int | None = None
        self.timeline = Timeline(host.speech, host.theme)
        self.arms = Arms(host)
        self.fork = named(QPushButton(), "fork")
        self._build()
        page.moved.connect(self._look)
        self.hide()

    def compare(self, sources: Sequence[Scrubbed], arms: Sequence[Arm]) -> None:
        """Shows runs beside each other in every panel, and their arms."""
        self.page.show_works([])
        self.arms.take(arms)
        self.page.when_ready(partial(self._show_beside, sources))

    def _show_beside(self, sources: Sequence[Scrubbed]) -> None:
        if self.page.stage is not None:
            self.page.stage.show_sources(sources)

    def seek(self, step: int) -> None:
        """Shows this step in all panels, as soon as it was read; while one is read only the newest wish is kept."""
        if self._seeking:
            self._wanted = step
            return
        self._seeking = self.timeline.busy = True
        sources = list(self.sources)
        self.host.background.do(
            partial(read_all, sources, step), partial(self._arrived, sources, step), self._failed, lane=_LANE
        )

    def begin_fork(self) -> None:
        """Says what to do for a fork."""
        self._forking = True
        self.page.bar.say(T("Change the parameters at the left, choose a step below, then press Fork."))
        self.timeline.slider.setFocus()

    # ------------------------------------------------------------------ what the page shows

    def _look(self) -> None:
        """The page may show something else."""
        found: list[Any] = list(self.page.stage.sources) if self.page.stage else []
        if found and all(isinstance(each, Scrubbed) for each in found):
            self._show(found)
        elif found and all(isinstance(each, Stored) for each in found):
            self._open(found)
        else:
            self._let_go()

    def _show(self, sources: list[Scrubbed]) -> None:
        if _same(sources, self.sources):
            return
        self.sources = sources
        self._wanted = None
        self.timeline.set_steps(np.unique(np.concatenate([each.steps for each in sources])))
        self.arms.setVisible(len(sources) > 1)
        self.fork.setVisible(len(sources) == 1 and bool(sources[0].checkpoints) and not self.page.tool.live)
        self.timeline.setVisible(len(self.timeline.steps) > 1)
        self.show()
        self._name_fork()
        if self._forking and self.checkpoint is None:
            self.page.bar.say(
                T("The run has no checkpoint to go on from."), T("Change the parameters at the left, then press Start.")
            )
        self._forking = False

    def _open(self, runs: list[Stored]) -> None:
        """Runs that were read at their ends: their steps are looked up, then they take the same places."""
        if _same(runs, self._opening):
            return
        self._let_go()
        self._opening = runs
        root = self.host.desk().workspace.runs
        folders = [root / each.label for each in runs]
        self.host.background.do(partial(opened, runs, folders), partial(self._opened, runs), self._failed, lane=_LANE)

    def _opened(self, runs: list[Stored], sources: list[Scrubbed]) -> None:
        stage = self.page.stage
        if stage is not None and _same(stage.sources, runs):
            stage.sources[:] = sources
            self._look()

    def _let_go(self) -> None:
        self.timeline.stop()
        self.sources, self._opening = [], []
        self.hide()

    # ------------------------------------------------------------------ moving along the steps

    def _arrived(self, sources: list[Scrubbed], step: int, changes: list[Change]) -> None:
        """What was read is shown, even where the runs are no longer looked at: they must stay true."""
        changed = set().union(*(each.show(step, change) for each, change in zip(sources, changes, strict=True)))
        self._seeking = self.timeline.busy = False
        if _same(sources, self.sources):
            concerns = self.host.part("pages.stage", "concerns")
            self.page.docks.refresh(self.sources, lambda panel: concerns(panel, changed))
            self._name_fork()
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted != step:
            self.seek(wanted)

    def _failed(self, error: Exception) -> None:
        self._seeking = self.timeline.busy = False
        self._say(error)

    def _say(self, error: Exception) -> None:
        self.fork.setEnabled(True)
        self.host.complain(self.page.bar, error)

    # ------------------------------------------------------------------ a fork

    @property
    def checkpoint(self) -> int | None:
        """The newest checkpoint that is not after the step that is shown; None where there is none."""
        found = self.sources[0].checkpoints if len(self.sources) == 1 else []
        place = bisect_right(found, self.timeline.step)
        return found[place - 1] if place else None

    def _name_fork(self) -> None:
        self.fork.setEnabled(self.checkpoint is not None)
        step = f"{self.checkpoint or 0:,}"
        self.host.speech.bind(self.fork, "setText", T("Fork from step {step}", step=step))

    def _fork(self) -> None:
        problems = self.page.form.problems()
        if problems:
            path, text = problems[0]
            self.page.bar.say(T("{field}: {problem}", field=path or "-", problem=text), bad=True)
            return
        self.fork.setEnabled(False)
        model, values = self.page.tool.params, self.page.form.values()
        name = self.sources[0].run.label
        make = partial(work.fork, self.host.desk(), name, model, values, self.checkpoint)
        self.host.background.do(make, self._forked, self._say, lane="start")

    def _forked(self, spec: Spec) -> None:
        self.page.show_works([self.page.jobs.begin(spec)])

    def _build(self) -> None:
        self.host.speech.bind(
            self.fork, "setToolTip", T("Start a new run from this run's checkpoint, with the parameters at the left")
        )
        self.timeline.asked.connect(self.seek)
        self.fork.clicked.connect(self._fork)
        row = QHBoxLayout()
        row.addWidget(self.timeline, 1)
        row.addWidget(self.fork)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.arms)
        layout.addLayout(row)


class Arms(QTableWidget):
    """A column for each arm: the parameters that differ, then every metric as mean and interval."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("arms")
        self._speech = host.speech
        self._arms: Sequence[Arm] = ()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setVerticalHeader(EvenRows(6))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setMaximumHeight(_TALLEST)
        host.speech.bind(self, "setAccessibleName", T("The runs compared"))
        host.speech.changed.connect(self._word)

    def take(self, arms: Sequence[Arm]) -> None:
        """Shows these arms."""
        self._arms = arms
        metrics = list(dict.fromkeys(name for arm in arms for name in arm.metrics if not name.startswith("time/")))
        params = list(arms[0].params) if arms else []
        self.setColumnCount(len(arms))
        self.setRowCount(len(params) + len(metrics))
        self.setVerticalHeaderLabels([*params, *metrics])
        for column, arm in enumerate(arms):
            texts = [shown(arm.params[name]) for name in params]
            texts += [str(arm.metrics.get(name, "-")) for name in metrics]
            for row, text in enumerate(texts):
                self.setItem(row, column, QTableWidgetItem(text))
        self._word()

    def _word(self) -> None:
        for column, arm in enumerate(self._arms):
            name = arm.runs[0] if len(arm.runs) == 1 else T("{count} runs, mean ± 95 %", count=len(arm.runs))
            head = QTableWidgetItem(self._speech.say(name))
            head.setToolTip("\n".join(arm.runs))
            self.setHorizontalHeaderItem(column, head)
        high = self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 6
        self.setFixedHeight(min(_TALLEST, high))


def _same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))
