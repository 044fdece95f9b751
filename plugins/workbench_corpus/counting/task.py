"""One task in a child process: read, cut, counted; its part on disk, so that nothing large comes back."""

from __future__ import annotations

import time
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..reading.documents import documents
from ..reading.records import Entry
from ..tokens.cutting import cutter
from ..tokens.offered import digest
from . import kept
from .disk import written
from .parts import entry
from .tally import Cutter, Detailed, Plain

PARTS = "parts"
WAKE = "wake"
"""A task of this key alone makes a process ready while it is found out what is to be counted."""


def count(folder: str, task: dict[str, Any], cache: str = "") -> dict[str, Any]:
    """Counts a task {"number": its place, "read": tasks of `reading.plan`}; writes its part into the folder.

    What comes back is recorded, so that a count that goes on does not begin the task again. cache: see
    `tokens.cutting.cutter`. That of `WAKE` counts nothing. Raises UserError where the disk is full.
    """
    settings, cut = _begun(folder, cache)
    if WAKE in task:
        return {"ready": cut.numbering is not None}
    tally = Detailed(cut, settings.keeps) if settings.detailed else Plain(cut)
    begun: Counter[str] = Counter()
    files: list[Entry] = []
    for each in task["read"]:
        read = documents(each)
        for document in read:
            tally.add(document)
            begun[document.file] += document.begins
        files += read.files
    part = tally.part().reading(begun.total(), [entry(each, begun.pop(each.file, 0)) for each in files])
    path = part_of(Path(folder), task)
    with written():
        part.write(path)
    return {"bytes": sum(each.bytes for each in files), "at": time.time()}


def part_of(folder: Path, task: dict[str, Any]) -> Path:
    """Where the part of a task lies. A count that goes on may have another task of the same number: a file has changed,
    or is away."""
    return folder / PARTS / f"{task['number']:07d}-{digest(task)[:16]}"


@lru_cache(1)
def _begun(folder: str, cache: str) -> tuple[kept.Settings, Cutter]:
    """What the count began with, and the tokenizer made of it; once in a process."""
    settings = kept.load(Path(folder))
    return settings, cutter(settings.tokenizer, settings.words, cache)
