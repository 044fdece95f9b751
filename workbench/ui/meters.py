"""What the machine is doing: processor, memory, GPUs. Read in a thread of its own, every few seconds."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import psutil
from PySide6.QtCore import QThread, Signal

from workbench.texts import T, Text
from workbench.ui.gpu import Gpu, Gpus

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
