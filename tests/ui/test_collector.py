"""Where garbage is collected while there is a window."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from workbench.ui.collector import Collector


class Circle:
    """Holds itself, as a page and what it is connected to do."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_left_in_circles_goes_in_the_windows_thread(qtbot: QtBot) -> None:
    gc.enable()
    holder, gone = QObject(), list[threading.Thread]()
    crowd: list[list[int]] = []
    collector = Collector(holder)
    collector.begin()
    try:
        weakref.finalize(Circle(), lambda: gone.append(threading.current_thread()))
        many = range(20 * gc.get_threshold()[0])  # as many as make Python collect again and again
        other = threading.Thread(target=lambda: crowd.extend([number] for number in many))
        other.start()
        other.join()
        assert gone == []
        qtbot.waitUntil(lambda: bool(gone))
    finally:
        collector.end()
    assert gone == [threading.main_thread()]
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()
    gc.disable()  # as for all other tests
