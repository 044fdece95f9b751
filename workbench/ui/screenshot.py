"""A picture of the real window, for documentation and for whoever cannot look at a screen."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMessageLogContext, QThreadPool, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPixmap

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.app import make_application, opened
from workbench.ui.host import Session
from workbench.ui.window import Window

_PATIENCE = 60.0
_HINTS = "propagateSizeHints"
_ELSEWHERE = T("Name a file that ends in .png, in a folder that exists and can be written.")
_SOON = 1500
"""Milliseconds: what a timer does within them belongs to the picture."""
_ASIDE = frozenset({"warm", "spare"})
"""Lanes that do nothing that can be seen."""


def take(
    session: Session,
    out: Path,
    *,
    tool: str = "",
    run: str = "",
    theme: str = "light",
    size: tuple[int, int] = (1280, 820),
) -> list[str]:
    """Draws the window and writes it; what went wrong in the window meanwhile. Raises UserError for an unknown run and
    a file that cannot be written."""
    make_application()
    faults: list[str] = []
    with quiet(), opened(session) as window:
        window.host.faults.raised.connect(lambda summary, _: faults.append(summary))
        window.host.theme.apply(theme)
        window.resize(*size)
        window.show()
        until(lambda: window.host.can_draw and window.page is not None)
        draw(window, tool, run)
        picture = window.grab()
    save(picture, out)
    return faults


@contextmanager
def quiet() -> Iterator[None]:
    """Qt's platform without a screen complains of every window that it cannot tell its size; all else is passed on."""

    def handle(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if _HINTS in text:
            return
        if before is not None:
            before(kind, context, text)
        else:
            sys.stderr.write(text + "\n")

    before = qInstallMessageHandler(handle)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def save(picture: QPixmap, out: Path) -> Path:
    """Writes a picture. Raises UserError where that fails."""
    if not picture.save(str(out)):
        raise UserError(T("{file} cannot be written.", file=out), remedy=_ELSEWHERE)
    return out


def draw(window: Window, tool: str = "", run: str = "") -> None:
    """Shows a tool's page, or a run that was kept, and waits until it is all there."""
    if tool:
        window.open_tool(tool)
    if run:
        window.open_run(run)
    settle(window)
    calm(window)


def settle(window: Window) -> None:
    """Waits until everything is done that was put off to later turns, and what that puts off."""
    for _ in range(2):
        done: list[bool] = []
        window.host.turns.put(window, partial(done.append, True))
        until(lambda done=done: bool(done))  # type: ignore[misc]


def calm(window: Window) -> None:
    """Waits until nothing more is done that could change the picture. Raises UserError where it goes on changing."""
    quiet_turns = 0
    end = time.monotonic() + _PATIENCE
    while quiet_turns < 2:
        if time.monotonic() > end:
            raise UserError(T("The window does not come to rest: {what}.", what=", ".join(stirring(window))))
        wait(10)
        quiet_turns = 0 if any(stirring(window)) else quiet_turns + 1


def stirring(window: Window) -> Iterator[str]:
    """What is still going on, by name: turns, lanes, threads, timers, jobs."""
    host, page = window.host, window.page
    yield from ["turns"] if host.turns.busy else []
    yield from host.background.busy - _ASIDE
    yield from (type(each.parent()).__name__ for each in window.findChildren(QThreadPool) if each.activeThreadCount())
    yield from (type(each.parent()).__name__ for each in window.findChildren(QTimer) if _due(each))
    yield from ["frames"] if host.jobs is not None and host.jobs.stirred else []
    if page is not None and page.isVisible() and page.tool.live and page.work is not None and not page.work.ended:
        yield from [page.tool.id] if page.work.job.state != "idle" else []


def _due(timer: QTimer) -> bool:
    return timer.isActive() and timer.isSingleShot() and timer.interval() <= _SOON


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not ready() and time.monotonic() < end:
        wait(30)


def wait(milliseconds: int) -> None:
    """Lets the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
