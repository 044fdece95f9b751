"""The list of runs, filtered, sorted and grouped. Without Qt: everything here is done in a lane."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.runs.compare import flat
from workbench.runs.index import Index, Row
from workbench.runs.workspace import Workspace

FIXED = ("id", "tool", "state", "created", "seconds")
PARAM, METRIC = "param:", "metric:"
_PARAMS, _METRICS = 6, 4
"""Columns that are shown of parameters and metrics where none were chosen."""


@dataclass(frozen=True)
class Entry:
    """A run, prepared for searching and sorting. params: by dotted path; texts: the same as JSON."""

    row: Row
    params: Mapping[str, Any]
    texts: Mapping[str, str]
    words: str


@dataclass(frozen=True)
class Heading:
    """A line over the runs that have one value in common."""

    key: str
    count: int
    folded: bool


Line = Entry | Heading


@dataclass(frozen=True)
class Query:
    """What is asked for. by: the column by which runs are grouped; columns: of parameters and metrics, None: choose."""

    contains: str = ""
    tool: str = ""
    group: str = ""
    state: str = ""
    sort: str = "created"
    descending: bool = True
    by: str = ""
    folded: frozenset[str] = frozenset()
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Answer:
    """What there is: the lines, the columns that are shown and those that could be, what can be filtered by."""

    lines: Sequence[Line] = ()
    columns: Sequence[str] = FIXED
    offered: Sequence[str] = ()
    tools: Sequence[str] = ()
    groups: Sequence[str] = ()
    states: Sequence[str] = ()
    found: int = 0
    total: int = 0


@dataclass
class Listing:
    """The runs of a workspace. One thread at a time."""

    workspace: Workspace
    entries: list[Entry] = field(default_factory=list)

    def refresh(self) -> None:
        """Reads what has changed in the workspace."""
        index = Index(self.workspace)
        try:
            index.refresh()
            rows = index.list_runs()
        finally:
            index.close()
        known = {each.row.id: each for each in self.entries}
        self.entries = [_entry(row, known.get(row.id)) for row in rows]

    def answer(self, query: Query) -> Answer:
        """The runs that fit, as they are to be shown."""
        found = [each for each in self.entries if _fits(each, query)]
        found.sort(key=lambda each: _order(value(each, query.sort)), reverse=query.descending)
        found.sort(key=lambda each: _order(value(each, query.sort))[0])  # what has no value stands last
        offered = _offered(found)
        rows = [each.row for each in self.entries]
        return Answer(
            lines=_grouped(found, query) if query.by else found,
            columns=[*FIXED, *_columns(offered, query.columns)],
            offered=offered,
            tools=_values(row.tool for row in rows),
            groups=_values(row.group for row in rows),
            states=_values(row.state for row in rows),
            found=len(found),
            total=len(rows),
        )


def value(entry: Entry, column: str) -> Any:
    """What stands in a column; None where the run has nothing there."""
    if column.startswith(PARAM):
        return entry.params.get(column.removeprefix(PARAM))
    if column.startswith(METRIC):
        return entry.row.last.get(column.removeprefix(METRIC))
    return getattr(entry.row, column)


def key_of(entry: Entry, column: str) -> str:
    """The value as a heading says it."""
    found = value(entry, column)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _entry(row: Row, before: Entry | None) -> Entry:
    if before is not None and before.row == row:
        return before
    params = flat(row.params)
    texts = {path: json.dumps(each, ensure_ascii=False, sort_keys=True) for path, each in params.items()}
    said = (f"{path}={text.strip(chr(34))}" for path, text in texts.items())
    return Entry(row, params, texts, " ".join([row.id, row.tool, row.group, row.preset, *said]).lower())


def _fits(entry: Entry, query: Query) -> bool:
    row = entry.row
    wanted = ((query.tool, row.tool), (query.group, row.group), (query.state, row.state))
    if any(asked and asked != has for asked, has in wanted):
        return False
    return all(word in entry.words for word in query.contains.lower().split())


def _order(found: Any) -> tuple[int, Any]:
    """Numbers by size, then texts, then what is not there; lists as texts."""
    if found is None or found == "":
        return 3, 0
    if isinstance(found, int | float):
        return (0, found) if found == found else (2, 0)  # noqa: PLR0124 - not a number
    return 1, found if isinstance(found, str) else json.dumps(found, sort_keys=True)


def _offered(found: Sequence[Entry]) -> list[str]:
    """The parameters that differ among these runs, then all their metrics."""
    seen: dict[str, set[str]] = {}
    metrics: dict[str, None] = {}
    for entry in found:
        for path, text in entry.texts.items():
            seen.setdefault(path, set()).add(text)
        metrics |= dict.fromkeys(entry.row.last)
    missing = {path for entry in found for path in seen.keys() - entry.texts.keys()} if len(seen) < 200 else set()
    differ = [path for path, texts in seen.items() if len(texts) > 1 or path in missing]
    return [*(PARAM + each for each in differ), *(METRIC + each for each in metrics if not each.startswith("time/"))]


def _columns(offered: Sequence[str], chosen: Sequence[str] | None) -> list[str]:
    if chosen is not None:
        return [each for each in chosen if each in offered]
    params = [each for each in offered if each.startswith(PARAM)]
    return params[:_PARAMS] + [each for each in offered if each.startswith(METRIC)][:_METRICS]


def _grouped(found: Sequence[Entry], query: Query) -> list[Line]:
    groups: dict[str, list[Entry]] = {}
    for entry in found:
        groups.setdefault(key_of(entry, query.by), []).append(entry)
    lines: list[Line] = []
    for key, entries in groups.items():
        folded = key in query.folded
        lines += [Heading(key, len(entries), folded), *([] if folded else entries)]
    return lines


def _values(found: Iterable[str]) -> list[str]:
    return sorted({each for each in found if each})
