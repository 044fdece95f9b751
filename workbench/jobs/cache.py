"""Files that are made once per workspace: decoded data sets, trained judges. Locked, and limited in size."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)
_LOCK = ".lock"


class Cache:
    """The cache of a workspace. most: bytes; beyond, what was not used for longest is deleted."""

    def __init__(self, folder: Path, most: float) -> None:
        self._folder, self._most = folder, most

    def get(self, key: str, build: Callable[[Path], object]) -> Path:
        """The file or folder of this key, made by `build(path)` unless it is there.

        Two programs that want the same key at once: one builds, the other waits.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]", "-", key)[:80] + "-" + hashlib.sha256(key.encode()).hexdigest()[:12]
        path = self._folder / name
        with FileLock(path.with_name(name + _LOCK)):
            new = not path.exists()
            if new:
                put_whole(path, build)
            os.utime(path)
        if new:
            self._shrink(keep=path)
        return path

    def clear(self) -> int:
        """Deletes everything that no program is just taking; how many bytes that freed."""
        return sum(map(self._delete, self._entries()))

    def _entries(self) -> list[Path]:
        """What is kept, without locks and what is just being made."""
        if not self._folder.is_dir():
            return []
        return [each for each in self._folder.iterdir() if each.suffix != _LOCK and not each.name.startswith(".")]

    def _shrink(self, keep: Path) -> None:
        """Deletes the longest unused until the rest is small enough; what a program is just taking stays."""
        entries = sorted(self._entries(), key=lambda each: each.stat().st_mtime)
        size = sum(size_of(each) for each in entries)
        for each in entries:
            if size <= self._most or each == keep:
                continue
            size -= self._delete(each)

    def _delete(self, path: Path) -> int:
        lock = FileLock(path.with_name(path.name + _LOCK), timeout=0)
        try:
            with lock:
                size = size_of(path)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                return size
        except Timeout:
            return 0
        except OSError as error:  # it is being written to, or cannot go while another has it open
            log.warning("%s is left: %s", path, error)
            return 0


def put_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Makes a file or folder under a temporary name, then gives it its own: it is there whole or not at all."""
    temporary = path.with_name("." + path.name)
    if temporary.is_dir():
        shutil.rmtree(temporary)
    temporary.unlink(missing_ok=True)
    write(temporary)
    if path.is_dir():
        shutil.rmtree(path)
    temporary.replace(path)


def files_in(path: Path) -> list[Path]:
    """The file itself, or every file of the folder, sorted."""
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    return sum(each.stat().st_size for each in files_in(path))
