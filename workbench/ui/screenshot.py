"""A picture of the real window, for documentation and for whoever cannot look at a screen."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QPixmap

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.app import make_application, opened
from workbench.ui.host import Session
from workbench.ui.window import Window

_PATIENCE = 60.0
_HINTS = "propagateSizeHints"
_ELSEWHERE = T("Name a file that ends in .png, in a folder that exists and can be written.")
SETTLED = 400
"""Milliseconds in which everything that was asked to be drawn is."""


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
        wait(SETTLED)
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
        until(lambda: (window.page is not None and window.page.stored is not None) or window.bar.isVisible())
    settle(window)
    live_drawn(window)


def settle(window: Window) -> None:
    """Waits until everything is done that was put off to later turns, and what that puts off."""
    for _ in range(2):
        done: list[bool] = []
        window.host.turns.put(window, partial(done.append, True))
        until(lambda done=done: bool(done))  # type: ignore[misc]


def live_drawn(window: Window) -> None:
    """Waits until the live tool that is looked at, if one is, has answered."""
    page = window.page
    if page is not None and page.isVisible() and page.tool.live:
        until(lambda: bool(page.stage and page.stage.sources and page.stage.sources[0].streams()))


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not ready() and time.monotonic() < end:
        wait(30)


def wait(milliseconds: int) -> None:
    """Lets the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
