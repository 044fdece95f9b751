"""How often something occurs in each file, folder, year: counts by group of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..artifacts import Ids, Ints, TokenIndex

MILLION = 1_000_000


@dataclass(frozen=True)
class Grouping:
    """Documents in groups. names (G), sorted; of (D): the group of each document; tokens (G): each group's length."""

    names: list[str]
    of: Ids
    tokens: Ints

    def counts(self, index: TokenIndex, starts: Ints) -> Ints:
        """How many of the places `starts` lie in each group; (G,)."""
        return np.bincount(self.of[index.documents_of(starts)], minlength=len(self.names))


def grouping(index: TokenIndex, by: str, first: int = 0) -> Grouping:
    """Documents by file, folder or a column; of names only the first so many characters, if not 0."""
    names, of = index.groups(by)
    if first:
        shorter, again = np.unique(np.array([name[:first] for name in names], object), return_inverse=True)
        names, of = shorter.tolist(), again[of].astype(np.int32)
    tokens = np.bincount(of, np.diff(index.starts), len(names)).astype(np.int64)
    return Grouping(names, of, tokens)


def rows(groups: Grouping, counts: Ints) -> list[dict[str, Any]]:
    """A row for each group that has any, the largest count first."""
    order = np.argsort(-counts, kind="stable")
    return [
        {"group": groups.names[k], "count": int(counts[k]), "tokens": int(groups.tokens[k])}
        | {"per million": round(float(counts[k] / groups.tokens[k]) * MILLION, 2)}
        for k in order[: np.count_nonzero(counts)]
    ]


def drawn(groups: Grouping, counts: Ints, most: int) -> tuple[list[str], list[float]]:
    """Names and occurrences per million tokens of the `most` groups with the highest counts, in the order of names."""
    chosen = np.sort(np.argsort(-counts, kind="stable")[: min(most, np.count_nonzero(counts))])
    return [groups.names[k] for k in chosen], [float(counts[k] / groups.tokens[k]) * MILLION for k in chosen]
