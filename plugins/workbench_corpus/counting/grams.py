"""N words in a row, counted out of the index of tokens by DuckDB, which spills what does not fit into memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..artifacts import WORDS, TokenIndex
from .database import Database, text

_TOGETHER = 1 << 20


class Grams:
    """Counts n words in a row inside documents; marks and what is not counted part them."""

    def __init__(self, db: Database, index: TokenIndex, folder: Path, n: int) -> None:
        self._db, self._index, self._n = db, index, n
        self._words = f"read_parquet({text(folder / WORDS)}, file_row_number = true)"
        self._columns = [f"w{each}" for each in range(n)]
        self._apart = ~np.fromiter(map(index.says, range(len(index.words))), bool)
        self._apart[index.types :] = True

    def write(self, path: Path, least: int) -> int:
        """The table ngram, count (at least `least`), by count, then code point; Parquet. How many there are."""
        db, names = self._db, ", ".join(self._columns)
        db.run(f"CREATE OR REPLACE TABLE grams ({', '.join(f'{each} INTEGER' for each in self._columns)}, n BIGINT)")
        for at in range(0, len(self._index.ids), _TOGETHER):
            given = self._rows(at, min(at + _TOGETHER, len(self._index.ids)))
            db.run(f"INSERT INTO grams SELECT {names}, count(*) FROM given GROUP BY ALL", given=given)
        merged = f"SELECT {names}, sum(n)::BIGINT AS n FROM grams GROUP BY {names} HAVING sum(n) >= {least}"
        joins = " ".join(f"JOIN {self._words} t{k} ON t{k}.file_row_number = w{k}" for k in range(self._n))
        gram = "concat_ws(' ', " + ", ".join(f"t{k}.word" for k in range(self._n)) + ")"
        sql = f"SELECT {gram} AS ngram, n AS count FROM ({merged}) {joins} ORDER BY count DESC, ngram"
        db.run(f"COPY ({sql}) TO {text(path)} (FORMAT parquet)")
        db.run("DROP TABLE grams")
        return int(db.run(f"SELECT count(*) AS n FROM {text(path)}")["n"][0])

    def _rows(self, first: int, last: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int32]]]:
        """The n-grams that begin at the tokens first … last - 1."""
        n, ids, starts = self._n, self._index.ids, self._index.starts
        window = np.array(ids[first : last + n - 1])
        begins = max(len(window) - n + 1, 0)
        good = np.ones(begins, bool)
        signs = self._apart[window]
        for k in range(n):
            good &= ~signs[k : k + begins]
        inside = starts[np.searchsorted(starts, first, "right") : np.searchsorted(starts, first + len(window), "left")]
        for k in range(1, n):
            borders = inside - first - k  # grams that begin k tokens before a document do
            good[borders[(borders >= 0) & (borders < begins)]] = False
        return {name: window[k : k + begins][good] for k, name in enumerate(self._columns)}
