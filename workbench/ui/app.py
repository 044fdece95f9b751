"""The window's program: everything from the first line to the last."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from workbench.settings import APP
from workbench.ui.collector import Collector
from workbench.ui.faults import Logbook
from workbench.ui.host import Host, Session
from workbench.ui.window import Window


def main(session: Session) -> int:
    """Opens the window and returns, when it is closed, the exit status."""
    application = make_application()
    with opened(session) as window:
        window.show()
        return application.exec()


def make_application() -> QApplication:
    """The application, with our style."""
    QCoreApplication.setApplicationName(APP)
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    return application


@contextmanager
def opened(session: Session) -> Iterator[Window]:
    """A window, not shown yet; afterwards its threads have ended and what it remembers is written."""
    logbook = _logbook(session)
    host = Host(session)
    host.faults.install()
    language = host.speech_reader(session.language)()
    host.speech.speak(session.language, language)
    host.theme.apply(session.settings.theme)
    window = Window(host)
    collector = Collector(host)
    host.drawable.connect(collector.begin)
    host.commands.setParent(window)  # shortcuts must go in this thread, not where the garbage collector finds them
    if logbook is not None and logbook.crashed:
        window.painted.connect(partial(window.program.diagnostics.after_crash, logbook.crashed))
    try:
        yield window
    finally:
        window.hide()  # what is not seen is not drawn any more
        window.end()
        _destroy(window)
        collector.end()
        host.speech.end()
        host.faults.remove()
        if logbook is not None:
            logbook.close()


def _destroy(window: Window) -> None:
    """With everything in it: whatever styles the application has to style all widgets that are left."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _logbook(session: Session) -> Logbook | None:
    """None where no log can be written: the window opens all the same."""
    try:
        return Logbook(session.places.logs)
    except OSError:
        return None
