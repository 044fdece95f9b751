"""What a process of a pool does first; apart from all that a pool needs, for the process imports it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def prepare(parent: int, path: list[str]) -> None:
    """Dies with its parent (on Linux), leaves Ctrl-C to it, finds the same modules."""
    sys.path[:] = path
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it died before we asked
