"""Pictures of every page in every language and both themes, for documentation and for looking at them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from workbench.runs.index import Index
from workbench.runs.workspace import Workspace
from workbench.texts import LANGUAGES
from workbench.ui.app import make_application, opened
from workbench.ui.host import Session
from workbench.ui.screenshot import calm, draw, quiet, save, until
from workbench.ui.window import Window

COMMANDS = {
    "welcome": "program.welcome", "runs": "runs.list", "experiments": "experiments.list",
    "settings": "program.settings", "plugins": "program.plugins",
}  # fmt: skip
"""The pages that are no tool's, and what shows them."""
THEMES = ("light", "dark")
Page = Callable[[Window], object]


def take_all(
    session: Session, folder: Path, size: tuple[int, int] = (1280, 820), faults: list[str] | None = None
) -> Iterator[Path]:
    """Draws each page into `folder/PAGE-LANGUAGE-THEME.png`; yields what was written.

    Pages: welcome, runs, experiments, settings, plugins, each tool, and each tool's newest run. faults: takes what goes
    wrong in the window meanwhile. Raises UserError for a file that cannot be written, and where a page does not come to
    rest.
    """
    make_application()
    folder.mkdir(parents=True, exist_ok=True)
    with quiet(), opened(session) as window:
        window.host.faults.raised.connect(lambda summary, _: [] if faults is None else faults.append(summary))
        window.resize(*size)
        window.show()
        until(lambda: window.host.can_draw and window.page is not None)
        for pages in (_pages(window), _runs(session)):  # a tool's page shows a run from then on
            for suffix in _dressed(window):
                for name, show in pages.items():
                    show(window)
                    calm(window)
                    yield save(window.grab(), folder / f"{name}-{suffix}.png")


def _pages(window: Window) -> Mapping[str, Page]:
    tools = [found.tool.id for found in window.host.tools]
    commands = COMMANDS | {f"tool-{tool}": f"tool.{tool}" for tool in tools}
    return {name: partial(_ask, command) for name, command in commands.items()}


def _runs(session: Session) -> Mapping[str, Page]:
    return {f"run-{tool}": partial(draw, run=run) for tool, run in _newest(session).items()}


def _newest(session: Session) -> dict[str, str]:
    """The newest run of each tool."""
    index = Index(Workspace(session.settings.workspace))
    try:
        index.refresh()
        return {row.tool: row.id for row in reversed(index.list_runs())}
    finally:
        index.close()


def _ask(command: str, window: Window) -> None:
    window.host.commands.refresh()  # one that cannot be asked yet would be passed over
    window.host.commands.action(command).trigger()


def _dressed(window: Window) -> Iterator[str]:
    """Dresses the window in each language and theme, for this once: nothing is written into the settings."""
    for language in LANGUAGES:
        for theme in THEMES:
            window.host.speech.speak(language, window.host.speech_reader(language)())
            window.host.theme.apply(theme)
            calm(window)
            yield f"{language}-{theme}"
