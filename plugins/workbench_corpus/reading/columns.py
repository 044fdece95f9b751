"""Which column of a table holds the text, and what else is kept of a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.api import domain

from .encodings import sound
from .packing import Refused
from .records import Document
from .sources import Source, pieces

T = domain("workbench_corpus")
_USUAL = ("text", "content", "正文", "内容", "body")


def chosen(rows: Sequence[Mapping[str, Any]], wish: str) -> str:
    """The text's column: as wished, one of a usual name, or that with the longest texts. Raises Refused for none."""
    lengths: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            lengths[name] = lengths.get(name, 0) + (len(value) if isinstance(value, str) else 0)
    if wish and (wish in lengths or not rows):
        return wish
    names = ", ".join(lengths)
    if wish:
        raise Refused(T("there is no column {name}; there are: {names}.", name=wish, names=names))
    if not any(lengths.values()):
        raise Refused(T("no column holds texts; there are: {names}.", names=names or "—"))
    return next((name for name in _USUAL if lengths.get(name)), max(lengths, key=lambda name: lengths[name]))


class Rows:
    """Makes documents of rows, and counts those without a text."""

    def __init__(self, source: Source, column: str) -> None:
        self._source, self._column, self._without = source, column, 0
        self._meta = source.how.meta

    def documents(self, row: Mapping[str, Any], number: int, undecodable: int = 0) -> Iterable[Document]:
        """The document of a row that begins at `number`, in pieces if it is long."""
        text = row.get(self._column)
        if not isinstance(text, str) or not text:
            self._without += 1
            return ()
        text, halves = sound(text)
        kept = {name: sound(str(row[name]))[0] for name in self._meta if row.get(name) is not None}
        return pieces(self._source, text, number, kept, undecodable + halves)

    def finish(self) -> None:
        """Says how many rows had no text."""
        if self._without:
            self._source.entry.say(T("rows without a text in {column}: {n}.", n=self._without, column=self._column))
