"""CSV: the tool's declared result, a stream of rows or a table, scalars, or a frame of numbers.

Scalars make one wide table, for that is what a spreadsheet plots: a line per step (several, where a series has several
values at one step), a column per series, and the seconds since the run was made. UTF-8 with a mark, by which
spreadsheets know the encoding (in Python it is read as "utf-8-sig"; pandas does so by itself), lines end in CR LF (RFC
4180). Numbers are written so that they read back exactly; what is missing is empty, half a surrogate a question mark.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from workbench.errors import UserError
from workbench.runs.exporters.files import belongs, missing
from workbench.runs.exporters.frames import frame_columns, named
from workbench.runs.packing import Points
from workbench.runs.reader import Reader
from workbench.runs.tablefiles import PAGE, located
from workbench.texts import T

Line = Sequence[Any]
_CELL = np.dtype([("step", "<i8"), ("repeat", "<i8")])


def write(reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes one table to `path`. streams: one stream of rows or table; one of frames, at its newest step or NAME@STEP;
    or names of scalars or of their groups.

    Raises UserError for streams that do not exist or do not make one table.
    """
    lines: Iterable[Line]
    stream, frame = chosen_rows(reader, streams), frame_columns(reader, streams)
    if frame is not None:
        lines = chain([list(frame)], zip(*(_listed(each) for each in frame.values()), strict=True))
    elif stream:
        lines = table_lines(reader, stream)
        lines = lines if streams else _few(lines, reader.declaration.get("columns", ()))
    else:
        lines = _scalars(reader, chosen_series(reader, streams))
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        csv.writer(file).writerows(lines)
    return [path]


def chosen_rows(reader: Reader, streams: Sequence[str]) -> str:
    """The one stream of rows or table that makes the table: as asked for, else the tool's declared result; or ""."""
    wanted = _wanted(reader, streams)
    return wanted[0] if len(wanted) == 1 and reader.streams().get(wanted[0]) in ("rows", "table") else ""


def _wanted(reader: Reader, streams: Sequence[str]) -> list[str]:
    return list(streams) or [each for each in (reader.declaration.get("result"),) if each]


def chosen_series(reader: Reader, streams: Sequence[str]) -> list[str]:
    """The series that make the table. Raises UserError for names of none, and for a mixture with rows."""
    known, wanted = reader.series(), _wanted(reader, streams)
    tables = [name for name, kind in reader.streams().items() if kind in ("rows", "table")]
    if any(name in tables for name in wanted):
        raise UserError(T("The file holds one table."), remedy=T("Name one stream."), field="stream")
    for name in wanted:
        if not any(belongs(each, name) for each in known):
            raise missing(reader, name, [*tables, *named(reader), *known])
    chosen = [each for each in known if not wanted or any(belongs(each, name) for name in wanted)]
    if not chosen:
        raise UserError(T("Run {run} has no scalars.", run=reader.id))
    return chosen


def _listed(column: Any) -> list[Any]:
    return column.tolist() if isinstance(column, np.ndarray) else list(column)


# ------------------------------------------------------------------------------------------ scalars


def _scalars(reader: Reader, names: Sequence[str]) -> Iterator[Line]:
    columns = [reader.scalars(name) for name in names]
    cells = [_cells(each) for each in columns]
    lines = np.unique(np.concatenate(cells))
    values, there = np.zeros((len(lines), len(names))), np.zeros((len(lines), len(names)), bool)
    walls = np.full(len(lines), np.inf)
    for column, (points, cell) in enumerate(zip(columns, cells, strict=True)):
        places = np.searchsorted(lines, cell)
        np.minimum.at(walls, places, points["wall"])
        values[places, column], there[places, column] = points["value"], True
    yield ("step", "seconds", *names)
    seconds = np.round(walls - reader.created, 3)
    for at in range(len(lines)):
        found = zip(values[at].tolist(), there[at].tolist(), strict=True)
        yield (int(lines["step"][at]), float(seconds[at]), *(value if known else "" for value, known in found))


def _cells(points: Points) -> Points:
    """Step of each point, and how many came before it at that step."""
    made = np.zeros(len(points), _CELL)
    made["step"] = points["step"]
    order = np.argsort(points["step"], kind="stable")
    steps = points["step"][order]
    made["repeat"][order] = np.arange(len(steps)) - np.searchsorted(steps, steps)
    return made


# --------------------------------------------------------------------------------------------- rows


def table_lines(reader: Reader, stream: str) -> Iterator[Line]:
    """The lines of a stream of rows or of a table, first the names of its columns. Raises UserError where it is a file
    that is gone."""
    return _of_file(reader, stream) if file_of(reader, stream) else _rows(lambda: read_rows(reader, stream))


def read_rows(reader: Reader, stream: str) -> Iterable[Mapping[str, Any]]:
    """The rows of a stream of rows, or of the newest frame of a table that is no file."""
    if reader.streams()[stream] == "rows":
        return reader.rows(stream)
    frame = reader.frame(stream)
    rows: Iterable[Mapping[str, Any]] = frame.data["rows"] if frame else ()
    return rows


def file_of(reader: Reader, stream: str) -> Path | None:
    """The file that a table's newest frame names, where it is one. Raises UserError when it is gone."""
    frame = reader.frame(stream) if reader.streams()[stream] == "table" else None
    path = located(reader.folder, frame.data) if frame else None
    if path and not path.is_file():
        raise UserError(T("The table {stream} is gone: {path}.", stream=stream, path=path), field="stream")
    return path


def _of_file(reader: Reader, stream: str) -> Iterator[Line]:
    """A table's file, in pages; DuckDB is loaded for it alone."""
    table = import_module("workbench.runs.tables").Table.open(file_of(reader, stream))
    try:
        yield [column.name for column in table.columns]
        for offset in range(0, table.count(), PAGE):
            yield from ([_cell(value) for value in row] for row in table.page(offset, PAGE))
    finally:
        table.close()


def _rows(read: Any) -> Iterator[Line]:
    """Read twice: a column may first appear in the last row."""
    columns = list(dict.fromkeys(name for row in read() for name in row))
    yield columns
    for row in read():
        yield [_cell(row.get(name)) for name in columns]


def _few(lines: Iterable[Line], wanted: Sequence[str]) -> Iterator[Line]:
    """These columns alone; all where none is named."""
    lines = iter(lines)
    header = list(next(lines))
    places = [header.index(name) for name in wanted if name in header] or range(len(header))
    for line in chain([header], lines):
        yield [line[place] for place in places]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, str | float | int) and not isinstance(value, bool) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
