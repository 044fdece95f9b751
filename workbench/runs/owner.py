"""The program that made a run and is to start it: when it has ended, its queued runs wait for nobody."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from typing import Any

import psutil

_TICK = 1.0
"""Seconds by which two readings of one process's start may differ."""


def this_program() -> dict[str, Any]:
    """As it lies in a run's facts."""
    return {"host": platform.node(), "pid": os.getpid(), "began": psutil.Process().create_time()}


def has_ended(owner: Mapping[str, Any] | None) -> bool:
    """Whether the program has surely ended; of one on another machine nobody here knows.

    Raises KeyError, TypeError or ValueError for what is no program as `this_program` describes it.
    """
    if not owner or owner["host"] != platform.node():
        return False
    try:
        return bool(abs(psutil.Process(owner["pid"]).create_time() - owner["began"]) > _TICK)
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False
