"""All words of a count in their final order, whatever their number: merged, sorted and joined in DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .database import Database, text
from .parts import Ids, Ints


class Ranking:
    """The words of `files` (see `Vocabulary`) by count, then code point; the r-th of them, from 0, has rank r.

    types: how many are counted; those that are not (see `Part`) come after them.
    """

    def __init__(self, db: Database, files: Sequence[Path], folder: Path) -> None:
        self._db, self._files, self._path = db, list(files), folder / "ranks.parquet"
        parts = ", ".join(map(text, self._files))
        db.run(
            f"COPY (SELECT word, sum(n)::BIGINT AS count, sum(documents)::BIGINT AS documents FROM "
            f"read_parquet([{parts}]) GROUP BY word HAVING sum(n) <> 0 ORDER BY count DESC, word) "
            f"TO {text(self._path)} (FORMAT parquet)"
        )
        self.types = int(np.count_nonzero(self.column("count") > 0))

    def column(self, name: str) -> Ints:
        """count or documents by rank; (V,)."""
        sql = f"SELECT {name} FROM {text(self._path)}"
        return np.asarray(self._db.run(sql)[name], np.int64)

    def ranks(self, generation: int) -> Ids:
        """Number of a word in its generation -> rank."""
        sql = f"SELECT rank::INTEGER AS rank FROM {text(self._files[generation])} JOIN {self._numbered()} USING (word)"
        return np.asarray(self._db.run(f"{sql} ORDER BY id")["rank"], np.int32)

    def write(self, path: Path, tokens: int, more: Mapping[str, Any]) -> None:
        """The table of what is counted: word, count, per_million, then `more` columns by rank, (types,); Parquet."""
        given = {"rank": np.arange(self.types), **more}
        columns = ["word", "count", f"count * 1e6 / {max(tokens, 1)} AS per_million", *more]
        sql = f"SELECT {', '.join(columns)} FROM {self._numbered()} JOIN given USING (rank) ORDER BY rank"
        self._db.run(f"COPY ({sql}) TO {text(path)} (FORMAT parquet)", given=given)

    def words(self) -> list[str]:
        """All words by rank, those too that are not counted."""
        found: list[str] = self._db.run(f"SELECT word FROM {text(self._path)}")["word"].tolist()
        return found

    def write_all(self, path: Path, more: Mapping[str, Any]) -> None:
        """word, count by rank, of those too that are not counted, then `more` columns by rank, (V,); Parquet."""
        columns = ", ".join(["word", "abs(count) AS count", *more])
        source, given = text(self._path), {"given": more} if more else {}
        source += " POSITIONAL JOIN given" if more else ""
        self._db.run(f"COPY (SELECT {columns} FROM {source}) TO {text(path)} (FORMAT parquet)", **given)

    def _numbered(self) -> str:
        source = f"read_parquet({text(self._path)}, file_row_number = true)"
        return f"(SELECT word, count, file_row_number AS rank FROM {source})"
