"""The real window in a test, and the person before it: real clicks and keys."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench import settings
from workbench.cli.session import Session
from workbench.discovery import GROUP
from workbench.runs.index import Index, Row
from workbench.runs.workspace import Workspace
from workbench.settings import Places, Settings
from workbench.ui.app import make_application, opened
from workbench.ui.jobs import Jobs, Work
from workbench.ui.pages.tool import ToolPage
from workbench.ui.screenshot import settle
from workbench.ui.window import Window

PATIENCE = 30_000
BUILT_IN = tuple(sorted(each.name for each in entry_points(group=GROUP) if each.name != "data"))
"""The plugins of the built-in tools."""


@dataclass
class Person:
    """Sits before the window. faults: what went wrong in the window and nobody expected."""

    window: Window
    qtbot: QtBot
    faults: list[str] = field(default_factory=list)

    @property
    def page(self) -> ToolPage:
        assert self.window.page is not None
        return self.window.page

    @property
    def jobs(self) -> Jobs:
        assert self.window.host.jobs is not None
        return self.window.host.jobs

    @property
    def work(self) -> Work:
        assert self.page.work is not None
        return self.page.work

    def wait(self, ready: Callable[[], Any], patience: int = PATIENCE) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=patience)

    def settled(self) -> None:
        """Until language and theme are everywhere: they come in turns."""
        settle(self.window)

    def click(self, target: QWidget | str) -> None:
        """A real click, on a widget or the button of a deed, once it can be clicked; one that never can fails."""
        button = self.page.controls.buttons[target] if isinstance(target, str) else target
        self.wait(button.isEnabled)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def open(self, tool: str, preset: str = "", **values: Any) -> None:
        """Looks at a tool's page and fills in its form."""
        self.window.open_tool(tool)
        self.wait(lambda: self.page.stage and self.page.isVisible())
        if preset:
            self.page.form.apply_preset(preset)
        for path, value in values.items():
            self.page.form.put(path.replace("__", "."), value)
        self.wait(lambda: self.page.form.values() is not None)

    def start(self) -> Work:
        before = list(self.jobs.works)
        self.click("start")
        self.wait(lambda: self.page.work is not None and self.page.work not in before)
        return self.work

    def until(self, *states: str) -> None:
        self.wait(lambda: self.work.job.state in states)

    def steps(self) -> int:
        """How far the shown run is, by its scalars."""
        return len(self.page.stage.sources[0].curve("water/level")) if self.page.stage else 0

    def runs(self) -> list[Row]:
        """What the workspace keeps."""
        index = Index(Workspace(self.window.host.session.settings.workspace))
        index.refresh()
        rows = index.list_runs()
        index.close()
        return rows


@contextmanager
def sitting(
    qtbot: QtBot,
    lang: str = "en",
    expect_faults: bool = False,
    light: bool = True,
    at_once: Callable[[Window], object] = lambda _: None,
) -> Iterator[Person]:
    """A person before an open window, on whose page panels can be drawn. light: without the built-in tools, whose
    spare worker imports torch. at_once: what is done as soon as the window is shown."""
    if light:
        settings.save(Places.of(), Settings(disabled_plugins=BUILT_IN))
    options = argparse.Namespace(workspace="", profile="", lang=lang, safe_mode=False)
    make_application()
    with opened(Session.of(options)) as window:
        person = Person(window, qtbot)
        window.host.faults.raised.connect(lambda _, details: person.faults.append(details))
        window.show()
        at_once(window)
        person.wait(lambda: window.host.can_draw and window.page is not None and window.page.stage)
        yield person
        if window.isVisible() and window.host.jobs is not None:
            window.host.jobs.stop(window.host.jobs.threads, save=False)
            person.wait(lambda: not person.jobs.threads)
            window.close()
    QApplication.processEvents()
    assert expect_faults or not person.faults, person.faults[0]


def look(widget: QWidget) -> bytes:
    """What a widget shows, as bytes to be compared."""
    image = widget.grab().toImage()  # its bits live as long as it does
    return bytes(image.constBits())


def files(folder: Path) -> set[str]:
    """The files of a folder by name."""
    return {each.name for each in folder.iterdir()} if folder.is_dir() else set()
