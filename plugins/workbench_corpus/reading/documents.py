"""The documents of a task, read in whatever process; what cannot be read is said, never raised."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from workbench.api import domain

from .formats import READERS
from .packing import Refused, damaged, opened
from .records import UNSAID, Document, Entry, How, Part, Task, Trouble
from .sources import Source

T = domain("workbench_corpus")


class Read:
    """Iterates over the documents of a task once. Afterwards `files` holds what was found of each of its files."""

    def __init__(self, task: Task) -> None:
        self._how = How(*task["how"])
        self._parts = [Part(*each) for each in task["parts"]]
        self.files: list[Entry] = []

    def __iter__(self) -> Iterator[Document]:
        for part in self._parts:
            entry = Entry(part.name, part.format, part.encoding)
            self.files.append(entry)
            try:
                yield from self._read(part, entry)
            except Refused as no:
                entry.say(no.what)
            if entry.undecodable:
                entry.say(T("bytes that are not {encoding} stand as �.", encoding=entry.encoding or UNSAID))

    @property
    def bytes(self) -> int:
        """Bytes of the files that were read, unpacked."""
        return sum(each.bytes for each in self.files)

    @property
    def troubles(self) -> list[Trouble]:
        """What was not read, or not as it should be."""
        return [Trouble(each.file, what) for each in self.files for what in each.troubles]

    def _read(self, part: Part, entry: Entry) -> Iterator[Document]:
        module, function = READERS[part.format].split(":")
        read = getattr(import_module(module, __package__), function)
        try:
            with opened(part.path, part.packing, part.member) as stream:
                for document in read(Source(part, self._how, stream, entry)):
                    entry.undecodable += document.undecodable
                    yield document
        except Refused:
            raise
        except Exception as error:  # whatever a library makes of a damaged file
            raise Refused(damaged(error)) from error


def documents(task: Task) -> Read:
    """The documents of a task of `plan`'s, in their order: iterate, then look at `files`, `bytes` and `troubles`."""
    return Read(task)
