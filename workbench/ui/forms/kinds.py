"""What kind of editor a field gets, read off its annotation. Without Qt."""

from __future__ import annotations

import enum
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbench.params import (
    Array,
    Artifact,
    Begins,
    File,
    FileOrFolder,
    Folder,
    Offered,
    OneOf,
    Phased,
    kind_of,
    members_of,
)
from workbench.ui.forms.nested import plain

Name = Literal[
    "number", "integer", "switch", "text", "choice", "vector", "numbers", "file", "folder", "path", "artifact",
    "array", "json", "group", "variant", "list",
]  # fmt: skip
Marker = Array | Artifact | File | FileOrFolder | Folder


@dataclass(frozen=True)
class Bounds:
    """The limits of a number; an open end is one that the number may not reach."""

    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value lies inside."""
        low = self.low is None or value > self.low or (value == self.low and not self.open_low)
        return low and (self.high is None or value < self.high or (value == self.high and not self.open_high))

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            return ""
        low = "−∞" if self.low is None else f"{self.low:g}"
        high = "∞" if self.high is None else f"{self.high:g}"
        opening = "(" if self.open_low or self.low is None else "["
        return f"{opening}{low}, {high}{')' if self.open_high or self.high is None else ']'}"


@dataclass(frozen=True)
class Kind:
    """An editor's kind and what it needs to know.

    items: of a vector each component's kind, of numbers and lists the one of all elements. models: of a group its
    model (by ""), of a variant its members. least, most: how many elements. phased: of a list in phases, these. begins:
    what one begins with that is added to a list.
    """

    name: Name
    optional: bool = False
    bounds: Bounds = Bounds()
    log: bool = False
    options: tuple[Any, ...] = ()
    items: tuple[Kind, ...] = ()
    models: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    marker: Marker | None = None
    least: int = 0
    most: int | None = None
    phased: Phased | None = None
    begins: Begins | None = None

    def blank(self) -> Any:
        """A value to begin with where there is no default."""
        if self.begins is not None:
            return plain(self.begins.value)
        if self.name in ("number", "integer"):
            return self._blank_number()
        if self.name == "choice":
            return self.options[0]
        if self.name == "vector":
            return [each.blank() for each in self.items]
        if self.name in ("numbers", "list"):
            return [self.items[0].blank() for _ in range(self.least)]
        if self.name == "variant":
            return {"kind": next(iter(self.models))}
        blanks: dict[str, Any] = {"group": {}, "switch": False}
        return blanks.get(self.name, "" if self.name != "json" else None)

    def phase(self, element: Any) -> int:
        """The place of the phase that an element of a list is in; 0 for all where there are no phases."""
        member = element.get("kind", "") if isinstance(element, Mapping) else getattr(element, "kind", "")
        model = self.items[0].models.get(member) if self.phased else None
        return self.phased.rank(model) if self.phased and model else 0

    def _blank_number(self) -> Any:
        low, high = self.bounds.low, self.bounds.high
        middle = (low + high) / 2 if low is not None and high is not None else 0.0
        for value in (0, 1, low, high, middle, (low or 0) + 1, (high or 0) - 1):
            whole = self.name == "number" or float(value or 0).is_integer()
            if value is not None and whole and self.bounds.holds(value):
                return float(value) if self.name == "number" else int(value)
        return 0


def kind_of_field(info: FieldInfo) -> Kind:
    """The kind of a model's field."""
    kind = classify(info.annotation, info.metadata)
    log = bool(flags_of(info).get("log"))
    return replace(kind, log=log, items=tuple(replace(each, log=each.log or log) for each in kind.items))


def flags_of(info: FieldInfo) -> Mapping[str, Any]:
    """What `P` was told of a field: unit, advanced, live, …"""
    extra = info.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def classify(annotation: Any, metadata: Sequence[Any] = ()) -> Kind:
    """The kind of an annotated type."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return classify(inner, (*more, *metadata))
    marks = list(_flat(metadata))
    begins = next((each for each in marks if isinstance(each, Begins)), None)
    return replace(_classified(annotation, marks), begins=begins)


def _classified(annotation: Any, marks: Sequence[Any]) -> Kind:
    if any(isinstance(each, OneOf) for each in marks):
        return Kind("variant", models={kind_of(each): each for each in members_of(annotation)})
    if any(isinstance(each, Offered) for each in marks):
        return Kind("json")
    if get_origin(annotation) in (Union, types.UnionType):
        return _union(get_args(annotation), marks)
    marker = next((each for each in marks if isinstance(each, Marker)), None)
    return _marked(marker) if marker else _plain(annotation, marks)


def _flat(metadata: Sequence[Any]) -> Iterator[Any]:
    """The marks; those of a field declared inside `Annotated` too."""
    for each in metadata:
        yield from each.metadata if isinstance(each, FieldInfo) else (each,)


def _union(parts: tuple[Any, ...], marks: Sequence[Any]) -> Kind:
    rest = [each for each in parts if each is not types.NoneType]
    optional = len(rest) < len(parts)
    return replace(classify(rest[0], marks), optional=optional) if len(rest) == 1 else Kind("json", optional=optional)


def _marked(marker: Marker) -> Kind:
    names: dict[type, Name] = {Array: "array", Artifact: "artifact", File: "file", Folder: "folder"}
    return Kind(names.get(type(marker), "path"), marker=marker)


def _plain(annotation: Any, marks: Sequence[Any]) -> Kind:
    origin = get_origin(annotation)
    if origin is Literal:
        return Kind("choice", options=get_args(annotation))
    if origin in (tuple, list):
        return _sequence(get_args(annotation), origin is list, marks)
    if not isinstance(annotation, type) or origin is not None:
        return Kind("json")
    if issubclass(annotation, BaseModel):
        return Kind("group", models={"": annotation})
    if issubclass(annotation, enum.Enum):
        return Kind("choice", options=tuple(each.value for each in annotation))
    names: dict[type, Name] = {bool: "switch", int: "integer", float: "number", str: "text", Path: "text"}
    return Kind(names.get(annotation, "json"), bounds=_bounds(marks))


def _sequence(args: tuple[Any, ...], is_list: bool, marks: Sequence[Any]) -> Kind:
    if not is_list and not (len(args) == 2 and args[1] is Ellipsis):
        items = tuple(classify(each) for each in args)
        simple = all(each.name in ("number", "integer") and not each.optional for each in items)
        return Kind("vector" if simple and items else "json", items=items)
    item = classify(args[0])
    name: Name = "numbers" if item.name in ("number", "integer") and not item.optional else "list"
    least = [each.min_length for each in marks if hasattr(each, "min_length")]
    most = [each.max_length for each in marks if hasattr(each, "max_length")]
    phased = next((each for each in marks if isinstance(each, Phased)), None)
    return Kind(name, items=(item,), least=max(least, default=0), most=min(most, default=None), phased=phased)


def _bounds(marks: Sequence[Any]) -> Bounds:
    found = {name: getattr(each, name) for each in marks for name in ("gt", "ge", "lt", "le") if hasattr(each, name)}
    given = {name: value for name, value in found.items() if isinstance(value, int | float)}
    return Bounds(
        given.get("gt", given.get("ge")), given.get("lt", given.get("le")), "gt" in given, "lt" in given
    )  # fmt: skip
