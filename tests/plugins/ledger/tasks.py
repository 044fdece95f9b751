"""What the evaluation spreads over processes; imports nothing, so that they begin at once."""

from __future__ import annotations

import time


def waited(task: tuple[int, float]) -> int:
    """Takes its time; gives back its number squared."""
    number, seconds = task
    time.sleep(seconds)
    return number**2
