"""The program that made a run and is to start it: when it has ended, its queued runs wait for nobody."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

_TICK = 1.0
"""Seconds by which two readings of one process's start may differ."""
_START = 19
"""The place of the start in /proc/PID/stat, counted after the name (proc(5): field 22)."""


def this_program() -> dict[str, Any]:
    """As it lies in a run's facts."""
    began = psutil.Process().create_time()
    return {"host": platform.node(), "pid": os.getpid(), "began": began, "ticks": _ticks(os.getpid())}


def has_ended(owner: Mapping[str, Any] | None) -> bool:
    """Whether the program has surely ended; of one on another machine nobody here knows.

    Raises KeyError, TypeError or ValueError for what is no program as `this_program` describes it.
    """
    if not owner or owner["host"] != platform.node():
        return False
    try:
        process = psutil.Process(owner["pid"])
        if ticks := owner.get("ticks"):
            return bool(ticks != _ticks(process.pid))
        return bool(abs(process.create_time() - owner["began"]) > _TICK)
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _ticks(pid: int) -> str:
    """When a process started, as no step of the clock moves it: the boot, and the ticks since. Only Linux reckons the
    time itself from these; elsewhere, and where there is no such process, ""."""
    if sys.platform != "linux":
        return ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    return f"{boot} {stat.rpartition(')')[2].split()[_START]}"
