"""CSV: the tool's declared result, a stream of rows or a table, or scalars.

Scalars make one wide table, for that is what a spreadsheet plots: a line per step (several, where a series has several
values at one step), a column per series, and the seconds since the run was made. UTF-8 with a mark, lines end in CR LF
(RFC 4180). Numbers are written so that they read back exactly; what is missing is empty.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.errors import UserError
from workbench.runs.exporters.files import missing, replacing
from workbench.runs.packing import Points
from workbench.runs.reader import Reader
from workbench.texts import T

Line = Sequence[Any]
_CELL = np.dtype([("step", "<i8"), ("repeat", "<i8")])


def write(reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes one table to `path`. streams: one stream of rows or table, or names of scalars or of their groups.

    Raises UserError for streams that do not exist or do not make one table, and for a path that cannot be written.
    """
    wanted = list(streams) or [each for each in (reader.declaration.get("result"),) if each]
    kinds = reader.streams()
    if len(wanted) == 1 and kinds.get(wanted[0]) in ("rows", "table"):
        lines = _rows(lambda: _read(reader, wanted[0], kinds[wanted[0]]))
    else:
        lines = _scalars(reader, _series(reader, wanted, kinds))
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)
    return [path]


def _series(reader: Reader, wanted: Sequence[str], kinds: Mapping[str, str]) -> list[str]:
    known = reader.series()
    tables = [name for name, kind in kinds.items() if kind in ("rows", "table")]
    if any(name in tables for name in wanted):
        raise UserError(T("A CSV file holds one table."), remedy=T("Name one stream."), field="stream")
    for name in wanted:
        if not any(_belongs(each, name) for each in known):
            raise missing(reader, name, [*tables, *known])
    chosen = [each for each in known if not wanted or any(_belongs(each, name) for name in wanted)]
    if not chosen:
        raise UserError(T("Run {run} has no scalars.", run=reader.id))
    return chosen


def _belongs(series: str, name: str) -> bool:
    return series == name or series.startswith(f"{name}/")


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


def _read(reader: Reader, stream: str, kind: str) -> Iterable[Mapping[str, Any]]:
    if kind == "rows":
        return reader.rows(stream)
    frame = reader.frame(stream)
    if frame is None or "rows" not in frame.data:
        place = "-" if frame is None else frame.data.get("path", "-")
        raise UserError(T("The table {stream} is a file of its own: {path}.", stream=stream, path=place))
    rows: Iterable[Mapping[str, Any]] = frame.data["rows"]
    return rows


def _rows(read: Any) -> Iterator[Line]:
    """Read twice: a column may first appear in the last row."""
    columns = list(dict.fromkeys(name for row in read() for name in row))
    yield columns
    for row in read():
        yield [_cell(row.get(name)) for name in columns]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, str | float | int) and not isinstance(value, bool) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
