"""What planning and reading say to each other, and to those who count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbench.api import Text

Task = dict[str, Any]
"""JSON: "parts", a list of `Part`s as lists; "how", what of `Input` decides how they are read."""


class Part(NamedTuple):
    """Bytes (of a parquet file: rows) of one file that are read together; JSON makes a list of it.

    path: where it lies on disk. member: its number in the zip archive, -1 outside one. name: what people are shown.
    packing: "", "gz", "bz2", "xz" or "zip". encoding: "" is found when it is read. start, stop: unpacked, both at
    borders between documents or, in a text, between lines; stop -1: to the end.
    """

    path: str
    name: str
    format: str
    packing: str = ""
    member: int = -1
    encoding: str = ""
    start: int = 0
    stop: int = -1


class Document(NamedTuple):
    """A text, or a piece of one.

    number: where in the file it begins (byte, or row of a parquet file), so that (file, number) names a document.
    piece: None for a whole one; else where the piece begins: the same (file, number) comes again, perhaps elsewhere.
    columns: what was kept of its row. undecodable: bytes that are U+FFFD now.
    """

    text: str
    file: str
    number: int = 0
    columns: Mapping[str, str] = {}
    undecodable: int = 0
    piece: int | None = None


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
