"""One writer per run: a lock that the system frees when its holder dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from workbench.errors import UserError
from workbench.texts import T

_PATIENCE = 1.0
"""Seconds that a writer waits: somebody who asks `is_written` holds the lock for a moment."""


@contextmanager
def writer(folder: Path) -> Iterator[None]:
    """Holds the run's lock. Raises UserError when another program holds it, or the folder cannot be written."""
    lock = FileLock(folder / "lock", timeout=_PATIENCE, poll_interval=0.02, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        text = T("Run {run} is being written by another program.", run=folder.name)
        raise UserError(text, remedy=T("Wait until it has ended, or stop it there.")) from None
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def unwritable(folder: Path, error: OSError) -> UserError:
    """What to say of a run whose folder refuses a file."""
    text = T("Run {run} cannot be written: {why}.", run=folder.name, why=error.strerror or str(error))
    return UserError(text, remedy=T("Make the folder {path} writable.", path=folder))


def is_written(folder: Path) -> bool:
    """Whether somebody holds the run's lock. Creates nothing; what cannot be written here, nobody here writes."""
    if not (folder / "lock").exists():
        return False
    lock = FileLock(folder / "lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False
