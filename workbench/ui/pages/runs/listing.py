"""The list of runs, filtered, sorted and grouped. Without Qt: everything here is done in a lane."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from operator import itemgetter
from typing import Any

from workbench.runs import labels
from workbench.runs.index import Index, Row
from workbench.runs.labels import Labels
from workbench.runs.search import METRIC, PARAM, Entry, entry, getter, search, value
from workbench.runs.workspace import Workspace

FIXED = ("star", "id", "tool", "state", "created", "seconds")
OPTIONAL = ("tags", "note", "group", "preset", "day")
"""Columns of the run's own that are shown where they were chosen; tags as soon as there are any."""
_NUMBERS = re.compile(r"(?<!\d)(?<!\d\.)(\d{1,18})")
"""In a text; digits after a decimal point stand in order as letters do."""
_PARAMS, _METRICS = 6, 4
"""Columns that are shown of parameters and metrics where none were chosen."""


@dataclass(frozen=True)
class Heading:
    """A line over the runs that have one value in a column in common."""

    column: str
    key: str
    count: int
    folded: bool


Line = Entry | Heading


@dataclass(frozen=True)
class Query:
    """What is asked for. by: the column by which runs are grouped; columns: besides the fixed ones, None: choose."""

    contains: str = ""
    tool: str = ""
    group: str = ""
    state: str = ""
    sort: str = "created"
    descending: bool = True
    by: str = ""
    folded: frozenset[str] = frozenset()
    columns: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """What is remembered of it: all but what was typed and what is folded."""
        return {name: each for name, each in asdict(self).items() if name not in ("contains", "folded")}

    @classmethod
    def from_json(cls, found: Any) -> Query:
        """The reverse; what makes no sense is as at first."""
        plain, made = cls(), found if isinstance(found, dict) else {}
        names = {each.name for each in fields(cls)} - {"contains", "folded", "columns"}
        kept = {each: made[each] for each in names if type(made.get(each)) is type(getattr(plain, each))}
        columns = made.get("columns")
        chosen = tuple(map(str, columns)) if isinstance(columns, list | tuple) else None
        return replace(plain, **kept, columns=chosen)


@dataclass(frozen=True)
class Stock:
    """What all runs of a workspace offer to choose from."""

    offered: Sequence[str] = OPTIONAL
    tools: Sequence[str] = ()
    groups: Sequence[str] = ()
    states: Sequence[str] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """The lines that are shown, and their columns. found: the runs that fit, of `total`."""

    lines: Sequence[Line] = ()
    columns: Sequence[str] = FIXED
    stock: Stock = Stock()
    found: int = 0
    total: int = 0
    grouped: bool = False


class Listing:
    """The runs of a workspace. One thread at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.entries: list[Entry] = []
        self.stock = Stock()
        self._telling: dict[tuple[str, str, str], list[str]] = {}

    def put(self, entries: list[Entry]) -> None:
        """Lists these runs."""
        self.entries = entries
        self._telling.clear()
        rows = [each.row for each in entries]
        self.stock = Stock(
            offered=_offered(entries),
            tools=_values(row.tool for row in rows),
            groups=_values(row.group for row in rows),
            states=_values(row.state for row in rows),
            tags=_values(tag for row in rows for tag in row.labels.tags),
        )

    def refresh(self) -> None:
        """Reads what has changed in the workspace."""
        index = Index(self.workspace)
        try:
            index.refresh()
            rows = index.list_runs()
        finally:
            index.close()
        known = {each.row.id: each for each in self.entries}
        self.put([_entry(row, known.get(row.id)) for row in rows])

    def label(self, names: Sequence[str], how: Callable[[Labels], Labels]) -> None:
        """Changes what is said of runs, on the disk and here. Raises UserError at the first that cannot be changed."""
        said = {name: labels.change(self.workspace.runs / name, how) for name in names}
        rows = [each.row for each in self.entries]
        changed = {row.id: entry(replace(row, labels=said[row.id])) for row in rows if row.id in said}
        self.put([changed.get(each.row.id, each) for each in self.entries])

    def users(self, names: Sequence[str]) -> list[str]:
        """The runs, besides these, that refer to one of them."""
        wanted = set(names)
        rows = [each.row for each in self.entries]
        return [row.id for row in rows if row.id not in wanted and any(link.run in wanted for link in row.links)]

    def _columns(self, among: Sequence[Entry], query: Query) -> Sequence[str]:
        """Those that were chosen, else what is telling among the runs that the filters leave: a search that is being
        typed moves no column."""
        if query.columns is not None:
            there = set(self.stock.offered)
            return [each for each in query.columns if each in there]
        key = query.tool, query.group, query.state
        if key not in self._telling:
            self._telling[key] = _telling(among)
        return self._telling[key]

    def answer(self, query: Query) -> Answer:
        """The runs that fit, as they are to be shown."""
        among, fits = [each for each in self.entries if _chosen(each.row, query)], search(query.contains)
        found = _sorted([each for each in among if fits(each)], query)
        return Answer(
            lines=_grouped(found, query) if query.by else found,
            columns=[*FIXED, *self._columns(among, query)],
            stock=self.stock,
            found=len(found),
            total=len(self.entries),
            grouped=bool(query.by),
        )


def key_of(entry: Entry, column: str) -> str:
    """The value as a heading says it."""
    found = value(entry, column)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _entry(row: Row, before: Entry | None) -> Entry:
    return before if before is not None and before.row == row else entry(row)


def _chosen(row: Row, query: Query) -> bool:
    return query.tool in ("", row.tool) and query.group in ("", row.group) and query.state in ("", row.state)


def _sorted(entries: list[Entry], query: Query) -> list[Entry]:
    """What has no value stands last, either way."""
    get = _name if query.sort == "id" else getter(query.sort)
    keyed = [(_order(get(each)), each) for each in entries]
    keyed.sort(key=itemgetter(0), reverse=query.descending)
    keyed.sort(key=lambda pair: pair[0][0])
    return [each for _, each in keyed]


def _name(entry: Entry) -> str:
    """What the list calls a run."""
    return entry.row.labels.title or entry.row.id


def _order(found: Any) -> tuple[int, Any]:
    """Numbers by size, then texts, then what is not there; lists as texts."""
    if found is None or found == "":
        return 3, 0
    if isinstance(found, int | float):
        return (0, found) if found == found else (2, 0)  # noqa: PLR0124 - not a number
    return 1, _natural(found if isinstance(found, str) else json.dumps(found, sort_keys=True))


def _natural(text: str) -> list[Any]:
    """What stands between its numbers and, at every second place, a number: run 9 comes before run 10."""
    parts: list[Any] = _NUMBERS.split(text.casefold())
    parts[1::2] = map(int, parts[1::2])
    return parts


def _offered(entries: Sequence[Entry]) -> list[str]:
    """Every column that could be shown: the runs' own, all parameters, all metrics."""
    params = dict.fromkeys(path for paths in dict.fromkeys(each.paths for each in entries) for path in paths)
    return [*OPTIONAL, *(PARAM + each for each in params), *(METRIC + each for each in _metrics(entries))]


def _metrics(entries: Sequence[Entry]) -> dict[str, None]:
    return dict.fromkeys(name for names in dict.fromkeys(each.metrics for each in entries) for name in names)


def _telling(found: Sequence[Entry]) -> list[str]:
    """Tags where there are any, parameters that differ (not the version of their form), metrics."""
    tags = ["tags"] if any(each.row.labels.tags for each in found) else []
    metrics = [METRIC + each for each in _metrics(found) if not each.startswith("time/")]
    params = [PARAM + each for each in _differing(found) if each != "version"]
    return tags + params[:_PARAMS] + metrics[:_METRICS]


def _differing(found: Sequence[Entry]) -> list[str]:
    """The parameters that are not the same in all these runs."""
    alike: dict[tuple[str, ...], list[Entry]] = {}
    for each in found:
        alike.setdefault(each.paths, []).append(each)
    seen: dict[str, set[str | None]] = {path: set() for paths in alike for path in paths}
    for paths, entries in alike.items():
        for path, texts in zip(paths, zip(*(each.texts.values() for each in entries), strict=True), strict=True):
            seen[path].update(texts)
        for path in seen.keys() - set(paths):
            seen[path].add(None)
    return [path for path, texts in seen.items() if len(texts) > 1]


def _grouped(found: Sequence[Entry], query: Query) -> list[Line]:
    groups: dict[str, list[Entry]] = {}
    for each in found:
        groups.setdefault(key_of(each, query.by), []).append(each)
    lines: list[Line] = []
    for key, entries in groups.items():
        folded = key in query.folded
        lines += [Heading(query.by, key, len(entries), folded), *([] if folded else entries)]
    return lines


def _values(found: Iterable[str]) -> list[str]:
    return sorted({each for each in found if each})
