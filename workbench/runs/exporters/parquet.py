"""Parquet, written by DuckDB: the tool's declared result, a stream of rows or a table, scalars, or a frame of numbers.

Scalars make one long table, for that is what data frames group: series, step, wall (seconds since the epoch), value.
Rows keep their types; what is nested becomes JSON text.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from workbench.errors import UserError
from workbench.events import Array
from workbench.runs import columns
from workbench.runs.exporters.frames import Columns, frame_columns
from workbench.runs.exporters.table import chosen_rows, chosen_series, file_of
from workbench.runs.reader import Reader
from workbench.runs.schema import is_unicode
from workbench.runs.tables import Table
from workbench.texts import T

_LONG = "CREATE TABLE long (series VARCHAR, step BIGINT, wall DOUBLE, value DOUBLE)"


def write(reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes one table to `path`. streams: one stream of rows or table; one of frames, at its newest step or NAME@STEP;
    or names of scalars or of their groups.

    Raises UserError for streams that do not exist or do not make one table, and for a path that is not in UTF-8, which
    DuckDB does not take; OSError for one that cannot be written.
    """
    if not is_unicode(str(path)):
        text = T("Parquet is written only where the whole path is a text in UTF-8.")
        raise UserError(text, remedy=T("Choose another place."))
    stream, frame = chosen_rows(reader, streams), frame_columns(reader, streams)
    names = [] if stream or frame is not None else chosen_series(reader, streams)
    try:
        if frame is not None:
            _frame(frame, path)
        elif stream:
            _rows(reader, stream, path)
        else:
            _scalars(reader, names, path)
    except duckdb.Error as error:
        raise OSError(str(error)) from error
    return [path]


def _rows(reader: Reader, stream: str, path: Path) -> None:
    file = file_of(reader, stream)
    with closing(Table.open(file) if file else Table.of_stream(reader, stream)) as table:
        if not table.columns:
            raise UserError(T("The stream {stream} has no rows.", stream=stream), field="stream")
        table.write_parquet(path)


def _frame(found: Columns, path: Path) -> None:
    with duckdb.connect(":memory:") as db:
        db.register("given", {columns.unicode(name): _array(each) for name, each in found.items()})
        db.table("given").write_parquet(str(path))


def _array(column: Any) -> Array:
    """A column of a frame; a list is one of texts."""
    return np.array([columns.unicode(each) for each in column] if isinstance(column, list) else column)


def _scalars(reader: Reader, names: Sequence[str], path: Path) -> None:
    with duckdb.connect(":memory:") as db:
        db.execute(_LONG)
        for name in names:
            points = reader.scalars(name)
            db.register("given", {field: points[field].copy() for field in ("step", "wall", "value")})
            db.execute("INSERT INTO long SELECT ?, step, wall, value FROM given", [name])
            db.unregister("given")
        db.table("long").write_parquet(str(path))
