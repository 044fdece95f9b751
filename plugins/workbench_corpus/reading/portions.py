"""The parts of one file: most files are one, long ones and the members of archives are many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import translate
from importlib import import_module
from itertools import pairwise
from pathlib import PurePath
from typing import BinaryIO

from workbench.api import domain

from .borders import LONGEST, MARKS, Borders, divisible
from .encodings import HEAD, examined
from .formats import READERS, STREAMED, format_of
from .packing import Guard, Refused, members, opened
from .params import Input
from .records import Entry, Part
from .rows import are_lines
from .sources import BINARY
from .walk import Found, shown

T = domain("workbench_corpus")
STREAMS = ("gz", "bz2", "xz")
_TINY = {"gz": 16_000, "bz2": 0, "xz": 0}
"""A packed file so small cannot unpack to much: it is not looked into before it is read."""


class Portions:
    """Cuts files into parts of about `step` bytes. heed: is called often, and may raise to end it. cuts: see
    `borders.LINES`."""

    def __init__(self, input: Input, step: int, heed: Callable[[], None], cuts: int) -> None:
        self._input, self._step, self._heed, self._cuts = input, step, heed, cuts
        self._overrides = [(_Pattern(each.files), each.encoding) for each in input.encodings]

    def of(self, file: Found, refused: list[Entry]) -> Iterator[Part]:
        """The parts of a file; what is not to be read is added to `refused`."""
        name = shown(file.path)
        kind, packing = format_of(name)
        try:
            if file.trouble:
                raise Refused(file.trouble)
            if packing == "zip":
                yield from self._archive(file, name, refused)
            else:
                yield from self._parts(Part(file.path, name, kind, packing, bytes=file.bytes, written=file.written))
        except Refused as no:
            refused.append(Entry(name, packing or kind, bytes=file.bytes, troubles=[no.what]))

    def _archive(self, file: Found, name: str, refused: list[Entry]) -> Iterator[Part]:
        inside = members(file.path)
        if not inside:
            raise Refused(T("empty."))
        limits = self._input.limits
        Guard(file.bytes, limits.ratio, limits.unpacked)(sum(info.file_size for _, _, info in inside))
        for number, member, info in inside:
            kind, packing = format_of(info.filename)
            inner = f"{name}/{member}"
            part = Part(file.path, inner, kind, "zip", number, bytes=info.file_size, written=file.written)
            try:
                if packing:
                    raise Refused(T("an archive within an archive is not opened."))
                if not info.file_size:
                    raise Refused(T("empty."))
                yield from self._parts(part)
            except Refused as no:
                refused.append(Entry(part.name, kind, bytes=part.bytes, troubles=[no.what]))

    def _parts(self, part: Part) -> Iterator[Part]:
        part = part._replace(encoding=self._wish(part.name))
        if part.format not in READERS:
            raise Refused(T("files of this kind are not read."))
        if part.format == "parquet":
            yield from self._table(part)
        elif part.bytes > _TINY.get(part.packing, self._step):
            yield from self._long(part)
        else:
            yield part if part.packing in STREAMS else part._replace(stop=part.bytes)

    def _long(self, part: Part) -> Iterator[Part]:
        """The parts of a file that is looked into: for its encoding, where it can be cut, what it unpacks to."""
        with opened(part.path, part.packing, part.member) as stream:
            part = part._replace(format=_lines_or_whole(part.format, stream))
            if part.format in STREAMED:
                stream.seek(0)
                encoding, start = examined(stream, part.encoding)
                if not encoding:
                    raise Refused(BINARY)
                if divisible(part.format, encoding, self._input.documents):
                    yield from self._cut(part._replace(encoding=encoding, start=start), stream)
                    return
            size = self._measured(part, stream) if part.packing in STREAMS else part.bytes
            yield part._replace(stop=size, bytes=size)

    def _cut(self, part: Part, stream: BinaryIO) -> Iterator[Part]:
        size = -1 if part.packing else part.bytes
        kind = {"csv": "record", "jsonl": "line"}.get(part.format, "text")
        if kind == "text" and self._input.documents == "paragraph":
            kind = "paragraph"
        whole = 0 if self._input.documents == "file" and self._cuts == MARKS else LONGEST
        guard = self._guard(part)
        borders = Borders(stream, size, part.start, self._step, kind, part.encoding, guard, whole, self._cuts)
        between = list(pairwise(borders))
        for start, stop in between:
            begin = start if start > part.start else 0  # its reader passes over the mark again
            yield part._replace(start=begin, stop=stop, bytes=stop - start, cut=len(between) > 1)

    def _measured(self, part: Part, stream: BinaryIO) -> int:
        stream.seek(0)
        guard = self._guard(part)
        size = 0
        while more := len(stream.read(1 << 20)):
            size += more
            guard(size)
        return size

    def _table(self, part: Part) -> Iterator[Part]:
        if part.packing:
            raise Refused(T("parquet is read only unpacked."))
        tables = import_module(".tables", __package__)  # DuckDB takes its time
        ranges = list(tables.ranges(part.path, self._step))
        if not ranges:
            raise Refused(T("empty."))
        for start, stop, size in ranges:
            yield part._replace(start=start, stop=stop, bytes=size)

    def _guard(self, part: Part) -> Callable[[int], None]:
        limits = self._input.limits
        guard = Guard(part.bytes, limits.ratio, limits.unpacked)

        def watch(unpacked: int) -> None:
            self._heed()
            if part.packing in STREAMS:
                guard(unpacked)

        return watch

    def _wish(self, name: str) -> str:
        """The encoding that a person has said a file has, "" if it is to be found."""
        for fits, encoding in self._overrides:
            if fits(name):
                return encoding.replace("auto", "")
        return self._input.encoding.replace("auto", "")


class _Pattern:
    """Of the whole path, or of as many of its last parts as it has itself."""

    def __init__(self, files: str) -> None:
        self._match, self._parts = re.compile(translate(files)).match, files.count("/") + 1

    def __call__(self, name: str) -> bool:
        return bool(self._match(name) or self._match("/".join(PurePath(name).parts[-self._parts :])))


def _lines_or_whole(format: str, stream: BinaryIO) -> str:
    """Of a long .json whether each of its lines is an object."""
    if format != "json":
        return format
    stream.seek(0)
    return "jsonl" if are_lines(stream.read(HEAD)) else format
