"""Finding runs by what is typed: words, `tag:x`, `is:starred`, `head.stages=3`, `loss<0.1`, `-x` for what is not.

A word is looked for everywhere: in id, name, tool, group, preset, parameters, tags, note. Quotes keep spaces. A
parameter or metric may be named by its last part, in runs where none has the whole name. `=` compares numbers as
numbers; `*` in a text stands for anything.
"""

from __future__ import annotations

import json
import operator
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from operator import attrgetter
from typing import Any

from workbench.runs.compare import flat
from workbench.runs.index import Row

PARAM, METRIC = "param:", "metric:"
Test = Callable[["Entry"], bool]
Names = tuple[str, ...]
_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_COMPARED = re.compile(r"([^\s<>=!:\"]+)(<=|>=|!=|=|<|>)(.*)", re.DOTALL)
_ORDER = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
_SAID = ("title", "star", "note")
_OWN = frozenset({"id", "tool", "state", "group", "preset", "seconds", "day", "title", "note"})
"""What a run says of itself by these names, unless a parameter is meant by a longer path."""


@dataclass(frozen=True)
class Entry:
    """A run, prepared for searching and sorting.

    params: by dotted path; texts: the same as JSON; words: all that a word may be found in, in lower case. paths,
    metrics: the names of its parameters and metrics; runs that were made alike share one tuple.
    """

    row: Row
    params: Mapping[str, Any]
    texts: Mapping[str, str]
    words: str
    day: str
    paths: tuple[str, ...]
    metrics: tuple[str, ...]


def entry(row: Row) -> Entry:
    """A run, prepared."""
    params = flat(row.params)
    texts = {path: _json(each) for path, each in params.items()}
    said = [f"{path}={text.strip(chr(34))}" for path, text in texts.items()]
    labels = row.labels
    words = " ".join([row.id, labels.title, row.tool, row.group, row.preset, *labels.tags, labels.note, *said])
    day = time.strftime("%Y-%m-%d", time.localtime(row.created))
    return Entry(row, params, texts, words.lower(), day, _shared(tuple(params)), _shared(tuple(row.last)))


@lru_cache
def getter(column: str) -> Callable[[Entry], Any]:
    """Gives what a run has under a name: `param:PATH`, `metric:NAME`, or one of its own; None where it has nothing."""
    if column.startswith(PARAM):
        path = column[len(PARAM) :]
        return lambda entry: entry.params.get(path)
    if column.startswith(METRIC):
        name = column[len(METRIC) :]
        return lambda entry: entry.row.last.get(name)
    if column == "tags":
        return lambda entry: ", ".join(entry.row.labels.tags)
    return attrgetter(column if column == "day" else f"row.{'labels.' if column in _SAID else ''}{column}")


def value(entry: Entry, column: str) -> Any:
    """What a run has under a name."""
    return getter(column)(entry)


def search(query: str) -> Test:
    """Whether a run is what the query asks for: everything in it must fit."""
    tests = [_negated(token[1:]) if len(token) > 1 and token[0] == "-" else _test(token) for token in _tokens(query)]
    return lambda entry: all(test(entry) for test in tests)


def _tokens(query: str) -> list[str]:
    return _TOKEN.findall(query.replace("：", ":"))


def _negated(token: str) -> Test:
    test = _test(token)
    return lambda entry: not test(entry)


def _test(token: str) -> Test:
    """What one token asks for."""
    key, colon, rest = token.partition(":")
    if colon and key.lower() in _KEYS:
        return _KEYS[key.lower()](_bare(rest))
    compared = _COMPARED.fullmatch(token)
    if compared is not None:
        name, sign, text = compared.groups()
        return _Comparison(name.lower(), sign, _bare(text))
    word = _bare(token).lower()
    return lambda entry: word in entry.words


def _bare(text: str) -> str:
    return text.replace('"', "")


def _tagged(text: str) -> Test:
    wanted = text.casefold() or "*"
    return lambda entry: any(_alike(tag.casefold(), wanted) for tag in entry.row.labels.tags)


def _is(text: str) -> Test:
    match text.lower():
        case "starred" | "star":
            return lambda entry: entry.row.labels.star
        case "tagged":
            return lambda entry: bool(entry.row.labels.tags)
        case "noted":
            return lambda entry: bool(entry.row.labels.note)
        case state:
            return lambda entry: entry.row.state.startswith(state)


def _own(column: str) -> Callable[[str], Test]:
    """Inside a text of the run's own."""

    def inside(text: str) -> Test:
        wanted = text.lower()
        return lambda entry: wanted in str(value(entry, column)).lower()

    return inside


_KEYS: dict[str, Callable[[str], Test]] = {
    "tag": _tagged, "is": _is, **{each: _own(each) for each in _OWN - {"seconds"}},
}  # fmt: skip


@dataclass
class _Comparison:
    """`name sign text`, for every parameter, metric and fact of that name; for `!=`: none of them is it."""

    name: str
    sign: str
    text: str
    _meaning: dict[tuple[Names, Names], tuple[Names, Names]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._number = _number(self.text)
        self._plain = _plain(self.text)

    def __call__(self, entry: Entry) -> bool:
        found = self._found(entry)
        if self.sign == "!=":
            return bool(found) and not any(map(self._equal, found))
        return any(map(self._equal if self.sign == "=" else self._ordered, found))

    def _found(self, entry: Entry) -> list[Any]:
        own = [value(entry, self.name)] if self.name in _OWN else []
        paths, metrics = self._meant(entry.paths, entry.metrics)
        return own + [entry.params[each] for each in paths] + [entry.row.last[each] for each in metrics]

    def _meant(self, paths: Names, metrics: Names) -> tuple[Names, Names]:
        """The parameters and metrics of that very name; where there are none, those that end in it."""
        if (paths, metrics) not in self._meaning:
            whole = _those(paths, self._is_whole), _those(metrics, self._is_whole)
            ending = _those(paths, self._is_end), _those(metrics, self._is_end)
            self._meaning[paths, metrics] = whole if any(whole) or self.name in _OWN else ending
        return self._meaning[paths, metrics]

    def _is_whole(self, names: Names) -> bool:
        return self.name in names

    def _is_end(self, names: Names) -> bool:
        return any(each.endswith((f".{self.name}", f"/{self.name}")) for each in names)

    def _equal(self, found: Any) -> bool:
        if not self.text:
            return found not in (None, "")
        if self._number is not None and type(found) in (int, float):
            return bool(found == self._number or (found != found and self._number != self._number))  # noqa: PLR0124
        text = found if isinstance(found, str) else _json(found)
        return _alike(_plain(text), self._plain)

    def _ordered(self, found: Any) -> bool:
        if not self.text:
            return True
        if self._number is not None and type(found) in (int, float):
            return bool(_ORDER[self.sign](found, self._number))
        return isinstance(found, str) and self._number is None and bool(_ORDER[self.sign](_plain(found), self._plain))


def _those(names: Names, fit: Callable[[Names], bool]) -> Names:
    """Those of whose ways of writing one fits: a variant is named by what it is, too."""
    return tuple(each for each in names if fit((each.lower(), each.lower().removesuffix(".kind"))))


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _json(found: Any) -> str:
    return str(found) if type(found) is int else _encode(found)


_shapes: dict[tuple[str, ...], tuple[str, ...]] = {}


def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    return _shapes.setdefault(names, names)


def _plain(text: str) -> str:
    """What two ways of writing one value have in common."""
    return text.lower().replace(" ", "").replace('"', "")


def _alike(text: str, pattern: str) -> bool:
    literal = pattern.replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase(text, literal) if "*" in pattern else text == pattern


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
