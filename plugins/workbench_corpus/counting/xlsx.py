"""A table of a run as a spreadsheet: its format has a limit, of which people are told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
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


def write(reader: Any, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes one table to `path`. streams: its stream; by default the tool's result.

    Raises UserError for a stream that is no table, and for more rows than a sheet has; OSError for a path that cannot
    be written.
    """
    source = _table(reader, streams)
    with duckdb.connect(":memory:") as db:
        rows = db.execute("SELECT count(*) FROM read_parquet(?)", [str(source)]).fetchall()[0][0]
        if rows > MOST:
            text = T("The table has {rows} rows, a spreadsheet at most {most}.", rows=f"{rows:,}", most=f"{MOST:,}")
            raise UserError(text, remedy=T("Export it as csv or parquet, which have no limit."))
        db.execute("SELECT * FROM read_parquet(?)", [str(source)])
        try:
            _fill(path, [column[0] for column in db.description or ()], _rows(db))
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OSError(str(error)) from error
    return [path]


def _table(reader: Any, streams: Sequence[str]) -> Path:
    """The Parquet file of the stream."""
    name = (*streams, reader.declaration.get("result", ""))[0]
    frame = reader.frame(name) if reader.streams().get(name) == "table" else None
    if frame is None or "path" not in frame.data:
        known = ", ".join(each for each, kind in reader.streams().items() if kind == "table") or "-"
        raise UserError(T("There is no finished table {name}; there are: {known}.", name=name, known=known))
    found: Path = reader.folder / frame.data["path"]
    return found


def _rows(db: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while page := db.fetchmany(_PAGE):
        yield from page


def _fill(path: Path, header: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
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
                if isinstance(value, str):
                    sheet.write_string(at, column, value[:_LONGEST])
                elif value is not None and not math.isnan(value):
                    sheet.write_number(at, column, value)
