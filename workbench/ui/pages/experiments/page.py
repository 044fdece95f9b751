"""The page of experiments: a list of statements at the left, one of them and what was found of it at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from workbench import texts
from workbench.evidence import Experiment
from workbench.registry import Found
from workbench.texts import T
from workbench.ui.bar import Bar
from workbench.ui.named import named
from workbench.ui.pages.experiments import listing
from workbench.ui.pages.experiments.course import Course
from workbench.ui.pages.experiments.detail import Detail
from workbench.ui.pages.experiments.items import Items, Shown
from workbench.ui.pages.experiments.listing import Judged
from workbench.ui.pages.experiments.outcome import NEVER, OUTCOMES, colour, size, when

if TYPE_CHECKING:
    from workbench.ui.window import Window

_LANE = "experiments"
_SETTLED = 400
"""Milliseconds after a job moved until the workspace is read again."""


class ExperimentsPage(QWidget):
    """All experiments that plugins declare."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.setObjectName("page-experiments")
        self.main, self.host = window, window.host
        self.experiments: Sequence[Found[Experiment]] = list(window.host.registry.experiments.values())
        self.judged: Mapping[str, list[Judged]] = {}
        self.courses: dict[str, Course] = {}
        self._reading = self._again = False
        self.search, self.list = QLineEdit(clearButtonEnabled=True), Items()
        self.count = named(QLabel(), "quiet")
        self.bar = Bar(self.host.speech, self.host.theme)
        self.detail = Detail(self)
        self._build()
        self._connect()
        self._word()
        self.list.setCurrentRow(0)

    # ------------------------------------------------------------------ what is shown

    @property
    def current(self) -> Found[Experiment] | None:
        """The experiment that is looked at."""
        row = self.list.currentRow()
        return self.experiments[row] if 0 <= row < len(self.experiments) else None

    def choose(self, name: str) -> None:
        """Looks at an experiment, by its id."""
        for row, found in enumerate(self.experiments):
            if found.declaration.id == name:
                self.list.setCurrentRow(row)

    def reload(self) -> None:
        """Reads the workspace again, in a lane; what is asked meanwhile is asked once more afterwards."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        read = partial(listing.read, self.host.desk().workspace)
        self.host.background.do(read, self._take, self._refused, lane=_LANE)

    def _take(self, found: Mapping[str, list[Judged]]) -> None:
        self._reading = False
        self.judged = found
        self._word()
        self._look()
        if self._again:
            self._again = False
            self.reload()

    def _refused(self, error: Exception) -> None:
        self._reading = False
        self.complain(error)

    def complain(self, error: Exception) -> None:
        """Says what went wrong."""
        self.host.complain(self.bar, error)

    def _look(self) -> None:
        found = self.current
        if found is None:
            return
        name = found.declaration.id
        self.detail.show_experiment(found, self.judged.get(name, ()), self.courses.get(name))
        look = partial(listing.waiting, self.host.desk(), found.declaration)
        self.host.background.do(look, partial(self._offer_more, found), self.complain, lane=_LANE)

    def _offer_more(self, found: Found[Experiment], quick: bool | None) -> None:
        """Runs of it wait for a verdict, the quick ones or the full."""
        if found is self.current:
            self.detail.show_halted(quick)

    # ------------------------------------------------------------------ running

    def run(self, quick: bool, again: bool = False) -> None:
        """Runs the experiment that is looked at. again: goes on where it was stopped."""
        found, jobs = self.current, self.host.jobs
        if found is None or jobs is None or found.declaration.id in self.courses:
            return
        self.bar.hide()
        course = self.courses[found.declaration.id] = Course(found.declaration, quick, self.host, jobs, again)
        course.moved.connect(partial(self._moved, course))
        course.ended.connect(partial(self._ended, course))
        course.begin()
        self._word()
        self._look()

    def stop(self) -> None:
        """Stops the experiment that is looked at."""
        course = self.courses.get(self.current.declaration.id) if self.current else None
        if course is not None:
            course.stop()

    def _moved(self, course: Course) -> None:
        if self.isVisible() and self.current is not None and self.current.declaration is course.experiment:
            self.detail.show_course(course)

    def _ended(self, course: Course) -> None:
        del self.courses[course.experiment.id]
        if course.problem is not None:
            self.bar.say(*course.problem, bad=True)
        self._word()
        self._look()
        self.reload()

    # ------------------------------------------------------------------ texts

    def _word(self) -> None:
        for row, found in enumerate(self.experiments):
            self.list.say(row, self._shown(found))
        held = sum(1 for each in self.judged.values() if each and each[0].outcome == "held")
        run = sum(1 for found in self.experiments if self.judged.get(found.declaration.id))
        total = len(self.experiments)
        said = T(
            "{total} statement, {run} tested here, {held} held"
            if total == 1
            else "{total} statements, {run} tested here, {held} held",
            total=total, run=run, held=held,
        )  # fmt: skip
        self.count.setText(self.host.speech.say(said if self.experiments else T("No plugin declares an experiment.")))

    def _shown(self, found: Found[Experiment]) -> Shown:
        say, experiment = self.host.speech.say, found.declaration
        newest = next(iter(self.judged.get(experiment.id, ())), None)
        outcome = "running" if experiment.id in self.courses else newest.outcome if newest else NEVER
        parts = [say(OUTCOMES[outcome])]
        if newest is not None and outcome != "running":
            parts += [say(size(newest.quick)), when(newest.row.created)]
        parts += [say(title, package) for title, package in self.tools_of(experiment)]
        below = " · ".join(parts)
        return Shown(say(experiment.statement, found.package), below, colour(outcome, self.host.theme.colours))

    def tools_of(self, experiment: Experiment) -> list[tuple[str, str]]:
        """Title and package of every tool that it runs; the id of one that is not there."""
        tools = self.host.registry.tools
        names = dict.fromkeys(arm.tool for arm in experiment.arms)
        return [
            (tools[name].tool.title, tools[name].package) if name in tools else (name, texts.HOST) for name in names
        ]

    def _filter(self, query: str) -> None:
        """Items whose statement, source, outcome or tool holds all the words, in either language."""
        words = query.casefold().split()
        for row, found in enumerate(self.experiments):
            shown, experiment = self.list.shown(row), found.declaration
            said = (texts.translate(each, language, found.package) for each in (experiment.statement, experiment.source)
                    for language in texts.LANGUAGES)  # fmt: skip
            all_of_it = " ".join([experiment.id, shown.below, *said]).casefold()
            self.list.item(row).setHidden(not all(word in all_of_it for word in words))

    # ------------------------------------------------------------------ its parts

    def _build(self) -> None:
        speech = self.host.speech
        title = named(QLabel(), "title")
        speech.bind(title, "setText", T("Experiments"))
        speech.bind(self.search, "setPlaceholderText", T("Search statements"))
        speech.bind(self.list, "setAccessibleName", T("Experiments"))
        for _ in self.experiments:
            QListWidgetItem(self.list)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self.count)
        head.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.split.addWidget(left)
        self.split.addWidget(self.detail)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([330, 720])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 6)
        layout.addLayout(head)
        layout.addWidget(self.split, 1)
        layout.addWidget(self.bar)

    def _connect(self) -> None:
        self._later = QTimer(self, singleShot=True, interval=_SETTLED)
        self._later.timeout.connect(lambda: self.reload() if self.isVisible() else None)
        self.search.textChanged.connect(self._filter)
        self.list.currentRowChanged.connect(lambda _: self._look())
        self.host.speech.changed.connect(self._word)
        self.host.theme.changed.connect(lambda _: self._word())
        self.host.workspace_changed.connect(self.reload)
        if self.host.jobs is not None:
            self.host.jobs.changed.connect(self._later.start)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """What has happened meanwhile is read."""
        super().showEvent(event)
        self.reload()
