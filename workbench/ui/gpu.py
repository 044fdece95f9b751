"""How busy the NVIDIA GPUs are, asked of the driver's own library: no package is needed, nothing is started."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass

_LIBRARY = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"


class _Utilization(ctypes.Structure):
    _fields_ = [("gpu", ctypes.c_uint), ("memory", ctypes.c_uint)]


class _Memory(ctypes.Structure):
    _fields_ = [("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong)]


@dataclass(frozen=True)
class Gpu:
    """percent: of the time that it computed. used, total: bytes of its memory."""

    percent: float
    used: float
    total: float


class Gpus:
    """The GPUs of this machine; none where there is no driver."""

    def __init__(self) -> None:
        self._library: ctypes.CDLL | None = None
        self._handles: list[ctypes.c_void_p] = []
        try:
            library = ctypes.CDLL(_LIBRARY)
        except OSError:
            return
        if library.nvmlInit_v2() == 0:
            self._library = library
            self._handles = list(_handles(library))

    def read(self) -> list[Gpu]:
        """One reading of each."""
        return [_read(self._library, each) for each in self._handles] if self._library else []

    def close(self) -> None:
        """Lets go of the driver."""
        if self._library is not None:
            self._library.nvmlShutdown()
        self._library, self._handles = None, []


def _handles(library: ctypes.CDLL) -> list[ctypes.c_void_p]:
    count = ctypes.c_uint()
    library.nvmlDeviceGetCount_v2(ctypes.byref(count))
    found = [ctypes.c_void_p() for _ in range(count.value)]
    return [h for i, h in enumerate(found) if library.nvmlDeviceGetHandleByIndex_v2(i, ctypes.byref(h)) == 0]


def _read(library: ctypes.CDLL, handle: ctypes.c_void_p) -> Gpu:
    busy, memory = _Utilization(), _Memory()
    library.nvmlDeviceGetUtilizationRates(handle, ctypes.byref(busy))
    library.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory))
    return Gpu(float(busy.gpu), float(memory.used), float(memory.total))
