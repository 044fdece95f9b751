"""Rows of a Parquet file, by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from workbench.api import domain

from .columns import Rows, chosen
from .packing import Refused, refusing
from .records import Document
from .sources import Source

T = domain("workbench_corpus")
_ROWS = 1024
"""Fetched at once, and looked at to choose the column of the text."""
_GROUPS = """SELECT any_value(row_group_num_rows), sum(total_uncompressed_size)
    FROM parquet_metadata(?) GROUP BY row_group_id ORDER BY row_group_id"""
_READ = "FROM read_parquet(?, file_row_number = true) WHERE file_row_number >= ? AND file_row_number < ?"


def ranges(path: str, step: int) -> Iterator[tuple[int, int, int]]:
    """(first row, row after the last, bytes) of parts of about `step` bytes. Raises Refused for what is no Parquet."""
    with _database(path) as database:
        groups = database.execute(_GROUPS, [path]).fetchall()
    first = 0
    for count, size in groups:
        rows = max(1, count * step // max(size, 1))
        for start in range(0, count, rows):
            part = min(rows, count - start)
            yield first + start, first + start + part, size * part // count
        first += count


def parquet(source: Source) -> Iterator[Document]:
    """A document for each row; its number is the row's. Raises Refused where no column holds texts."""
    part = source.part
    with _database(part.path) as database:
        described = database.execute(f"DESCRIBE SELECT * {_READ}", [part.path, 0, 0]).fetchall()
        columns = {name for name, *_ in described}
        texts = [name for name, kind, *_ in described if kind == "VARCHAR"]
        sample = database.execute(f"SELECT {_quoted(texts)} {_READ}", [part.path, 0, _ROWS]).fetchall() if texts else []
        column = chosen([dict(zip(texts, row, strict=True)) for row in sample], source.how.column)
        names = [column, *(each for each in source.how.meta if each in columns and each != column)]
        rows = Rows(source, column)
        database.execute(f"SELECT file_row_number, {_quoted(names)} {_READ}", [part.path, part.start, part.stop])
        while some := database.fetchmany(_ROWS):
            for number, *values in some:
                yield from rows.documents(dict(zip(names, values, strict=True)), number)
    source.entry.bytes += part.bytes
    rows.finish()


@contextmanager
def _database(path: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with refusing():
        open(path, "rb").close()  # noqa: PTH123 - DuckDB's own word on what may not be read is long
    try:
        with duckdb.connect(config={"threads": 1}) as database:
            yield database
    except duckdb.Error as error:
        raise Refused(T("no Parquet: {why}.", why=str(error).splitlines()[0])) from error


def _quoted(names: list[str]) -> str:
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)
