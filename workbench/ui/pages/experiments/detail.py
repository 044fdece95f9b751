"""One experiment: its statement and source, running it, and what its runs said."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.events import Event
from workbench.evidence import Experiment
from workbench.registry import Found
from workbench.texts import T
from workbench.ui.icons import icon
from workbench.ui.named import named
from workbench.ui.pages.experiments.browsing import browse
from workbench.ui.pages.experiments.course import Course
from workbench.ui.pages.experiments.found import Findings
from workbench.ui.pages.experiments.links import link, linked
from workbench.ui.pages.experiments.listing import Judged, count
from workbench.ui.pages.experiments.outcome import size, when
from workbench.ui.pages.progress import Progress

if TYPE_CHECKING:
    from workbench.ui.pages.experiments.page import ExperimentsPage


class Detail(QWidget):
    """At the right of the page."""

    def __init__(self, page: ExperimentsPage) -> None:
        super().__init__()
        self.page, self.host = page, page.host
        self.found: Found[Experiment] | None = None
        self.course: Course | None = None
        self.statement = named(QLabel(wordWrap=True), "title")
        self.source = named(QLabel(wordWrap=True), "quiet")
        self.tools = QLabel(wordWrap=True)
        self.quick, self.full, self.again, self.stop = (QPushButton() for _ in range(4))
        self.halted: bool | None = None
        """Whether runs that wait for a verdict are the quick ones; None where there are none."""
        self.history = QComboBox()
        self.progress = Progress(self.host.speech)
        self.findings = Findings(page)
        self._judged: Sequence[Judged] = ()
        self._build()
        self._connect()
        self._colour()

    # ------------------------------------------------------------------ what is shown

    def show_experiment(self, found: Found[Experiment], judged: Sequence[Judged], course: Course | None) -> None:
        """Shows an experiment, its newest verdict unless an older one was chosen."""
        fresh = self.found is not found
        newest = [each.row.id for each in judged][:1] != [each.row.id for each in self._judged][:1]
        self.found, self._judged = found, judged
        if fresh:
            self.progress.begin()
            self.halted = None
        chosen = "" if fresh or newest else self.history.currentData()
        self._word()
        self._list_history(chosen)
        self._show_chosen()
        self.show_course(course)

    def show_halted(self, quick: bool | None) -> None:
        """Whether there is something to continue."""
        self.halted = quick
        self.show_course(self.course)

    def show_course(self, course: Course | None) -> None:
        """How far the experiment is, if it is under way."""
        if course is not self.course:
            self.course = course
            self.progress.begin()
        running = course is not None and not course.over
        self.progress.setVisible(running)
        self.quick.setEnabled(not running)
        self.again.setVisible(self.halted is not None and not running)
        self.full.setEnabled(not running)
        self.stop.setEnabled(running)
        if course is not None and running:
            data = {"done": round(course.done, 1), "total": course.total, "text": course.text.to_json()}
            self.progress.show_state("running" if course.works else "")
            self.progress.show_event(Event("progress", data=data, wall=time.time()))

    def _list_history(self, chosen: str) -> None:
        say = self.host.speech.say
        self.history.clear()
        for each in self._judged:
            self.history.addItem(f"{when(each.row.created)} · {say(size(each.quick))}", each.row.id)
        self.history.setCurrentIndex(max(0, self.history.findData(chosen)))
        self.history.setVisible(len(self._judged) > 1)

    def _show_chosen(self) -> None:
        place = self.history.currentIndex()
        if self.found is not None:
            judged = self._judged[place] if 0 <= place < len(self._judged) else None
            self.findings.show_judged(self.found, judged)

    # ------------------------------------------------------------------ texts

    def _word(self) -> None:
        if self.found is None:
            return
        experiment, package, say = self.found.declaration, self.found.package, self.host.speech.say
        accent = self.host.theme.colours.accent
        self.statement.setText(say(experiment.statement, package))
        self.source.setText(linked(say(experiment.source, package), accent))
        names = dict.fromkeys(arm.tool for arm in experiment.arms)
        titles = [say(*each) for each in self.page.tools_of(experiment)]
        offered = {each.tool.id for each in self.host.tools}
        links = [
            link(name, title, accent) if name in offered else escape(title)
            for name, title in zip(names, titles, strict=True)
        ]
        self.tools.setText(", ".join(links))
        for button, quick in ((self.quick, True), (self.full, False)):
            runs = say(T("runs: {count}", count=count(experiment, quick=quick)))
            button.setText(f"{say(T('Run quick') if quick else T('Run full'))} ({runs})")

    def _colour(self, *_: object) -> None:
        colours = self.host.theme.colours
        self._word()
        self.quick.setIcon(icon("start", colours.text, colours.quiet))
        self.full.setIcon(icon("start", colours.on_accent, colours.quiet))
        self.again.setIcon(icon("again", colours.text, colours.quiet))
        self.stop.setIcon(icon("stop", colours.text, colours.quiet))

    # ------------------------------------------------------------------ its parts

    def _build(self) -> None:
        speech = self.host.speech
        self.host.theme.dress(self.full, "start")
        speech.bind(self.quick, "setToolTip", T("Shorter runs, fewer of them: a first impression"))
        speech.bind(self.full, "setToolTip", T("The runs that the statement deserves; they wait for slots like others"))
        speech.bind(self.again, "setText", T("Continue"))
        more = T("Go on where it was stopped: runs that are done count, stopped ones go on, the others are made anew")
        speech.bind(self.again, "setToolTip", more)
        speech.bind(self.stop, "setText", T("Stop"))
        speech.bind(self.stop, "setToolTip", T("Stop its runs and save them; there will be no verdict"))
        speech.bind(self.history, "setToolTip", T("Verdicts that were reached here, newest first"))
        for label in (self.source, self.tools):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        row = QHBoxLayout()
        for button in (self.full, self.quick, self.again, self.stop):
            row.addWidget(button)
        row.addWidget(self.progress, 1)
        row.addStretch(0)
        row.addWidget(self.history)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.statement, self.source, self.tools):
            layout.addWidget(widget)
        layout.addLayout(row)
        layout.addWidget(self.findings, 1)

    def _connect(self) -> None:
        self.quick.clicked.connect(lambda: self.page.run(quick=True))
        self.full.clicked.connect(lambda: self.page.run(quick=False))
        self.again.clicked.connect(lambda: self.page.run(quick=bool(self.halted), again=True))
        self.stop.clicked.connect(self.page.stop)
        self.history.activated.connect(lambda _: self._show_chosen())
        self.tools.linkActivated.connect(self.page.main.open_tool)
        self.source.linkActivated.connect(partial(browse, self.host.background, self.page.bar))
        self.host.speech.changed.connect(self._word)
        self.host.theme.changed.connect(self._colour)
