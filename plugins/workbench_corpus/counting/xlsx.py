"""A table of a run as a spreadsheet: its format has a limit, of which people are told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from workbench.api import UserError, domain

T = domain("workbench_corpus")
MOST = 1_048_575
"""Rows of a sheet below its header: the format has 2^20."""
_LONGEST = 32_767
"""Characters of a cell."""
_PAGE = 10_000
Row = Sequence[Any]


def write(reader: Any, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes one table to `path`. streams: its stream; by default the tool's result, else the only one.

    Raises UserError for a stream that is no table, where several could be meant or there is none, for one whose file is
    gone or damaged, and for more rows than a sheet has; OSError for a path that cannot be written.
    """
    with _table(reader, _chosen(reader, streams)) as (header, count, rows):
        if count > MOST:
            text = T("The table has {rows} rows, a spreadsheet at most {most}.", rows=f"{count:,}", most=f"{MOST:,}")
            raise UserError(text, remedy=T("Export it as csv or parquet, which have no limit."))
        try:
            _fill(path, header, rows)
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OSError(str(error)) from error
    return [path]


def _chosen(reader: Any, streams: Sequence[str]) -> str:
    """The stream of the table that is meant."""
    known, result = _tables(reader), str(reader.declaration.get("result", ""))
    meant = [*streams, *([result] if result else []), *(known if len(known) == 1 else [])]
    if meant:
        return meant[0]
    if not known:
        raise UserError(T("Run {run} has no tables.", run=reader.id))
    text = T("The file holds one table; there are: {names}.", names=", ".join(known))
    raise UserError(text, remedy=T("Name one stream."), field="stream")


def _tables(reader: Any) -> list[str]:
    return [each for each, kind in reader.streams().items() if kind == "table"]


@contextmanager
def _table(reader: Any, stream: str) -> Iterator[tuple[list[str], int, Iterable[Row]]]:
    """The names of its columns, the number of its rows, and these."""
    frame = reader.frame(stream) if reader.streams().get(stream) == "table" else None
    if frame is None:
        known = ", ".join(_tables(reader)) or "-"
        raise UserError(T("There is no finished table {name}; there are: {known}.", name=stream, known=known))
    if "path" not in frame.data:
        rows = frame.data["rows"]
        header = list(dict.fromkeys(name for row in rows for name in row))
        yield header, len(rows), ([row.get(name) for name in header] for row in rows)
        return
    file = reader.folder / frame.data["path"]
    try:
        with duckdb.connect(":memory:") as db:
            count = db.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchall()[0][0]
            db.execute("SELECT * FROM read_parquet(?)", [str(file)])
            yield [column[0] for column in db.description or ()], count, _rows(db)
    except duckdb.Error as error:
        text = T("The file of the table {name} is missing or damaged: {path}.", name=stream, path=file)
        raise UserError(text) from error


def _rows(db: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while page := db.fetchmany(_PAGE):
        yield from page


def _fill(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Texts stay texts, whatever they look like; a row at a time, so that memory does not grow with them."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value is None or value != value:  # noqa: PLR0124 (not a number)
                    continue
                if isinstance(value, int | float) and math.isfinite(value):
                    sheet.write_number(at, column, value)
                else:  # a sheet has no number without end
                    sheet.write_string(at, column, str(value)[:_LONGEST])
