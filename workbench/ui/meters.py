"""What the machine is doing: processor, memory, GPUs. Read in a thread of its own, every few seconds."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import psutil
from PySide6.QtCore import QThread, Signal
from PySide6.QtWidgets import QLabel

from workbench.texts import T, Text
from workbench.ui.gpu import Gpu, Gpus
from workbench.ui.speech import Speech

SECONDS = 2.0
_GIGABYTE = 2**30


@dataclass(frozen=True)
class Reading:
    """cpu: percent of all cores. used, total: bytes of memory."""

    cpu: float
    used: float
    total: float
    gpus: tuple[Gpu, ...] = ()

    def texts(self) -> list[Text]:
        """As the status bar says it."""
        found = [
            T("CPU {percent} %", percent=f"{self.cpu:.0f}"),
            T("Memory {used} / {total} GB", used=_gigabytes(self.used), total=_gigabytes(self.total)),
        ]
        for each in self.gpus:
            memory = {"used": _gigabytes(each.used), "total": _gigabytes(each.total)}
            found.append(T("GPU {percent} %, {used} / {total} GB", percent=f"{each.percent:.0f}", **memory))
        return found


class Readings(QLabel):
    """The newest reading, in words."""

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech, self._texts = speech, list[Text]()
        speech.changed.connect(self._say)

    def take(self, reading: Reading) -> None:
        """Shows another one."""
        self._texts = reading.texts()
        self._say()

    def _say(self) -> None:
        self.setText("    ".join(map(self._speech.say, self._texts)))


class Meter(QThread):
    """Emits a reading every two seconds until it is stopped."""

    read = Signal(object)

    def __init__(self, seconds: float = SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._stopped = threading.Event()

    def run(self) -> None:
        """The thread."""
        gpus = Gpus()
        psutil.cpu_percent()  # the first one compares with nothing
        while not self._stopped.wait(self._seconds):
            memory = psutil.virtual_memory()
            used = memory.total - memory.available
            self.read.emit(Reading(psutil.cpu_percent(), used, memory.total, tuple(gpus.read())))
        gpus.close()

    def stop(self) -> None:
        """Ends it; call `wait` after the event loop has ended."""
        self._stopped.set()


def _gigabytes(number: float) -> str:
    return f"{number / _GIGABYTE:.1f}"
