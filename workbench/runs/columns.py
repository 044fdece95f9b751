"""Python values on their way into a column store: the type of a column, its array, and a mask of what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from workbench.events import Array

TYPES = {"integer": "BIGINT", "real": "DOUBLE", "boolean": "BOOLEAN", "text": "VARCHAR"}
_DTYPES: dict[str, Any] = {"integer": np.int64, "real": np.float64, "boolean": np.bool_, "text": object}
_ZERO: dict[str, Any] = {"integer": 0, "real": 0.0, "boolean": False, "text": ""}
_KINDS = {int: "integer", float: "real", bool: "boolean", str: "text"}
_LARGEST = 2**63


def kind_of(values: Iterable[Any], before: str = "") -> str:
    """integer, real, boolean or text: what holds all of them, and those that were there `before` ("": nothing yet)."""
    found = {_KINDS.get(each, "text") for each in set(map(type, values)) - {type(None)}} | ({before} - {""})
    if len(found) == 1:
        return found.pop()
    return "real" if found == {"integer", "real"} else "text" if found else ""


def arrays(kind: str, values: Sequence[Any]) -> tuple[Array, Array]:
    """The values as one array, and where one is missing (None, not a number)."""
    if kind == "text" and set(map(type, values)) - {str, type(None)}:
        values = [None if each is None else as_text(each) for each in values]
    missing = np.zeros(len(values), np.bool_)
    if None in values:
        missing = np.array([each is None for each in values])
        values = [_ZERO[kind] if each is None else each for each in values]
    made = np.array(values, _DTYPES[kind])
    return made, missing | np.isnan(made) if kind == "real" else missing


def as_text(value: Any) -> str:
    """A value of a column that holds several types."""
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, str) else unicode(json.dumps(value, ensure_ascii=False))


def turned(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[list[Any]]:
    """Rows as columns; what a row lacks is None; half a surrogate becomes a mark, a huge number text."""
    return [[_whole(row.get(name)) for row in rows] for name in names]


def unicode(text: str) -> str:
    """`text` as a column store takes it: half a surrogate becomes a mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return unicode(value)
    return str(value) if type(value) is int and not -_LARGEST <= value < _LARGEST else value
