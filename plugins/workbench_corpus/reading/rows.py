"""Rows written as text: a JSON object in each line, a list of them in a .json, or CSV with a header."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from workbench.api import domain

from .columns import Rows, chosen
from .encodings import decoded
from .packing import Refused
from .records import Document
from .sources import Source

T = domain("workbench_corpus")
_LONGEST = 1 << 26
"""Bytes of a line of JSON or CSV."""
_HEAD = 1 << 20
_SAMPLE = 20
"""Rows that are looked at to choose the column of the text."""
_MARK = 4
"""Bytes of the longest byte order mark, after which a file begins."""
Row = dict[str, Any]
csv.field_size_limit(_LONGEST)


def jsonl(source: Source) -> Iterator[Document]:
    """A document for each line. Raises Refused where no text is found in the first of them."""
    encoding = source.begin()
    sample = list(islice(filter(None, map(_row, _first_lines(source, encoding))), _SAMPLE))
    rows = Rows(source, chosen(sample, source.how.column))
    source.begin()
    for at, _, text, bad in source.lines(encoding, _LONGEST):
        row = _row(text)
        if row is not None:
            yield from rows.documents(row, at, bad)
        elif text and not text.isspace():
            source.entry.say(T("lines that are no JSON object: {n}.", n=1))
    rows.finish()


def json_file(source: Source) -> Iterator[Document]:
    """A list of objects or texts, one object, or objects in lines. Raises Refused."""
    encoding = source.begin()
    data = source.whole()
    text, bad = decoded(data, encoding)
    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except ValueError:
        source.entry.bytes = 0
        yield from jsonl(source)
        return
    listed = value if isinstance(value, list) else [value]
    objects = [each if isinstance(each, dict) else {"text": each} for each in listed]
    rows = Rows(source, chosen(objects[:_SAMPLE], source.how.column))
    for number, row in enumerate(objects):
        yield from rows.documents(row, number, 0 if number else bad)
    rows.finish()


def are_lines(head: bytes) -> bool:
    """Whether a .json that begins so is an object in each line."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    return bool(first[1]) and _row(first[0].decode("utf-8", "replace")) is not None


def csv_file(source: Source) -> Iterator[Document]:
    """A document for each row after the header; commas, semicolons or tabs, whichever the header has most of."""
    encoding = source.begin()
    lines = _first_lines(source, encoding)
    delimiter = max(",;\t", key=lines[0].count)
    names, *sample = islice(csv.reader(lines, delimiter=delimiter), _SAMPLE + 1)
    rows = Rows(source, chosen([dict(zip(names, row, strict=False)) for row in sample], source.how.column))
    source.begin()
    header = source.stream.tell() if source.stream.tell() <= _MARK else -1
    for number, bad, row in _records(source, encoding, delimiter):
        if row and number != header:
            yield from rows.documents(dict(zip(names, row, strict=False)), number, bad)
    rows.finish()


def _records(source: Source, encoding: str, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """(where it begins, undecodable bytes, fields) of each record, which may go over several lines."""
    end = begin = source.stream.tell()
    bad = 0

    def texts() -> Iterator[str]:
        nonlocal end, bad
        for at, size, text, wrong in source.lines(encoding, _LONGEST):
            end, bad = at + size, bad + wrong
            yield text + "\n"

    try:
        for row in csv.reader(texts(), delimiter=delimiter):
            yield begin, bad, row
            begin, bad = end, 0
    except csv.Error as error:
        raise Refused(T("no CSV: {why}.", why=error)) from error


def _first_lines(source: Source, encoding: str) -> list[str]:
    head = source.head(_HEAD)
    if "\n".encode(encoding) not in head:
        head = source.head(_LONGEST)
    mark = "\ufeff".encode(encoding, "ignore")
    return [line + "\n" for line in decoded(head.removeprefix(mark), encoding)[0].split("\n")]


def _row(line: str) -> Row | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
