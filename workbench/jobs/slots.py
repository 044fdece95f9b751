"""Jobs wait for slots: so many at once on the processor, so many on each GPU. Counted per program, first come first."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from workbench.jobs.spec import Slot, Spec


class Slots:
    """The slots of this program and the queue before them."""

    def __init__(self, cpu: int = 2, gpu: int = 1) -> None:
        self._cpu, self._gpu = cpu, gpu
        self._running: list[Spec] = []
        self._queue: list[Spec] = []
        self._changed = threading.Condition()
        self.moved: Callable[[], object] = lambda: None
        """Called, in any thread, when the queue has become another."""

    @contextmanager
    def take(self, spec: Spec, withdrawn: threading.Event) -> Iterator[bool]:
        """Waits for a slot and holds it inside the `with`; False when the job was withdrawn while it waited."""
        with self._changed:
            self._queue.append(spec)
            self.moved()
            try:
                while not withdrawn.is_set() and not self._next(spec):
                    self._changed.wait(0.1)
            finally:
                self._queue.remove(spec)
                self.moved()
            granted = not withdrawn.is_set()
            if granted:
                self._running.append(spec)
        try:
            yield granted
        finally:
            with self._changed:
                if granted:
                    self._running.remove(spec)
                self._changed.notify_all()

    def resize(self, cpu: int, gpu: int) -> None:
        """Other limits: jobs that wait may begin at once, those that run go on."""
        with self._changed:
            self._cpu, self._gpu = cpu, gpu
            self._changed.notify_all()

    def queued(self) -> list[Spec]:
        """The jobs that wait, in order."""
        with self._changed:
            return list(self._queue)

    def move(self, spec: Spec, place: int) -> None:
        """Puts a waiting job at another place of the queue."""
        with self._changed:
            self._queue.remove(spec)
            self._queue.insert(place, spec)
            self.moved()
            self._changed.notify_all()

    def _next(self, spec: Spec) -> bool:
        """Whether it is this job's turn: room on what it computes on, and nobody before it waits for the same."""
        running = sum(each.slot == spec.slot for each in self._running)
        first = next(each for each in self._queue if each.slot == spec.slot)
        return running < (self._cpu if spec.slot == "cpu" else self._gpu) and first is spec


def slot_of(device: str, torch: bool) -> Slot:
    """The slot that a job needs. device: as wished; torch: whether the job takes a GPU where there is one."""
    if device == "auto":
        return "gpu" if torch and has_gpu() else "cpu"
    kind, _, number = device.partition(":")
    if kind not in ("cuda", "mps"):
        return "cpu"
    return f"gpu:{number}" if number.strip("0") else "gpu"


@cache
def has_gpu() -> bool:
    """Whether jobs will find an NVIDIA GPU. Asked of the driver's own library: to import torch takes seconds."""
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0") in ("", "-1"):
        return False
    try:
        library = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
    except OSError:
        return False
    count = ctypes.c_uint()
    if library.nvmlInit_v2() == 0:
        library.nvmlDeviceGetCount_v2(ctypes.byref(count))
        library.nvmlShutdown()
    return count.value > 0


def threads_for(running: int, cap: int = 0) -> int:
    """The torch threads of a job that starts as the `running`-th at once: cores ÷ running jobs, at most `cap`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = max(1, cores // max(1, running))
    return min(threads, cap) if cap else threads
