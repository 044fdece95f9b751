"""Plain text: a file is a document, or each of its lines or paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from .borders import LONGEST, ending
from .encodings import counted, decoder
from .records import Document
from .sources import Source, pieces


def read(source: Source) -> Iterator[Document]:
    """The documents of a text. Raises Refused for what is no text."""
    encoding = source.begin()
    how = {"file": _file, "line": _lines, "paragraph": _paragraphs}
    yield from how[source.how.documents](source, encoding)


def _file(source: Source, encoding: str) -> Iterator[Document]:
    """Block by block, cut between lines where it can be, so that memory is bounded and words are whole."""
    name, number = source.part.name, 0
    running = decoder(encoding)
    text, bad, at = "", 0, source.part.start
    for data in source.blocks():
        end = ending(text, source.how.cuts)
        if end or len(text) >= LONGEST:
            end = end or ending(text) or len(text)
            yield Document(text[:end], name, number, {}, bad, at)
            text, bad, at = text[end:], 0, at + 1
        more, wrong = counted(running.decode(data))
        text, bad = text + more, bad + wrong
    more, wrong = counted(running.decode(b"", True))
    text, bad = text + more, bad + wrong
    if text:
        whole = at == source.part.start and not source.part.cut
        yield Document(text, name, number, {}, bad, None if whole else at)


def _lines(source: Source, encoding: str) -> Iterator[Document]:
    for at, _, text, bad in source.lines(encoding, LONGEST):
        if text and not text.isspace():
            yield from pieces(source, text.rstrip("\r"), at, {}, bad)


def _paragraphs(source: Source, encoding: str) -> Iterator[Document]:
    begin, held, bad, size = 0, list[str](), 0, 0
    for at, count, text, wrong in source.lines(encoding, LONGEST):
        blank = not text or text.isspace()
        if held and (blank or size + count > LONGEST):
            yield from pieces(source, "\n".join(held).rstrip("\r"), begin, {}, bad)
            held, bad, size = [], 0, 0
        if not blank:
            begin = begin if held else at
            held.append(text)
            bad, size = bad + wrong, size + count
    if held:
        yield from pieces(source, "\n".join(held).rstrip("\r"), begin, {}, bad)
