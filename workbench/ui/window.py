"""The window: tools at the left, one page a tool, menus from the commands, what the machine does below."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QMoveEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QVBoxLayout, QWidget

from workbench.texts import T
from workbench.ui.bar import Bar
from workbench.ui.closing import Question
from workbench.ui.deeds import commands_of
from workbench.ui.fonts import missing
from workbench.ui.host import Host
from workbench.ui.menus import Menus
from workbench.ui.meters import Meter, Readings
from workbench.ui.named import named
from workbench.ui.pages.first import FirstPage
from workbench.ui.palette import Palette
from workbench.ui.program import Program
from workbench.ui.remembered import as_state, as_text
from workbench.ui.sidebar import Sidebar
from workbench.ui.stack import Stack

if TYPE_CHECKING:
    from workbench.ui.jobs import Work
    from workbench.ui.pages.tool import ToolPage
    from workbench.ui.pages.view.documents import Documents

_SIZE = (1280, 820)
_JOBS = 170
"""Height of the list of jobs."""
_VERSION = 1
_WELCOMED = "welcomed"
_REFILL = 10_000
"""Milliseconds after a job began until another worker is warmed: the job itself goes first."""


class Window(QMainWindow):
    """The main window. `painted` once, after it could first be seen."""

    painted = Signal()
    closed = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("window")
        self.host = host
        self.pages: dict[str, ToolPage] = {}
        self._painted = self._closing = False
        self._dock: QDockWidget | None = None
        self._question: Question | None = None
        self.first: FirstPage | None = None
        self._sample = ""
        self.setWindowTitle("Workbench")
        self._build()
        self.program = Program(self)
        host.commands.add(*commands_of(self))
        self._menus = Menus(self)
        self._listen()
        self._restore()
        if not host.remembered.get(_WELCOMED):
            self.show_first()

    # ------------------------------------------------------------------ pages

    @property
    def page(self) -> ToolPage | None:
        """The page that is looked at; None while it is still to be made."""
        return self.pages.get(self.tool)

    def open_tool(self, tool: str) -> None:
        """Shows the page of a tool."""
        self.tool = tool
        self.host.remembered.put("tool", tool)
        self.sidebar.choose(tool)
        if self.host.jobs is not None:
            self.stack.bring(self._page(tool))
        self.refresh()

    def open_with(self, tool: str, values: Mapping[str, Any]) -> None:
        """Shows the page of a tool with these parameters; a live tool begins."""
        if tool not in self.host.registry.tools:
            self.bar.say(T("The tool {tool} is not there any more.", tool=tool), bad=True)
            return
        page = self._page(tool)
        for path, value in values.items():
            page.form.put(path, value)
        self.open_tool(tool)
        if page.tool.live:
            page.when_ready(partial(page.ask, "start"))

    def show_page(self, page: QWidget) -> None:
        """Shows a page of the stack that is no tool's."""
        self.stack.bring(page)
        self.sidebar.choose("")
        self.refresh()

    def refresh(self) -> None:
        """Something else is looked at, or it has changed: what can be asked, and the title."""
        self.host.commands.refresh()
        document = self.documents.name.replace("[*]", "[*][*]") if self.documents else ""
        workspace = self.program.workspaces.folder.name
        self.setWindowTitle(f"{document}[*] – {workspace} – Workbench" if document else f"{workspace} – Workbench")
        self.setWindowModified(bool(document and self.documents and self.documents.paper.unsaved))

    @property
    def documents(self) -> Documents | None:
        """What can be done with the document that is looked at."""
        return self.page.documents if self.at_tool and self.page is not None else None

    @property
    def at_tool(self) -> bool:
        """Whether the page of a tool is looked at."""
        return self.page is not None and self.stack.front is self.page

    def show_first(self) -> None:
        """Shows what a newcomer sees first."""
        if self.first is None:
            self.first = FirstPage(self.host)
            self.first.chosen.connect(self.start_sample)
            self.stack.addWidget(self.first)
        self.host.remembered.put(_WELCOMED, True)
        self.show_page(self.first)

    def start_sample(self, tool: str) -> None:
        """Opens a tool's page and starts its first preset there, as soon as jobs can be started."""
        if self.host.jobs is None:
            self._sample = tool
            return
        self._page(tool).start_sample()
        self.open_tool(tool)

    def show_work(self, work: Work) -> None:
        """Shows a job on the page of its tool."""
        self.open_tool(work.job.spec.tool)
        if self.page is not None:
            self.page.show_work(work)

    def open_run(self, name: str) -> None:
        """Reads a run that was kept and shows it."""
        read = partial(self.host.part("stored", "read"), self.host.desk().workspace, name)
        self.host.background.do(read, self._show_run, self.complain)

    def show_palette(self) -> None:
        """The palette of commands, in the middle of the window's top."""
        palette = Palette(self.host.commands, self.host.speech, self)
        corner = self.mapToGlobal(self.rect().topLeft())
        palette.move(corner.x() + (self.width() - palette.width()) // 2, corner.y() + 60)
        palette.show()
        palette.query.setFocus()

    # ------------------------------------------------------------------ language, theme

    def speak(self, language: str) -> None:
        """Changes the language, once its catalogues were read."""
        self.host.preferences.put(language=language)

    def wear(self, theme: str) -> None:
        """Changes the theme: light, dark, auto."""
        self.host.preferences.put(theme=theme)

    # ------------------------------------------------------------------ closing

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Closes when nothing is unsaved and no job runs; else asks; waits, alive, until the jobs have ended."""
        jobs = self.host.jobs
        if not self._settled():
            event.ignore()
            return
        if jobs is None or not jobs.threads:
            self._leave()
            event.accept()
            return
        event.ignore()
        if self._closing:
            return
        if jobs.active:
            self._ask(len(jobs.active))
        else:
            self._end("save")

    def _ask(self, count: int) -> None:
        self._question = Question(count, self.host.speech, self._end, self)
        self._question.rejected.connect(self._stay)
        self._question.open()

    def _settled(self) -> bool:
        """Whether no document keeps the window open; the page of one that does is shown."""
        for page in self.pages.values():
            if page.documents is not None and not page.documents.may_close(self.close, self._stay):
                self.open_tool(page.tool.id)
                return False
        return True

    def _stay(self) -> None:
        """The window stays open after all."""
        self._closing = False
        self.split.setEnabled(True)
        for page in self.pages.values():
            if page.documents is not None:
                page.documents.stay()

    def _end(self, how: str) -> None:
        """Ends the jobs; the window closes when the last has."""
        jobs = self.host.jobs
        if jobs is None:
            return
        self._closing = True
        self.bar.say(T("The jobs are coming to their ends; then the window closes."))
        self.split.setEnabled(False)
        jobs.idle.connect(self._ended, Qt.ConnectionType.SingleShotConnection)
        jobs.stop(jobs.threads, save=how == "save")
        if not jobs.threads:
            self.close()

    def _ended(self) -> None:
        if self._closing:
            self.close()

    def _leave(self) -> None:
        self._keep()
        self._meter.stop()
        self._refill.stop()
        self.host.closing()
        self.closed.emit()

    def end(self) -> None:
        """Waits for its threads. After the event loop has ended."""
        self._meter.stop()
        self._meter.wait()
        self.host.end()

    def _keep(self) -> None:
        """Remembers geometry and arrangement."""
        self._keep_geometry()
        self.host.remembered.put("docks", as_text(self.saveState(_VERSION)))
        for page in self.pages.values():
            page.save()

    def _keep_geometry(self) -> None:
        """Remembers place, size, and whether it is maximised; not before it is shown as it was last time."""
        if self.isVisible():
            self.host.remembered.put("geometry", as_text(self.saveGeometry()))

    def _fit_sidebar(self) -> None:
        """As wide as a person made it, else as the names in it need."""
        wide = self.host.remembered.get("sidebar", 0, int) or self.sidebar.sizeHint().width()
        self.split.setSizes([wide, max(self.width() - wide, 1)])

    def _restore(self) -> None:
        remembered = self.host.remembered
        self.resize(*_SIZE)
        self.restoreGeometry(as_state(remembered.get("geometry", "")) or QByteArray())
        tools = [found.tool.id for found in self.host.tools]
        self.tool = remembered.get("tool") if remembered.get("tool") in tools else (tools or [""])[0]
        self.sidebar.choose(self.tool)
        self.sidebar.list.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A window that was too small for it gives the sidebar its width back."""
        super().resizeEvent(event)
        self._fit_sidebar()
        self._keep_geometry()

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Where it is now is remembered."""
        super().moveEvent(event)
        self._keep_geometry()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """So is that it was maximised, or is no longer."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._keep_geometry()

    # ------------------------------------------------------------------ after the first paint

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Only now the window has its size: what was laid out before is scaled with it."""
        super().showEvent(event)
        self._fit_sidebar()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The first one is where heavy imports begin."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        self.painted.emit()
        self.host.warm()
        self._meter.start()
        self.program.begin()
        lacking = missing()
        if lacking is not None:
            self.bar.say(*lacking, bad=True)

    def _warmed(self) -> None:
        """What starts jobs is there: the page can be made, and the list of jobs."""
        jobs = self.host.jobs
        if jobs is None:
            return
        self.runs = self.host.part("pages.runs", "attach")(self)
        self.experiments = self.host.part("pages.experiments", "attach")(self)
        self._open_page()
        self._dock = named(QDockWidget(self), "jobs")
        self.host.speech.bind(self._dock, "setWindowTitle", T("Jobs"))
        self.job_list = self.host.part("joblist", "JobList")(jobs, self.host.speech, self.host.theme)
        self.job_list.chosen.connect(self.show_work)
        self._dock.setWidget(self.job_list)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._dock)
        self._dock.hide()
        self.restoreState(as_state(self.host.remembered.get("docks", "")), _VERSION)
        jobs.changed.connect(self.host.commands.refresh)
        jobs.changed.connect(self._refill.start)

    def _open_page(self) -> None:
        """The page that was last looked at; behind the first page, while that is, it waits."""
        if self._sample:
            self.start_sample(self._sample)
        elif self.stack.front is self.first and self.tool:
            self._page(self.tool)
        elif self.tool:
            self.open_tool(self.tool)

    def toggle_jobs(self) -> None:
        """Shows or hides the list of jobs."""
        if self._dock is not None:
            self._dock.setVisible(not self._dock.isVisible())
            if self._dock.isVisible() and self._dock.height() > 2 * _JOBS:
                self.resizeDocks([self._dock], [_JOBS], Qt.Orientation.Vertical)

    @property
    def jobs_shown(self) -> bool:
        """Whether the list of jobs can be seen."""
        return self._dock is not None and self._dock.isVisible()

    # ------------------------------------------------------------------ its parts

    def _page(self, tool: str) -> ToolPage:
        if tool not in self.pages:
            found = self.host.registry.tools[tool]
            kind = ("pages.view", "ViewPage") if found.tool.view else ("pages.tool", "ToolPage")
            page = self.host.part(*kind)(found, self.host, self.host.jobs)
            page.moved.connect(self.refresh)
            page.led.connect(self.open_with)
            self.pages[tool] = page
            self.stack.addWidget(page)
        return self.pages[tool]

    def _show_run(self, run: Any) -> None:
        """A run that was read; one that a job of this window fills is shown as it goes on."""
        if run.tool not in self.host.registry.tools:
            self.bar.say(T("The tool {tool} is not there any more.", tool=run.tool), bad=True)
            return
        work = self.host.jobs.holder(run.folder) if self.host.jobs is not None else None
        if work is not None:
            self.show_work(work)
            return
        self.open_tool(run.tool)
        if self.page is not None:
            self.page.show_run(run)

    def _build(self) -> None:
        host = self.host
        self.sidebar = host.parts.letter(Sidebar(host.tools, host.speech))
        host.theme.dress(self.sidebar.list, "tools")
        self.stack = Stack(host.parts)
        self.bar = Bar(host.speech, host.theme)
        self.split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.sidebar)
        self.split.addWidget(self.stack)
        self.split.setStretchFactor(1, 1)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split, 1)
        layout.addWidget(self.bar)
        self.setCentralWidget(centre)
        self._meter, self._readings = Meter(), named(Readings(host.speech), "quiet")
        self.statusBar().addPermanentWidget(self._readings)
        self._refill = QTimer(self, singleShot=True, interval=_REFILL)

    def _listen(self) -> None:
        host = self.host
        self.sidebar.chosen.connect(self.open_tool)
        self.stack.changed.connect(self.refresh)
        self.split.splitterMoved.connect(lambda wide, _: host.remembered.put("sidebar", wide))
        host.speech.changed.connect(self._fit_sidebar)
        self._meter.read.connect(self._readings.take)
        self._refill.timeout.connect(host.fill_spare)
        host.warmed.connect(self._warmed)
        host.commands.changed.connect(self._take_shortcuts)
        self._take_shortcuts()
        host.speech.changed.connect(host.theme.redress)
        host.faults.raised.connect(self._say_fault)

    def _take_shortcuts(self) -> None:
        """The keys of commands that stand in no menu work too."""
        self.addActions([self.host.commands.action(each.id) for each in self.host.commands])

    def complain(self, error: Exception) -> None:
        """Says what went wrong and was caught."""
        self.host.complain(self.bar, error)

    def _say_fault(self, summary: str, details: str) -> None:
        said = T("Something went wrong in the window: {what}", what=summary)
        self.bar.say(said, bad=True, details=lambda show: show(details))
