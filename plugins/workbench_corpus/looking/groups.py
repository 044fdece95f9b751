"""How often something occurs in each file, folder, year: counts by group of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..artifacts import Ids, Ints, TokenIndex
from .find import Hits

MILLION = 1_000_000


@dataclass(frozen=True)
class Grouping:
    """Documents in groups. names (G), sorted; of (D): the group of each document; tokens (G): those that are counted of
    each group."""

    names: list[str]
    of: Ids
    tokens: Ints

    def counts(self, index: TokenIndex, hits: Hits) -> Ints:
        """How many occurrences of each of the K texts lie in each group; (K, G)."""
        of = [self.of[index.documents_of(hits.of_text(k))] for k in range(len(hits.texts))]
        shape = len(hits.texts), len(self.names)
        return np.array([np.bincount(each, minlength=shape[1]) for each in of], np.int64).reshape(shape)


def grouping(index: TokenIndex, by: str, first: int = 0) -> Grouping:
    """Documents by file, folder or a column; of names only the first so many characters, if not 0."""
    names, of = index.groups(by)
    if first:
        shorter, again = np.unique(np.array([name[:first] for name in names], object), return_inverse=True)
        names, of = shorter.tolist(), again[of].astype(np.int32)
    tokens = np.bincount(of, index.lengths, len(names)).astype(np.int64)
    return Grouping(names, of, tokens)


def rows(groups: Grouping, counts: Ints, texts: Sequence[str]) -> list[dict[str, Any]]:
    """A row for each group that has any, the largest first; counts (K, G) of K texts."""
    total = counts.sum(0)
    million = per_million(total, groups)
    order = np.argsort(-total, kind="stable")[: np.count_nonzero(total)]
    return [
        {"group": groups.names[k], "count": int(total[k]), "tokens": int(groups.tokens[k])}
        | {"per million": round(float(million[k]), 2)}
        | ({f"“{text}”": int(n) for text, n in zip(texts, counts[:, k], strict=True)} if len(texts) > 1 else {})
        for k in order
    ]


def drawn(groups: Grouping, counts: Ints, most: int) -> tuple[list[str], NDArray[np.float64]]:
    """Names of the `most` groups with the highest counts, in their order, and occurrences of each text per million
    tokens; (K, names)."""
    total = counts.sum(0)
    chosen = np.sort(np.argsort(-total, kind="stable")[: min(most, np.count_nonzero(total))])
    return [groups.names[k] for k in chosen], per_million(counts, groups)[:, chosen]


def per_million(counts: Ints, groups: Grouping) -> NDArray[np.float64]:
    """Occurrences (…, G) by each group's words; what is found may itself be left out, where nothing else is."""
    million: NDArray[np.float64] = counts / np.maximum(groups.tokens, 1) * MILLION
    return million
