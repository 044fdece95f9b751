"""Nested values, addressed by dotted paths. Without Qt."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

Values = dict[str, Any]


class Unset:
    """The value of a field that nobody set."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


def plain(value: Any) -> Any:
    """A copy out of dicts, lists and simple values, as JSON has them; arrays stay what they are."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, enum.Enum):
        return value.value
    return str(value) if isinstance(value, PurePath) else value


def get(values: Any, path: str) -> Any:
    """The value at a path, UNSET where there is none."""
    for name in path.split(".") if path else ():
        if isinstance(values, dict) and name in values:
            values = values[name]
        elif isinstance(values, list) and name.isdigit() and int(name) < len(values):
            values = values[int(name)]
        else:
            return UNSET
    return values


def put(values: Values, path: str, value: Any, start: Callable[[str], Any]) -> None:
    """Puts a value at a path; `start(path)` makes a container that is not there yet."""
    inside: Any = values
    names = path.split(".")
    for depth, name in enumerate(names[:-1], 1):
        inner = get(inside, name)
        if not isinstance(inner, dict | list):
            inner = start(".".join(names[:depth]))
            _set(inside, name, inner)
        inside = inner
    _set(inside, names[-1], value)


def _set(inside: Any, name: str, value: Any) -> None:
    if isinstance(inside, list):
        inside[int(name)] = value
    else:
        inside[name] = value


def remove(values: Values, path: str) -> None:
    """Takes a value away; out of a list nothing is taken, there the list's own name goes."""
    holder, _, name = path.rpartition(".")
    inside = get(values, holder)
    if isinstance(inside, dict):
        inside.pop(name, None)
    elif isinstance(inside, list):
        remove(values, holder)


def leaves(values: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every (path, value) that is no group: lists and empty groups are values."""
    if not isinstance(values, dict) or not values:
        return [(path, values)] if path else []
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        found += leaves(value, f"{path}.{name}" if path else name)
    return found
