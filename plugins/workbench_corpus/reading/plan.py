"""The corpus portioned out: tasks that any process can do by itself, from nothing but the names and sizes of files."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import overload

from .borders import MARKS
from .packing import shelf
from .params import Input
from .portions import Portions
from .records import Entry, How, Part, Task
from .walk import Found, found

_LEAST = 1000
"""Bytes of a part of a file."""
_MANY = 500
"""Files in a task, however small they are."""


class Parts:
    """Parts in the order of the files, in a few bytes each: those of one file differ only in where they lie."""

    def __init__(self) -> None:
        self._files: list[Part] = []
        self._file, self._places = array("q"), array("q")

    def __len__(self) -> int:
        return len(self._file)

    def __iter__(self) -> Iterator[Part]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, index: int) -> Part:
        start, stop, size = self._places[3 * index : 3 * index + 3]
        return self._files[self._file[index]]._replace(start=start, stop=stop, bytes=size)

    def append(self, part: Part) -> None:
        """Adds one."""
        file = part._replace(start=0, stop=0, bytes=0)
        if not self._files or self._files[-1] != file:
            self._files.append(file)
        self._file.append(len(self._files) - 1)
        self._places.extend((part.start, part.stop, part.bytes))


class Tasks(Sequence[Task]):
    """Tasks made when they are asked for, out of parts that lie in the order of the files."""

    def __init__(self, parts: Parts, ends: Sequence[int], how: How) -> None:
        self._parts, self._ends, self._how = parts, ends, how

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> list[Task]: ...
    def __getitem__(self, index: int | slice) -> Task | list[Task]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        begin = self._ends[index - 1] if index else 0
        parts = [list(self._parts[each]) for each in range(begin, self._ends[index])]
        return {"how": list(self._how), "parts": parts}


@dataclass
class Plan:
    """tasks: JSON, in the order of the files. bytes: to read, as far as is known before. refused: not to be read."""

    how: How
    parts: Parts = field(default_factory=Parts)
    ends: array[int] = field(default_factory=lambda: array("q"))
    refused: list[Entry] = field(default_factory=list)
    bytes: int = 0

    @property
    def tasks(self) -> Sequence[Task]:
        return Tasks(self.parts, self.ends, self.how)

    @property
    def files(self) -> Iterator[Entry]:
        """Every file once, first those that are not read; encodings only where they had to be known for cutting."""
        yield from self.refused
        for name, parts in groupby(self.parts, attrgetter("name")):
            first, *others = parts
            size = first.bytes + sum(each.bytes for each in others)
            yield Entry(name, first.format, first.encoding, size)


def plan(input: Input, heed: Callable[[], None] = lambda: None, cuts: int = MARKS) -> Plan:
    """Finds all files and portions them out. heed: is called often, and may raise to end it. cuts: where a line of
    plain text, or the text of a row, may be cut: see `borders.LINES`.

    What cannot be read is an entry with its troubles. Raises UserError where a path leads to nothing.
    """
    step = max(_LEAST, int(input.portion * 1e6))
    how = How(input.documents, input.column, list(input.meta), input.limits.whole * 1_000_000, cuts)
    planned, portions = Plan(how), Portions(input, step, heed, cuts)
    try:
        _fill(planned, portions, found(input.paths), step, heed)
    finally:
        shelf.clear()
    return planned


def _fill(planned: Plan, portions: Portions, files: Iterable[Found], step: int, heed: Callable[[], None]) -> None:
    """Small files share a task as long as they are fewer than `_MANY` and together shorter than `step`."""
    filled = 0
    for number, file in enumerate(files):
        if number % 64 == 0:
            heed()
        for part in portions.of(file, planned.refused):
            count = len(planned.parts) - (planned.ends[-1] if planned.ends else 0)
            if count == _MANY or (count and filled + part.bytes > step):
                planned.ends.append(len(planned.parts))
                filled = 0
            planned.parts.append(part)
            planned.bytes += part.bytes
            filled += part.bytes
    if planned.parts:
        planned.ends.append(len(planned.parts))
