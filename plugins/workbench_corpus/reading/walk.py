"""Every file under the paths that a person gave, in one order everywhere, and what could not be entered."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

from workbench.api import Text, UserError, domain

T = domain("workbench_corpus")


class Found(NamedTuple):
    """A file with its size and when it was last written (ns), or what is wrong with a file or folder."""

    path: str
    bytes: int = 0
    trouble: Text | None = None
    written: int = 0


def found(paths: Iterable[Path]) -> Iterator[Found]:
    """Files of all paths, folders and patterns, each once, by name. Raises UserError where a path leads to nothing."""
    tops = list(dict.fromkeys(top for path in paths for top in _tops(path)))
    if not tops:
        raise UserError(T("No text is chosen."), T("Give files, folders or patterns."), field="paths")
    entered: dict[tuple[int, int], str] = {}
    known: set[str] = set()
    for each in (each for top in tops for each in _under(top, entered)):
        if len(tops) == 1 or each.path not in known:
            yield each
        if len(tops) > 1:
            known.add(each.path)


def absolute(path: Path, field: str = "paths") -> str:
    """The whole path. Raises UserError for one in the home of nobody; field: where the path stands."""
    try:
        return os.path.abspath(path.expanduser())  # noqa: PTH100 - links stay what they are called
    except RuntimeError as error:
        raise UserError(T("There is no file {path}.", path=path), field=field) from error


def _tops(given: Path) -> list[str]:
    path = absolute(given)
    if os.path.lexists(path):
        return [path]
    matching = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []  # noqa: PTH207 - absolute ones
    if not matching:
        raise UserError(T("There is no file {path}.", path=path), field="paths")
    return matching


def _under(top: str, entered: dict[tuple[int, int], str]) -> Iterator[Found]:
    """A file, or all files of a folder; links are followed, but no folder is entered twice."""
    waiting = [top]
    while waiting:
        path = waiting.pop()
        try:
            status = Path(path).stat()
            if not S_ISDIR(status.st_mode):
                yield _file(path, status)
                continue
            before = entered.setdefault((status.st_dev, status.st_ino), path)
            if before == path:
                yield from _folder(path, waiting)
            else:
                yield Found(path, trouble=T("a link to {folder}, which is read already.", folder=shown(before)))
        except OSError as error:
            yield Found(path, trouble=unreadable(error))


def _folder(path: str, waiting: list[str]) -> Iterator[Found]:
    """The files of a folder; its folders and links wait, so that the first is the next."""
    with os.scandir(path) as entries:
        inside = sorted(entries, key=lambda each: each.name)
    waiting += reversed([each.path for each in inside if each.is_symlink() or each.is_dir()])
    for each in inside:
        if each.is_symlink() or each.is_dir():
            continue
        try:
            yield _file(each.path, each.stat())
        except OSError as error:
            yield Found(each.path, trouble=unreadable(error))


def _file(path: str, status: os.stat_result) -> Found:
    if not S_ISREG(status.st_mode):
        return Found(path, trouble=T("neither a file nor a folder."))
    return Found(path, status.st_size, None if status.st_size else T("empty."), status.st_mtime_ns)


def shown(path: str) -> str:
    """A path as people and databases can take it: bytes of a name that are no UTF-8 are written as \\xd0."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def unreadable(error: OSError) -> Text:
    """What an operating system says of a file that it does not let us read."""
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return T("you may not read it.")
        case errno.ENOENT:
            return T("it is gone, or the link leads nowhere.")
        case errno.ELOOP:
            return T("a link that leads to itself.")
    return T("it cannot be read: {why}.", why=error.strerror or error)
