"""Planned portions put together into tasks: the more text in one, the cheaper its words are merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..reading.records import Task
from .disk import written

_REST = 4
"""A task is at most so small a share of what is left: at the end no process waits long for another."""
_MOST = 255
"""Portions in a task: a byte says how many."""


def tasks(planned: Sequence[Task], kept: Path, wish: Callable[[], int]) -> Iterator[dict[str, Any]]:
    """Tasks of `task.count`, made when they are asked for. wish: how many portions the next one should have, from 0.

    What was chosen is kept in a file, a byte for each task: a count that goes on makes the same tasks again, and so
    finds their results. Raises UserError where the disk is full.
    """
    before = kept.read_bytes() if kept.exists() else b""
    number = at = 0
    with written(), kept.open("ab", buffering=0) as file:
        while at < len(planned):
            if number < len(before):
                size = before[number] or 1
            else:
                size = max(1, min(wish(), _MOST, (len(planned) - at) // _REST))
                file.write(bytes([size]))
            yield {"number": number, "read": planned[at : at + size]}
            number, at = number + 1, at + size
