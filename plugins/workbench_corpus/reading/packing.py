"""Opening what is packed: streams that are read forwards, archives that must not fill disk or memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, BinaryIO, cast

from workbench.api import Text, domain

from .walk import unreadable

T = domain("workbench_corpus")
HARMLESS = 64_000_000
"""So many unpacked bytes are never refused."""
_BROKEN = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)


class Refused(Exception):  # noqa: N818 - not an error of the program
    """A file is not read any further; `what` says why."""

    def __init__(self, what: Text) -> None:
        super().__init__(what)
        self.what = what


def damaged(error: Exception) -> Text:
    """What to say of a file that its reader chokes on."""
    return T("it is damaged or of an unknown kind: {why}.", why=str(error) or type(error).__name__)


class Guard:
    """Watches how much a packed file has unpacked to. Raises Refused when called with too many bytes."""

    def __init__(self, packed: int, ratio: int, most: float) -> None:
        self._most = max(HARMLESS, packed * ratio)
        self._all = int(most * 1e9)

    def __call__(self, unpacked: int) -> None:
        if unpacked > min(self._most, self._all):
            raise Refused(T("it unpacks to more than {size} MB: see Limits.", size=min(self._most, self._all) // 10**6))


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what operating system and unpackers raise about a file into Refused."""
    try:
        yield
    except _BROKEN as error:
        raise Refused(damaged(error)) from error
    except OSError as error:
        if error.errno is None:  # gzip's and bz2's own
            raise Refused(damaged(error)) from error
        raise Refused(unreadable(error)) from error


class Shelf:
    """Keeps the last packed stream open: the next task of this process often goes on where the last one ended."""

    def __init__(self) -> None:
        self._archive: tuple[object, ...] = ()
        self._member = -1
        self._open: list[IO[bytes] | zipfile.ZipFile] = []

    def stream(self, path: str, packing: str, member: int) -> BinaryIO:
        """A stream of the unpacked bytes, somewhere. Raises OSError, and Refused for what is damaged or locked."""
        status = Path(path).stat()
        archive = (path, packing, status.st_mtime_ns, status.st_size)
        if archive != self._archive:
            self.clear()
            self._open = [_unpacked(path, packing)]
            self._archive = archive
        if isinstance(self._open[0], zipfile.ZipFile) and member != self._member:
            self._open[1:] = [_member(self._open[0], member)]
            self._member = member
        return cast(BinaryIO, self._open[-1])

    def clear(self) -> None:
        """Closes what is open."""
        for each in reversed(self._open):
            each.close()
        self._archive, self._member, self._open = (), -1, []


shelf = Shelf()


def _unpacked(path: str, packing: str) -> IO[bytes] | zipfile.ZipFile:
    match packing:
        case "zip":
            return zipfile.ZipFile(path)
        case "gz":
            return cast(IO[bytes], gzip.open(path))
        case "bz2":
            return bz2.open(path)
    return lzma.open(path)


def _member(archive: zipfile.ZipFile, number: int) -> IO[bytes]:
    info = archive.infolist()[number]
    if info.flag_bits & 1:
        raise Refused(T("it is locked by a password."))
    return archive.open(info)


@lru_cache(maxsize=4)
def head(path: str, packing: str, member: int, count: int, stamp: int) -> bytes:  # noqa: ARG001 - the file's state
    """The first `count` bytes, unpacked, without disturbing the stream that is kept open. Raises Refused."""
    with refusing():
        if not packing:
            with open(path, "rb") as file:  # noqa: PTH123
                return file.read(count)
        other = Shelf()
        try:
            return other.stream(path, packing, member).read(count)
        finally:
            other.clear()


@contextmanager
def opened(path: str, packing: str = "", member: int = -1) -> Iterator[BinaryIO]:
    """The unpacked bytes of a file, as a stream somewhere in it. Raises Refused."""
    with refusing():
        if not packing:
            with open(path, "rb") as file:  # noqa: PTH123 - thrice as fast where files are small and many
                yield file
            return
        try:
            yield shelf.stream(path, packing, member)
        except BaseException:
            shelf.clear()
            raise


def members(path: str) -> list[tuple[int, str, zipfile.ZipInfo]]:
    """(number, name, info) of the files in a zip archive. Raises Refused. Names of old Chinese archives are GBK."""
    with refusing():
        try:
            with zipfile.ZipFile(path) as archive:
                infos = [(i, info) for i, info in enumerate(archive.infolist()) if not info.is_dir()]
        except (ValueError, struct.error, OverflowError) as error:  # of directories that say nonsense
            raise Refused(damaged(error)) from error
    names = Counter(info.filename for _, info in infos)
    return [(i, _name(info) + (f"#{i}" if names[info.filename] > 1 else ""), info) for i, info in infos]


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def small_archive(archive: zipfile.ZipFile, most: int) -> None:
    """Raises Refused where an archive that is one document holds more than `most` bytes."""
    size = sum(info.file_size for info in archive.infolist())
    if size > most:
        raise Refused(T("it unpacks to more than {size} MB: see Limits.", size=most // 10**6))
