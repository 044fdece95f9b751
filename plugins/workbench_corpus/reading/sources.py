"""What every reader shares: the part that it reads, what it says about it, texts handed on in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.api import domain

from .borders import LONGEST, MARKS, ending
from .encodings import decoded, decoder, examined
from .packing import Refused, head
from .records import Document, Entry, How, Part

T = domain("workbench_corpus")
BINARY = T("binary: it is no text.")
BLOCK = 1 << 18
"""Bytes read at once; characters of a text before it comes in pieces."""

Line = tuple[int, int, str, int]
"""Where it begins, its bytes with the newline, its text without, how many bytes could not be decoded."""


@dataclass
class Source:
    """A part to read, its stream, and the entry that says what was found."""

    part: Part
    how: How
    stream: BinaryIO
    entry: Entry

    def begin(self) -> str:
        """Goes to the part's beginning, after a byte order mark. Returns the encoding; raises Refused without one."""
        start, encoding = self.part.start, self.part.encoding
        if not start:
            self.stream.seek(0)
            encoding, start = examined(self.stream, encoding)
        if not encoding:
            raise Refused(BINARY)
        self.stream.seek(start)
        self.entry.encoding = encoding
        return encoding

    def blocks(self) -> Iterator[bytes]:
        """The part's bytes from where the stream stands."""
        at = self.stream.tell()
        while data := self.stream.read(self._room(at, BLOCK)):
            at += len(data)
            self.entry.bytes += len(data)
            yield data
        if at < self.part.stop:
            self.entry.say(T("it has become shorter since it was found."))

    def lines(self, encoding: str, most: int) -> Iterator[Line]:
        """The part's lines from where the stream stands; of one longer than `most` bytes some pieces."""
        at = self.stream.tell()
        held = b""
        newline = "\n".encode(encoding)
        for data in self.blocks():
            held += data
            end = _after_last(newline, held)
            if not end and len(held) >= most:
                end = _complete(held, encoding)
            yield from _split(held[:end], at, encoding, newline)
            at, held = at + end, held[end:]
        yield from _split(held, at, encoding, newline)

    def whole(self) -> bytes:
        """All that the file holds. Raises Refused when it is too much to be held."""
        self.stream.seek(0)
        data = self.stream.read(self.how.whole + 1)
        if len(data) > self.how.whole:
            size = self.how.whole // 10**6
            raise Refused(T("longer than {size} MB, and to be read as a whole: see Limits.", size=size))
        self.entry.bytes += len(data)
        return data

    def head(self, count: int) -> bytes:
        """The first bytes of the file, whichever part this is; the stream is left somewhere."""
        part = self.part
        if part.cut:
            return head(part.path, part.packing, part.member, count, Path(part.path).stat().st_mtime_ns)
        self.stream.seek(0)
        return self.stream.read(count)

    def _room(self, at: int, most: int) -> int:
        return most if self.part.stop < 0 else max(0, min(most, self.part.stop - at))


def _after_last(newline: bytes, data: bytes) -> int:
    """The place after the last newline, 0 without one; in UTF-16 its bytes may also stand within two characters."""
    at = data.rfind(newline)
    while at % len(newline) and at > 0:
        at = data.rfind(newline, 0, at + len(newline) - 1)
    return at + len(newline) if at >= 0 else 0


def _complete(data: bytes, encoding: str) -> int:
    """How many bytes there are before a character that is not complete."""
    running = decoder(encoding)
    running.decode(data)
    return len(data) - len(running.getstate()[0])


def _split(data: bytes, at: int, encoding: str, newline: bytes) -> Iterator[Line]:
    """The lines of whole lines; decoded all at once where that is sure to be the same."""
    raw = data.split(newline) if len(newline) == 1 else _split_wide(data, newline)
    text, bad = decoded(data, encoding)
    texts = text.split("\n")
    wrong = [0] * len(raw)
    if bad or len(texts) != len(raw):
        texts, wrong = map(list, zip(*(decoded(each, encoding) for each in raw), strict=True))
    last = len(raw) - 1
    for number, (each, text, undecodable) in enumerate(zip(raw, texts, wrong, strict=True)):
        size = len(each) + (len(newline) if number < last else 0)
        if size:
            yield at, size, text, undecodable
        at += size


def _split_wide(data: bytes, newline: bytes) -> list[bytes]:
    lines, start, at = [], 0, data.find(newline)
    while at >= 0:
        if at % len(newline):
            at = data.find(newline, at + 1)
            continue
        lines.append(data[start:at])
        start = at + len(newline)
        at = data.find(newline, start)
    return [*lines, data[start:]]


def pieces(
    source: Source, text: str, number: int, columns: Mapping[str, str] | None = None, undecodable: int = 0
) -> Iterable[Document]:
    """A document as it is, or in pieces if it is long."""
    if len(text) <= BLOCK:
        return (Document(text, source.part.name, number, columns or {}, undecodable),)
    return _pieces(source, text, number, columns or {}, undecodable)


def _pieces(source: Source, text: str, number: int, kept: Mapping[str, str], undecodable: int) -> Iterator[Document]:
    at = 0
    while at < len(text):
        end = _end(text, at, source.how.cuts)
        yield Document(text[at:end], source.part.name, number, kept, undecodable if not at else 0, number + at)
        at = end


def _end(text: str, at: int, cuts: int) -> int:
    """Where a piece that begins there ends: where no token is, or no word at least, if there is such a place."""
    for most, where in ((BLOCK, cuts), (LONGEST, cuts), (LONGEST, MARKS)):
        if at + most >= len(text):
            return len(text)
        if end := ending(text[at : at + most], where):
            return at + end
    return at + LONGEST
