"""Indexes that a worker has opened: they stay while a person looks around, for reading one takes its time."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from workbench.api import Context

from ..artifacts import TokenIndex
from ..counting.database import text
from .groups import Grouping, grouping

_MOST = 2
"""Indexes that stay open: the one that is looked at and the one that it is compared with."""
_open: dict[str, TokenIndex] = {}
_groups: dict[tuple[str, str, int], Grouping] = {}


def opened(reference: str, context: Context) -> TokenIndex:
    """The index of a reference. Raises UserError as `Context.load` does."""
    if reference not in _open:
        found: TokenIndex = context.load(reference)
        while len(_open) >= _MOST:
            del _open[next(iter(_open))]
        _groups.clear()
        _open[reference] = found
    return _open[reference]


def grouped(reference: str, by: str, first: int, context: Context) -> Grouping:
    """The documents of an index in groups; those that were asked for last stay."""
    key = (reference, by, first)
    if key not in _groups:
        _groups[key] = grouping(opened(reference, context), by, first)
    return _groups[key]


def table_of(index: TokenIndex, path: Path) -> Path:
    """All words that were counted, with their counts, as a file that the window can query; written once,
    whole or not at all."""
    if not path.exists():
        given = {"word": np.array(index.words[: index.types], object), "count": index.counts[: index.types]}
        with duckdb.connect(":memory:") as db:
            db.register("given", given)
            db.execute(f"COPY (SELECT * FROM given) TO {text(path)} (FORMAT parquet, USE_TMP_FILE true)")
    return path
