"""A picture of the real window, for documentation and for whoever cannot look at a screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPixmap

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.app import make_application, opened
from workbench.ui.host import Session
from workbench.ui.window import Window

_PATIENCE = 60.0
_SETTLED = 400
"""Milliseconds in which everything that was asked to be drawn is."""


def take(
    session: Session,
    out: Path,
    *,
    tool: str = "",
    run: str = "",
    theme: str = "light",
    size: tuple[int, int] = (1280, 820),
) -> None:
    """Draws the window and writes it. Raises UserError for an unknown run and a file that cannot be written."""
    make_application()
    with opened(session) as window:
        window.host.theme.apply(theme)
        window.resize(*size)
        window.show()
        picture = _drawn(window, tool, run)
    if not picture.save(str(out)):
        raise UserError(T("{file} cannot be written.", file=out), remedy=T("Choose another folder, or .png."))


def _drawn(window: Window, tool: str, run: str) -> QPixmap:
    _until(lambda: window.host.can_draw and window.page is not None)
    if tool:
        window.open_tool(tool)
    if run:
        window.open_run(run)
        _until(lambda: (window.page is not None and window.page.stored is not None) or window.bar.isVisible())
    page = window.page
    if page is not None and page.isVisible() and page.tool.live:
        _until(lambda: bool(page.stage and page.stage.sources and page.stage.sources[0].streams()))
    _wait(_SETTLED)
    return window.grab()


def _until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not ready() and time.monotonic() < end:
        _wait(30)


def _wait(milliseconds: int) -> None:
    """Lets the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
