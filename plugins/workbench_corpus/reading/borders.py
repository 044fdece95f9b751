"""Where a long file may be cut, so that tasks read it in parts and no line or record is torn."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import BinaryIO
from unicodedata import category

_NEAR, _FAR = 1 << 12, 1 << 18
"""A border is looked for in so many bytes, then twice as many, up to the latter."""
LONGEST = 1 << 20
"""Bytes; so long, a line or paragraph of plain text counts as several documents, and a text is cut within a word."""
LINES, SPACES, MARKS = 1, 2, 3
"""Where a text may be cut and no token with it: after lines alone, after spaces too, after marks too."""
_ENDS = ("\n", " \t\u3000", "。！？；，、：")
"""After what a text is cut: best after a line, else after a space, else after a mark."""
_OTHER = re.compile(r".*[^\w\r+#&.%\-\u200c\u200d]", re.DOTALL)
"""What ends with any other mark that is in no word, and in no end of a line; or with one that combines."""


def ending(text: str, cuts: int = MARKS) -> int:
    """How much of a text that goes on elsewhere stands before the last good place to cut it; 0 if there is none."""
    for marks in _ENDS[:cuts]:
        best = max(map(text.rfind, marks))
        if best >= 0:
            return best + 1
    return _other(text) if cuts == MARKS else 0


def _other(text: str) -> int:
    found = _OTHER.match(text)
    while found and category(text[found.end() - 1]).startswith("M"):  # it belongs to the character before it
        found = _OTHER.match(text, 0, found.end() - 1)
    return found.end() if found else 0


def _after(text: str, cuts: int) -> str | None:
    """What stands after the last good place to cut it, near its end if there is one; None where there is none."""
    for part in (text[-_NEAR:], text):
        if end := ending(part, cuts):
            return part[end:]
    return None


def width(encoding: str) -> int:
    """Bytes of a newline."""
    return {"utf-16": 2, "utf-32": 4}.get(encoding[:6], 1)


def divisible(format: str, encoding: str, documents: str) -> bool:
    """Whether such a file can be cut; quotes and blank lines are sought among single bytes."""
    return width(encoding) == 1 or format == "jsonl" or (format == "text" and documents != "paragraph")


@lru_cache
def pattern(kind: str, encoding: str, quoted: bool = False) -> re.Pattern[bytes]:
    """What reaches from anywhere to the next border.

    kind: text and line (the first may also be cut inside a line), paragraph, record (of csv; quoted: inside quotes).
    """
    if kind == "record":
        return re.compile((rb'[^"]*+"' if quoted else b"") + rb'[^"\n]*+(?:"[^"]*+"[^"\n]*+)*+\n')
    if kind == "paragraph":
        return re.compile(rb".*?\n(?:[ \t\r]*\n)+", re.DOTALL)
    newline = re.escape("\n".encode(encoding))
    if width(encoding) == 1:
        return re.compile(rb"[^" + newline + rb"]*+" + newline)
    return re.compile(rb"(?:" + b"." * width(encoding) + rb")*?" + newline, re.DOTALL)


class Borders:
    """Walks once through a stream, forwards if it is packed, and finds places about `step` bytes apart to cut it.

    size: its length, -1 if only reading tells. kind: see `pattern`. guard: is told how far the walk has come, and may
    raise. whole: what is shorter is not cut elsewhere than at a border; what is longer is where no word is, if there
    is such a place in LONGEST bytes. cuts: `LINES`, … Iteration yields start, the borders, and the end, all
    different.
    """

    def __init__(
        self, stream: BinaryIO, size: int, start: int, step: int, kind: str, encoding: str,
        guard: Callable[[int], None], whole: int = 0, cuts: int = MARKS,
    ) -> None:  # fmt: skip
        self._stream, self._size, self._start, self._encoding = stream, size, start, encoding
        self._step, self._kind, self._guard = step - step % width(encoding), kind, guard
        self._torn = size >= 0 and kind in ("text", "paragraph")
        self._tear = max(self._step, whole - whole % width(encoding))
        self._cuts, self._at, self._quotes = cuts, start, 0

    def __iter__(self) -> Iterator[int]:
        self._stream.seek(self._start)
        last = self._start
        yield last
        while self._forward():
            window = self._window()
            torn = window is None and self._torn and self._at - last >= self._tear
            border = self._between(last) if torn else window
            if border is not None and last < border:
                last = border
                yield last
        if last < self._at:
            yield self._at

    def _forward(self) -> bool:
        """One step on; whether the end is not reached."""
        self._guard(self._at)
        if self._size >= 0 and self._kind != "record":
            self._at = min(self._at + self._step, self._size)
            self._stream.seek(self._at)
            return self._at < self._size
        return len(self._read(self._step)) == self._step

    def _read(self, count: int) -> bytes:
        data = self._stream.read(count)
        self._at += len(data)
        if self._kind == "record":
            self._quotes += data.count(b'"')
        return data

    def _window(self) -> int | None:
        """The next border, None if it is too far."""
        begin, quoted, data = self._at, self._quotes % 2 == 1, b""
        rule = pattern(self._kind, self._encoding, quoted)
        while len(data) < _FAR:
            more = self._read(max(min(_NEAR, self._step), len(data)))
            data += more
            match = rule.match(data)
            if match and (match.end() < len(data) or self._kind != "paragraph" or not more):
                return begin + match.end()
            if not more:
                return None
        return None

    def _between(self, last: int) -> int:
        """A place between two words, as far from the last border as may be torn or little less, further if it must be;
        or, where there is none, between two characters. The walk goes on from there."""
        longest = max(self._tear, LONGEST)
        for most, cuts in ((self._tear, self._cuts), (longest, self._cuts), (longest, MARKS)):
            self._stream.seek(last)
            data = self._stream.read(most)
            decoder = codecs.getincrementaldecoder(self._encoding)("replace")
            after = _after(decoder.decode(data), cuts)
            if after is not None:
                break
        place = last + len(data) - len(decoder.getstate()[0])
        if after and "\ufffd" not in after:
            place -= len(after.encode(self._encoding))
        self._at = place
        self._stream.seek(place)
        return place
