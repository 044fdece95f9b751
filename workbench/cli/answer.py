"""What a live tool answers on the command line: its texts, and the first rows of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from workbench.cli.session import Session
from workbench.runs.exporters.table import table_lines
from workbench.runs.exporters.text import plain
from workbench.runs.reader import Reader
from workbench.statistics import numeral
from workbench.texts import BREAKS, T

_ROWS = 10
_SIGNS = str.maketrans(BREAKS)


def answer(reader: Reader, session: Session) -> Iterator[str]:
    """Lines to be printed, each stream under its name."""
    for name, kind in reader.streams().items():
        frame = reader.frame(name) if kind == "text" else None
        if frame is not None:
            yield from ("", f"{name}:", *(f"  {line}" for line in plain(frame, session.say).splitlines()))
        elif kind == "table":
            yield from ("", f"{name}:", *_rows(reader, name, session))


def _rows(reader: Reader, stream: str, session: Session) -> Iterator[str]:
    lines = list(islice(table_lines(reader, stream), _ROWS + 2))
    yield from map(_line, lines[: _ROWS + 1] if any(lines) else [["-"]])
    if len(lines) > _ROWS + 1:
        way = T("… all rows: `workbench export {run} --to csv PATH --stream {stream}`", run=reader.id, stream=stream)
        yield f"  {session.say(way)}"


def _line(cells: Sequence[Any]) -> str:
    return "  " + "\t".join(numeral(each) if isinstance(each, float) else str(each).translate(_SIGNS) for each in cells)
