"""What planning and reading say to each other, and to those who count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbench.api import Text

from .borders import MARKS

Task = dict[str, Any]
"""JSON: "parts", each a `Part` as a list, and "how", a `How` as a list."""

UNSAID = "utf-8"
"""The encoding of texts in files that have none of their own, such as parquet."""


class Part(NamedTuple):
    """Bytes (of a parquet file: rows) of one file that are read together; JSON makes a list of it.

    path: where it lies on disk. member: its number in the zip archive, -1 outside one. name: what people are shown.
    packing: "", "gz", "bz2", "xz" or "zip". encoding: "" is found when it is read. start, stop: unpacked, both at
    borders between documents or, in a text, between lines; stop -1: to the end. bytes: to read, as far as is known.
    cut: whether others have the rest of the file. written: when the file was last (ns): a part of another is another.
    """

    path: str
    name: str
    format: str
    packing: str = ""
    member: int = -1
    encoding: str = ""
    start: int = 0
    stop: int = -1
    bytes: int = 0
    cut: bool = False
    written: int = 0


class Document(NamedTuple):
    """A text, or a piece of one.

    number: where in the file it begins (byte; row of parquet or of a list in JSON), so that (file, number) names it.
    piece: None for a whole one; else where the piece begins, the first at `number`: the same (file, number) comes
    again, perhaps elsewhere.
    columns: what was kept of its row. undecodable: bytes that are U+FFFD now.
    """

    text: str
    file: str
    number: int = 0
    columns: Mapping[str, str] = {}
    undecodable: int = 0
    piece: int | None = None

    @property
    def begins(self) -> bool:
        """Whether the document begins here: its later pieces are not counted again."""
        return self.piece is None or self.piece == self.number


class How(NamedTuple):
    """What of `Input` decides how a part is read; see there. whole: bytes of a document read as a whole, at most.
    cuts: where a text comes apart into pieces, see `borders.LINES`."""

    documents: str = "file"
    column: str = ""
    meta: Sequence[str] = ()
    whole: int = 256_000_000
    cuts: int = MARKS


class Trouble(NamedTuple):
    """Something that was not read, or not as it should be."""

    file: str
    what: Text


@dataclass(slots=True)
class Entry:
    """A line of the table of files; of a file read in parts, numbers add up. bytes: of the file, unpacked if read."""

    file: str
    format: str = ""
    encoding: str = ""
    bytes: int = 0
    undecodable: int = 0
    troubles: list[Text] = field(default_factory=list)

    def add(self, part: Entry) -> None:
        """Takes in what was found of another part of the same file."""
        self.encoding = self.encoding or part.encoding
        self.bytes += part.bytes
        self.undecodable += part.undecodable
        for each in part.troubles:
            self.say(each)

    def say(self, trouble: Text) -> None:
        """Adds a trouble; the numbers {n} of those that say the same are added up."""
        same = next((i for i, each in enumerate(self.troubles) if each.source == trouble.source), None)
        if same is None:
            self.troubles.append(trouble)
        elif "n" in trouble.values:
            values = {**trouble.values, "n": self.troubles[same].values["n"] + trouble.values["n"]}
            self.troubles[same] = Text(trouble.source, values, trouble.domain)
