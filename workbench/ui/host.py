"""What pages have of the program: tools, texts, theme, work in the background, what is remembered, and the jobs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from workbench import texts
from workbench.errors import UserError
from workbench.registry import FoundTool, Registry
from workbench.settings import Places, Settings
from workbench.ui.background import Background
from workbench.ui.commands import Commands
from workbench.ui.faults import Faults
from workbench.ui.parts import Parts
from workbench.ui.preferences import Preferences
from workbench.ui.remembered import Remembered
from workbench.ui.speech import Speech, read
from workbench.ui.themes import Theme

if TYPE_CHECKING:
    from workbench.jobs.start import Desk  # it imports numpy: the window has that after its first paint
    from workbench.ui.bar import Bar
    from workbench.ui.jobs import Jobs

STATE = "window.json"
WARM = (
    "workbench.ui.jobs",
    "workbench.ui.joblist",
    "workbench.ui.starting",
    "workbench.ui.stored",
    "workbench.ui.forms",
    "workbench.ui.pages.tool",
    "workbench.ui.pages.view",
    "workbench.ui.pages.runs",
    "workbench.ui.pages.experiments",
    "workbench.ui.pages.settings",
    "workbench.ui.pages.plugins",
)
"""Imported after the first paint, in this order, by a thread: what starts jobs, then forms."""
DRAW = ("pyqtgraph", "workbench.ui.panels", "workbench.ui.panels.exporting", "workbench.ui.pages.stage")
"""Imported after that: what draws."""


class Session(Protocol):
    """What the window starts from: `workbench.cli.session.Session` is one."""

    @property
    def places(self) -> Places:
        """Where settings, plugins and logs lie."""

    @property
    def settings(self) -> Settings:
        """What the person has set."""

    @property
    def language(self) -> str:
        """Of the texts."""

    @property
    def profile(self) -> str:
        """The name of the settings and plugins."""

    @property
    def safe_mode(self) -> bool:
        """Only the built-in plugins."""

    @property
    def damage(self) -> UserError | None:
        """What is wrong with the settings file."""

    @property
    def registry(self) -> Registry:
        """What the plugins offer."""


class Host(QObject):
    """One for the whole window. What starts jobs is there once `warmed` was emitted; panels once `drawable` was."""

    warmed = Signal()
    drawable = Signal()
    workspace_changed = Signal()
    """Another workspace was opened: what was shown of the one before is to be forgotten."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.registry = session.registry
        self.faults = Faults()
        self.background = Background(self.faults.report)
        self.preferences = Preferences(session.places, session.settings, session.damage, self.background)
        self.parts = Parts()
        self.turns = self.parts.turns
        self.speech, self.theme = Speech(session.language, self.parts), Theme(self.parts)
        self.commands = Commands(self.speech)
        self.remembered = Remembered(session.places.settings_file.with_name(STATE), self.background)
        self.jobs: Jobs | None = None
        self.can_draw = False
        self.preferences.changed.connect(self._apply)

    @property
    def tools(self) -> list[FoundTool]:
        """The tools that are not hidden."""
        return [found for found in self.registry.tools.values() if not found.tool.hidden]

    def desk(self, more: int = 1) -> Desk:
        """What starting jobs needs. more: how many will run besides those that do."""
        running = len(self.jobs.active) if self.jobs else 0
        start, workspaces = import_module("workbench.jobs.start"), import_module("workbench.runs.workspace")
        workspace = workspaces.Workspace(self.preferences.now.workspace)
        session = self.session
        made: Desk = start.Desk(
            self.registry, workspace, self.preferences.now, session.profile, session.safe_mode, running + more
        )
        return made

    def when_drawable(self, then: Callable[[], object]) -> None:
        """Calls `then` once panels can be made: now, or later."""
        if self.can_draw:
            then()
        else:
            self.drawable.connect(then)

    # ------------------------------------------------------------------ after the first paint

    def warm(self) -> None:
        """Imports what the window needs later, module by module, and fills the spare worker."""
        for names, then in ((WARM, self._begin), (DRAW, self._draw)):
            for name in names:
                self.background.do(partial(import_module, name), lane="warm")
            self.background.do(lambda: None, then, lane="warm")
        for language in texts.LANGUAGES:  # commands and fields are found by their names in all of them
            self.background.do(self.speech_reader(language), lane="warm")

    def speech_reader(self, language: str) -> Callable[[], bytes]:
        """Reads the catalogues of a language: call it in a lane, hand the result to `speech.speak`."""
        return partial(read, language, {each.package for each in self.registry.plugins if each.state == "ok"})

    def part(self, module: str, name: str) -> Any:
        """An object of a module that was imported meanwhile."""
        return getattr(import_module(f"workbench.ui.{module}"), name)

    def fill_spare(self, *_: object) -> None:
        """Puts a warm worker in reserve, unless there is one."""
        if self.jobs is not None and self.jobs.spare is not None:
            self.background.do(self.jobs.spare.fill, lane="spare")

    def closing(self) -> None:
        """Lets go of the spare and writes what is remembered."""
        spare = self.jobs.spare if self.jobs is not None else None
        if self.jobs is not None and spare is not None:
            self.jobs.spare = None
            self.background.do(spare.close, lane="spare")
        self.remembered.write()

    def complain(self, bar: Bar, error: Exception) -> None:
        """Says what went wrong and was caught: in `bar` what a person can mend, as a fault what nobody expected."""
        if isinstance(error, UserError):
            bar.say(error.text, error.remedy, bad=True)
        else:
            self.faults.report(error)

    def end(self) -> None:
        """Ends the jobs that are left and waits for every thread. After the event loop has ended."""
        for work in self.jobs.threads if self.jobs else []:
            work.job.stop()
            work.wait()
        if self.jobs is not None:
            self.jobs.blockSignals(True)
        self.background.close()
        self.turns.drop()

    def _begin(self, _: None) -> None:
        settings = self.preferences.now
        slots = import_module("workbench.jobs.slots").Slots(settings.cpu_slots, settings.gpu_slots)
        modules = list(dict.fromkeys(name for found in self.tools for name in found.tool.warm))
        spare = import_module("workbench.jobs.spare").Spare(self.session.places.logs / "spare.log", modules)
        self.jobs = self.part("jobs", "Jobs")(self.registry, slots, spare, settings.frame_rate)
        self.warmed.emit()
        self.fill_spare()

    def _apply(self, names: frozenset[str]) -> None:
        """What settings can change while the window runs."""
        now = self.preferences.now
        if "language" in names:
            language = texts.choose(now.language or None)
            self.background.do(self.speech_reader(language), partial(self.speech.speak, language))
        if "theme" in names:
            self.theme.apply(now.theme)
        if self.jobs is not None:
            self.jobs.set_rate(now.frame_rate)
            self.jobs.slots.resize(now.cpu_slots, now.gpu_slots)
        if "workspace" in names:
            self.workspace_changed.emit()

    def _draw(self, _: None) -> None:
        self.can_draw = True
        self.drawable.emit()
