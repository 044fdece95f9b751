"""The page of a tool: its form, its panels, and the jobs that it starts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from workbench.errors import UserError
from workbench.jobs.spec import Spec
from workbench.registry import FoundTool
from workbench.runs.trash import BUSY
from workbench.texts import T, Text
from workbench.ui import starting, stored
from workbench.ui.bar import Bar
from workbench.ui.bridge import Notice
from workbench.ui.docks import Docks, Make
from workbench.ui.elided import Elided
from workbench.ui.forms import Form
from workbench.ui.formulas import Spelled
from workbench.ui.host import Host
from workbench.ui.icons import sign
from workbench.ui.jobs import Jobs, Work, complaint
from workbench.ui.named import named
from workbench.ui.pages.asking import Asking
from workbench.ui.pages.controls import Controls, Situation
from workbench.ui.pages.entry import Entry
from workbench.ui.pages.picking import Picking
from workbench.ui.pages.progress import Progress, together
from workbench.ui.remembered import sizes

if TYPE_CHECKING:
    from workbench.ui.pages.stage import Stage  # it imports pyqtgraph: the window has that after its first paint
    from workbench.ui.pages.view.documents import Documents
    from workbench.ui.panels.exporting import Exporting

_SLOW = 0.5
"""Seconds between two steps in slow motion."""
_TAIL = 20_000
"""Characters of a log that are shown."""


class ToolPage(QWidget):
    """One tool. Made once the modules that start jobs are there; its panels come with `host.drawable`."""

    moved = Signal()
    """What can be asked of it has changed."""
    led = Signal(str, object)
    """Another tool is to be opened: its id, and parameters of it by path."""

    def __init__(self, found: FoundTool, host: Host, jobs: Jobs) -> None:
        super().__init__()
        self.setObjectName(f"page-{found.tool.id}")
        self.found, self.host, self.jobs, self.tool = found, host, jobs, found.tool
        self.stage: Stage | None = None
        self.exporting: Exporting | None = None
        self.stored: stored.Stored | None = None
        self.asking: Asking | None = None
        self._starting = False
        self._waiting: list[Callable[[], object]] = []
        """What is done once there are panels."""
        self._build()
        self.entry = Entry(self)
        self._connect()
        host.when_drawable(self._draw_panels)
        self._situate()

    # ------------------------------------------------------------------ what can be asked

    def ask(self, deed: str) -> None:
        """Does what a button says: start, pause, step, slow, stop, keep, again."""
        if self.controls.situation.allows(deed):
            getattr(self, f"_{deed}")()

    def act(self, name: str) -> None:
        """Has the job that is shown do an action of the tool, by its id; asks first for the arguments, if any."""
        action = next(each for each in self.tool.actions if each.id == name)
        if action.params is None:
            self._call(name, {})
        else:
            self.asking = Asking(action, action.params, self.found.package, self.host, self)
            self.asking.ask(partial(self._call, name))

    def start_sample(self) -> None:
        """Starts the first preset, as soon as there are panels to show it."""
        if self.tool.presets:
            self.form.apply_preset(self.tool.presets[0].id)
            self.when_ready(partial(self.ask, "start"))

    def when_ready(self, then: Callable[[], object]) -> None:
        """Calls `then` once there are panels: now, or later."""
        if self.stage is not None:
            then()
        else:
            self._waiting.append(then)

    @property
    def documents(self) -> Documents | None:
        """What can be done with documents, where the tool has a view."""
        return None

    @property
    def work(self) -> Work | None:
        """The job that is shown; of several the one that is spoken of."""
        return self.stage.work if self.stage else None

    @property
    def steered(self) -> list[Work]:
        """The jobs that are shown and have not ended."""
        return self.stage.steered if self.stage else []

    def show_works(self, works: Sequence[Work]) -> None:
        """Shows jobs of this tool."""
        self.stored = None
        self.progress.begin()
        self.bar.hide()
        self.when_ready(partial(self._show_works, works))

    def show_work(self, work: Work) -> None:
        """Shows a job that was begun elsewhere, with its parameters in the form; if it is shown already, what was
        typed since stays."""
        if self.stage is not None and self.stage.works == [work]:
            return
        self.show_works([work])
        if not work.live:
            read = partial(stored.parameters, work.job.spec.folder)
            self.host.background.do(read, lambda params: self._fill_in(params) if self.work is work else None)

    def _show_works(self, works: Sequence[Work]) -> None:
        if self.stage is not None:
            self._end_play(works)
            self.stage.show_works(works)

    def show_run(self, run: stored.Stored) -> None:
        """Shows a run that was kept, with its parameters in the form."""
        self.stored = run
        self.bar.hide()
        self.progress.begin()
        self.progress.show_state(run.state)
        if self.stage is not None:
            self._end_play()
            self.stage.show_sources([run])
        self._fill_in(run.params)
        if run.error:
            self._fail(Text.from_json(run.error["text"]), Text.from_json(run.error["remedy"]), run.error.get("log", ""))

    def _fill_in(self, params: Mapping[str, Any]) -> None:
        try:
            self.entry.take(params)
        except UserError as error:
            self.bar.say(error.text, error.remedy, bad=True)
        self._situate()

    def reset_layout(self) -> None:
        """The declared arrangement of the panels."""
        self.docks.arrange()

    def save(self) -> None:
        """Remembers how it is arranged."""
        state = {"split": self.split.sizes(), "docks": self.docks.save()} if self.stage else None
        if state:
            self.host.remembered.put(f"tool/{self.tool.id}", state)

    # ------------------------------------------------------------------ deeds

    def _start(self) -> None:
        if self.tool.live:
            self._make(_play, self._begin)
        else:
            self._make(starting.make, self._begin)

    def _keep(self) -> None:
        self._make(starting.make, self._kept)

    def _again(self) -> None:
        if self._complained():
            return
        name, model, values = self._run_id(), self.tool.params, self.form.values()
        desk = self.host.desk()
        self._starting = True
        self._situate()
        work = partial(starting.go_on, desk, name, model, values)
        self.host.background.do(work, self._go_on, self._refused, lane="start")

    def _go_on(self, found: tuple[Spec, stored.Stored]) -> None:
        spec, shown = found
        refusal = self.jobs.refusal([spec.folder])
        if refusal is not None:
            self._refused(refusal)
        else:
            self._begin([spec], shown)

    def _pause(self) -> None:
        paused = self.work is not None and self.work.job.state == "paused"
        for each in self.steered:
            each.job.resume() if paused else each.job.pause()

    def _step(self) -> None:
        for each in self.steered:
            each.job.pause()  # said on the screen, unlike a step alone
            each.job.step()

    def _slow(self) -> None:
        slow = self.work is not None and not self.work.slow
        for each in self.steered:
            each.slow = slow
            each.job.slow(_SLOW if slow else 0.0)
        self._situate()

    def _call(self, action: str, values: dict[str, Any]) -> None:
        for each in self.steered:
            each.job.call(action, **values)

    def _stop(self) -> None:
        if self.stage is not None:
            self.jobs.stop(self.stage.works)

    # ------------------------------------------------------------------ starting, in a lane

    def _make(self, make: Callable[[Any, starting.Wish], list[Spec]], done: Callable[[list[Spec]], object]) -> None:
        if self._complained():
            return
        vary = {} if self.tool.live else self.form.vary()
        wish = starting.Wish(self.tool.id, self.form.values(), vary, self.form.preset)
        self._starting = True
        self._situate()
        self.host.background.do(partial(make, self.host.desk(), wish), done, self._refused, lane="start")

    def _complained(self) -> bool:
        """Whether something is wrong in the form: then it is said."""
        problems = self.form.problems()
        for path, text in problems[:1]:
            self.bar.say(T("{field}: {problem}", field=self.form.title(path) or "-", problem=text), bad=True)
            self.form.focus(path)
        return bool(problems)

    def _begin(self, specs: list[Spec], after: stored.Stored | None = None) -> None:
        self._starting = self.entry.for_next = False
        beside = self.controls.beside.isChecked()
        self.show_works([self.jobs.begin(each, beside=beside, after=after) for each in specs])

    def _kept(self, specs: list[Spec]) -> None:
        self._starting = False
        for each in specs:
            self.jobs.begin(each)
        self.bar.say(T("Kept as run {run}.", run=specs[0].folder.name))
        self._situate()

    def _refused(self, error: Exception) -> None:
        self._starting = False
        self._situate()
        if not hasattr(error, "remedy"):
            self.host.faults.report(error)
            return
        self.bar.say(getattr(error, "text", ""), error.remedy, bad=True)

    # ------------------------------------------------------------------ what the job says

    def _situate(self) -> None:
        work, stage = self.work, self.stage
        state = work.job.state if work else self.stored.state if self.stored else ""
        elsewhere = work is None and state in BUSY
        self.controls.show_situation(
            Situation(
                state="" if elsewhere else state,  # another program steers it
                live=self.tool.live,
                ready=stage is not None and not self._starting,
                slow=bool(work and work.slow and not work.ended),
                many=bool(stage and len(stage.works) > 1),
            )
        )
        steered = bool(work) and not self.tool.live and self.controls.situation.running
        self.form.set_running(steered and not self.entry.for_next)
        self.progress.show_state("" if state == "idle" else state)
        self.run.setText(self._run_id() if self.stored or not self.tool.live else "")
        failed = [found for each in stage.works if (found := complaint(each))] if work and work.ended and stage else []
        for found in failed[:1]:
            self._fail(*found)
        self.moved.emit()

    def _run_id(self) -> str:
        return self.work.job.run_id if self.work else self.stored.label if self.stored else ""

    def _notice(self, notice: Notice) -> None:
        if notice.bad:
            self._fail(notice.text, notice.remedy, notice.log)
        else:
            self.bar.say(notice.text, notice.remedy)

    def _fail(self, text: str, remedy: str, log: str) -> None:
        self.bar.say(text, remedy, bad=True, details=partial(self._read_log, log) if log else None)

    def _read_log(self, file: str, show: Callable[[str], object]) -> None:
        self.host.background.do(lambda: Path(file).read_text("utf-8", "replace")[-_TAIL:], show)

    def _progressed(self) -> None:
        if self.stage is not None:
            self.progress.show_event(together([each.intake.progress for each in self.stage.works]))

    # ------------------------------------------------------------------ its parts

    def _build(self) -> None:
        speech, theme = self.host.speech, self.host.theme
        say = speech.of(self.found.package)
        self.form = Form(self.tool.params, self.found.package, say, may_vary=not self.tool.live, turns=self.host.turns)
        self.picking = Picking(self.form, self.host)
        self.docks = Docks(self.found.package, speech, theme)
        self.controls = Controls(self.tool.live, speech, theme, self.tool.actions, self.found.package)
        self.progress, self.bar = Progress(speech), Bar(speech, theme)
        self.run = named(Elided(), "quiet")
        self.run.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about = named(Spelled(wordWrap=True), "quiet")
        self.split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.split.setHandleWidth(2)
        self.split.addWidget(self._left())
        self.split.addWidget(self.docks)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([340, 900])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 6)
        layout.setSpacing(6)
        layout.addLayout(self._head())
        layout.addWidget(self.split, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.progress)
        self.progress.setVisible(not self.tool.live)

    def _head(self) -> QHBoxLayout:
        icon, title = QLabel(), named(_Title(), "title")
        icon.setPixmap(sign(self.tool.id, self.tool.title).pixmap(28, 28))
        self.host.speech.bind(title, "setText", self.tool.title, self.found.package)
        self.host.speech.bind(title, "spell_tip", self.tool.description, self.found.package)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(icon)
        head.addWidget(title)
        head.addSpacing(8)
        head.addWidget(self.run)
        head.addStretch(1)
        head.addWidget(self.controls)
        return head

    def _left(self) -> QWidget:
        left = QWidget()
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.addWidget(self.form, 1)
        layout.addWidget(self.about)
        return left

    def _connect(self) -> None:
        speech, theme = self.host.speech, self.host.theme
        self.docks.led.connect(self.led)
        self.docks.said.connect(self.bar.say)
        self.controls.asked.connect(self.ask)
        self.controls.acted.connect(self.act)
        self.jobs.changed.connect(self._situate)
        speech.changed.connect(self.form.retranslate)
        theme.changed.connect(self.form.apply_theme)
        self.host.parts.paint(self.form).apply_theme(theme.dark)

    def _draw_panels(self) -> None:
        """Makes the panels, in turns: their modules have been imported."""
        make = self.host.part("panels", "make_panel")
        panels = self.docks.pieces(self.tool.panels, self.tool.layout, make)
        self.host.turns.put(self, *panels, partial(self._stage, make))

    def _stage(self, make: Make) -> None:
        """What feeds the panels."""
        self.exporting = self.host.part("panels.exporting", "Exporting")(self)
        stage_class = self.host.part("pages.stage", "Stage")
        rate = self.host.preferences.now.frame_rate
        self.stage = stage = stage_class(self.docks, self.jobs, self.tool.panels, make, rate, not self.tool.live)
        stage.moved.connect(self._situate)
        stage.noticed.connect(self._notice)
        stage.progressed.connect(self._progressed)
        self._restore(self.host.remembered.get(f"tool/{self.tool.id}", {}, dict))
        self.entry.show()
        stage.set_open(self.isVisible())
        self._situate()
        if self.stored is not None:
            stage.show_sources([self.stored])
        for then in self._waiting:
            then()
        if self.isVisible():
            self.picking.fill(self._come_alive)

    def _come_alive(self) -> None:
        """A live tool begins when it is looked at and shows nothing else."""
        if self._empty and self.controls.situation.allows("start"):
            self._make(_play, self._awake)

    def _awake(self, specs: list[Spec]) -> None:
        """The worker can begin, unless a run was opened meanwhile: that stays until one presses Start."""
        if self._empty:
            self._begin(specs)
            return
        self._starting = False
        self._situate()
        self.host.background.do(partial(shutil.rmtree, specs[0].folder))

    @property
    def _empty(self) -> bool:
        """Whether it is a live tool that shows neither itself nor runs that were kept."""
        return self.tool.live and self.stored is None and not (self.stage and self.stage.sources)

    def _end_play(self, following: Sequence[Work] = ()) -> None:
        """A live tool's worker ends when something else is shown in its place."""
        if self.stage is not None:
            self.jobs.stop([each for each in self.stage.works if each.live and each not in following])

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.split.setSizes(sizes(state.get("split"), [340, 900]))
        self.docks.restore(state.get("docks"))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """What is seen is drawn."""
        super().showEvent(event)
        if self.stage is not None:
            self.stage.set_open(True)
            self.picking.fill(self._come_alive)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """What is not seen is not drawn."""
        super().hideEvent(event)
        if self.stage is not None:
            self.stage.set_open(False)


class _Title(Spelled, Elided):
    """A tool's name; it gives way in a small window."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """With an ellipsis where there is no room, unless it has formulas."""
        (QLabel if self.formulated else Elided).paintEvent(self, event)


def _play(desk: Any, wish: starting.Wish) -> list[Spec]:
    return [starting.play(desk, wish)]
