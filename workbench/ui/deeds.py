"""The commands of the window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbench.texts import LANGUAGES, T, Text
from workbench.ui.commands import Command

if TYPE_CHECKING:
    from workbench.ui.window import Window

THEMES = {"light": T("Light"), "dark": T("Dark"), "auto": T("As the system")}
_STEERING = (
    ("start", T("Start"), "Ctrl+Return"), ("again", T("Continue the run"), "Ctrl+Shift+Return"),
    ("pause", T("Pause or resume"), "Ctrl+Space"), ("step", T("One step"), "F10"),
    ("slow", T("Slow motion"), "F9"), ("stop", T("Stop and save"), "Ctrl+."), ("keep", T("Keep as a run"), "Ctrl+K"),
)  # fmt: skip
DOCUMENTS = (
    ("new", T("New"), "Ctrl+N", "file"), ("open", T("Open…"), "Ctrl+O", "file"),
    ("save", T("Save"), "Ctrl+S", "save"), ("save_as", T("Save as…"), "Ctrl+Shift+S", "save"),
    ("undo", T("Undo"), "Ctrl+Z", "undo"), ("redo", T("Redo"), "Ctrl+Shift+Z", "undo"),
)  # fmt: skip


def commands_of(window: Window) -> list[Command]:
    """All of them, in the order of the menus."""
    tools = [
        Command(f"tool.{each.tool.id}", each.tool.title, partial(window.open_tool, each.tool.id), _key(place),
                menu="tools", domain=each.package)
        for place, each in enumerate(window.host.tools)
    ]  # fmt: skip
    return [*_documents(window), *_jobs(window), *_actions(window), *tools, *_view(window), *_program(window)]


def _documents(window: Window) -> list[Command]:
    def allowed(deed: str) -> bool:
        return window.documents is not None and window.documents.allows(deed)

    def do(deed: str) -> None:
        if window.documents is not None:
            window.documents.do(deed)

    return [
        Command(f"document.{deed}", title, partial(do, deed), keys, "document", group, partial(allowed, deed))
        for deed, title, keys, group in DOCUMENTS
    ]


def _jobs(window: Window) -> list[Command]:
    def allowed(deed: str) -> bool:
        return window.at_tool and window.page is not None and window.page.controls.situation.allows(deed)

    def ask(deed: str) -> None:
        if window.page is not None:
            window.page.ask(deed)

    found = [
        Command(f"job.{deed}", title, partial(ask, deed), keys, "job", "steer", partial(allowed, deed))
        for deed, title, keys in _STEERING
    ]
    jobs = Command(
        "job.list", T("List of jobs"), window.toggle_jobs, "Ctrl+J", "job", "list",
        lambda: window.host.jobs is not None, lambda: window.jobs_shown,
    )  # fmt: skip
    return [*found, jobs]


def _actions(window: Window) -> list[Command]:
    """What the tools' jobs can be asked: found in the palette, for the job that is looked at."""

    def allowed(tool: str) -> bool:
        page = window.page if window.at_tool else None
        return page is not None and page.tool.id == tool and page.controls.situation.running

    def act(action: str) -> None:
        if window.page is not None:
            window.page.act(action)

    return [
        Command(f"action.{found.tool.id}.{each.id}", each.title or each.id, partial(act, each.id),
                enabled=partial(allowed, found.tool.id), domain=found.package)
        for found in window.host.tools for each in found.tool.actions
    ]  # fmt: skip


def _view(window: Window) -> list[Command]:
    def reset() -> None:
        if window.page is not None:
            window.page.reset_layout()

    def export() -> None:
        if window.page is not None and window.page.exporting is not None:
            window.page.exporting.offer_all()

    languages = [
        Command(f"language.{each}", Text(name), partial(window.speak, each), menu="language", of=T("Language"),
                checked=partial(_is, window, "language", each))
        for each, name in LANGUAGES.items()
    ]  # fmt: skip
    themes = [
        Command(f"theme.{each}", title, partial(window.wear, each), menu="theme", of=T("Theme"),
                checked=partial(_is, window, "theme", each))
        for each, title in THEMES.items()
    ]  # fmt: skip
    return [
        Command("view.palette", T("Commands…"), window.show_palette, "Ctrl+Shift+P", "view", "find"),
        Command("view.search", T("Search tools"), window.sidebar.search.setFocus, "Ctrl+P", "view", "find"),
        Command(
            "view.reset", T("Arrange the panels as at first"), reset, "", "view", "panels",
            lambda: window.page is not None,
        ),
        Command(
            "view.export", T("Export panel…"), export, "Ctrl+E", "view", "panels",
            lambda: window.page is not None and window.page.exporting is not None,
        ),
        Command("view.full", T("Full screen"), partial(_full_screen, window), "F11", "view", "window"),
        *languages,
        *themes,
    ]  # fmt: skip


def _program(window: Window) -> list[Command]:
    return [
        *window.program.commands(),
        Command("program.welcome", T("Welcome"), window.show_first, "", "help", "begin"),
        Command("program.quit", T("Quit"), window.close, "Ctrl+Q", "program", "quit"),
    ]


def _is(window: Window, what: str, value: str) -> bool:
    if what == "language":
        return window.host.speech.language == value
    return window.host.theme.name == value


def _full_screen(window: Window) -> None:
    if window.isFullScreen():
        window.showNormal()
    else:
        window.showFullScreen()


def _key(place: int) -> str:
    return f"Ctrl+{place + 1}" if place < 9 else ""
