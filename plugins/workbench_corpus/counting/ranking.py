"""All words of a count in their final order, whatever their number: merged, sorted and joined in DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .database import Database, text
from .parts import Ids, Ints


class Ranking:
    """The words of `files` (see `Vocabulary`) by count, then code point; the r-th of them, from 0, has rank r."""

    def __init__(self, db: Database, files: Sequence[Path], folder: Path) -> None:
        self._db, self._files, self._path = db, list(files), folder / "ranks.parquet"
        parts = ", ".join(map(text, self._files))
        db.run(
            f"COPY (SELECT word, sum(n)::BIGINT AS count, sum(documents)::BIGINT AS documents FROM "
            f"read_parquet([{parts}]) GROUP BY word HAVING sum(n) > 0 ORDER BY count DESC, word) "
            f"TO {text(self._path)} (FORMAT parquet)"
        )

    def column(self, name: str) -> Ints:
        """count or documents by rank; (V,)."""
        sql = f"SELECT {name} FROM {text(self._path)}"
        return np.asarray(self._db.run(sql)[name], np.int64)

    def words(self, ranks: Sequence[int]) -> list[str]:
        """The words of these ranks."""
        chosen = {"at": np.arange(len(ranks)), "rank": np.asarray(ranks, np.int64)}
        sql = f"SELECT word FROM {self._numbered()} JOIN chosen USING (rank) ORDER BY at"
        return list(self._db.run(sql, chosen=chosen)["word"])

    def ranks(self, generation: int) -> Ids:
        """Number of a word in its generation -> rank."""
        sql = f"SELECT rank::INTEGER AS rank FROM {text(self._files[generation])} JOIN {self._numbered()} USING (word)"
        return np.asarray(self._db.run(f"{sql} ORDER BY id")["rank"], np.int32)

    def write(self, path: Path, tokens: int, more: Mapping[str, Any], documents: bool = False) -> None:
        """The table: word, count, per_million, documents, then `more` columns by rank, (V,) each; Parquet."""
        given = {"rank": np.arange(len(next(iter(more.values())))), **more} if more else {}
        columns = ["word", "count", f"count * 1e6 / {max(tokens, 1)} AS per_million"]
        columns += [*(["documents"] if documents else []), *more]
        joined = f"{self._numbered()} JOIN given USING (rank)" if more else self._numbered()
        sql = f"COPY (SELECT {', '.join(columns)} FROM {joined} ORDER BY rank) TO {text(path)} (FORMAT parquet)"
        self._db.run(sql, **({"given": given} if more else {}))

    def write_words(self, path: Path) -> None:
        """The words alone, by rank; Parquet."""
        self._db.run(f"COPY (SELECT word FROM {self._numbered()} ORDER BY rank) TO {text(path)} (FORMAT parquet)")

    def _numbered(self) -> str:
        source = f"read_parquet({text(self._path)}, file_row_number = true)"
        return f"(SELECT * EXCLUDE (file_row_number), file_row_number AS rank FROM {source})"
