"""What exporters share: what a path and a name mean, and one way to say that a stream is missing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from workbench.errors import UserError
from workbench.runs.reader import Reader
from workbench.texts import T


def written_through(path: Path) -> Path:
    """The file that is meant by `path`, links followed: what takes its place must not take a link's.

    Raises UserError for what is there and is neither a file nor a folder: a pipe or a device would be lost.
    """
    target = Path(os.path.realpath(path))
    try:
        kind = stat.S_IFMT(target.lstat().st_mode)
    except OSError:  # nothing is there, or it cannot be reached: who writes there says why
        return target
    if kind not in (stat.S_IFREG, stat.S_IFDIR):
        text = T("{path} is neither a file nor a folder.", path=path)
        raise UserError(text, remedy=T("Choose another place."))
    return target


def belongs(series: str, name: str) -> bool:
    """Whether a series is meant by a name: its own, or that of its group, with or without a slash at its end."""
    return series == name or series.startswith(f"{name.rstrip('/')}/")


def without_frames(stream: str) -> UserError:
    """What a person reads when all frames of a stream were taken back."""
    return UserError(T("The stream {stream} has no frames.", stream=stream), field="stream")


def missing(reader: Reader, name: str, known: Iterable[str]) -> UserError:
    """What a person reads when a run has nothing of that name; `known`: what it has."""
    names = ", ".join(known) or "-"
    text = T("Run {run} has no stream {name}; it has: {names}.", run=reader.id, name=name, names=names)
    return UserError(text, field="stream")
