"""What is raised in a method that Qt calls, even in C and within a call from Python, does not end the program."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

SCRIPT = """
    import shiboken6
    import workbench.ui
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication, QWidget

    application = QApplication([])
    gone = QObject()
    shiboken6.delete(gone)

    class View(QWidget):
        def event(self, event):
            return self.failing() if event.type() == QEvent.Type.User else super().event(event)

        def paintEvent(self, event):
            self.failing()

        def eventFilter(self, watched, event):
            return self.failing()

        def failing(self):
            {failing}

    class Heir(View):
        def paintEvent(self, event):
            super().paintEvent(event)

    for view, call in ((View(), lambda v: QApplication.sendEvent(v, QEvent(QEvent.Type.User))), (Heir(), QWidget.grab)):
        try:
            call(view)
        except Exception as error:
            print(type(error).__name__)
    watched, view = QObject(), View()
    watched.installEventFilter(view)
    try:
        QApplication.sendEvent(watched, QEvent(QEvent.Type.User))
    except Exception as error:
        print(type(error).__name__)
    print("alive")
"""


@pytest.mark.parametrize(
    ("failing", "kind"),
    [("[].pop()", "IndexError"), ("gone.objectName()", "RuntimeError"), ("1 / 0", "ZeroDivisionError")],
)
def test_the_program_lives_and_the_exception_comes_to_the_caller(failing: str, kind: str) -> None:
    script = dedent(SCRIPT).format(failing=failing)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "alive"
    assert set(done.stdout.split()[:-1]) == {kind}
