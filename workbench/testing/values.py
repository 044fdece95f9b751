"""Values for parameters, made up by hypothesis from the declared fields, and how the command line writes them."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbench import fields
from workbench.params import Array, Artifact, File, FileOrFolder, Folder

Made = st.SearchStrategy[Any]
_OUTSIDE = (Array, Artifact, File, FileOrFolder, Folder)
"""Marks of fields whose values lie outside the parameters: in files and in runs."""
_OWN = frozenset({"version", "kind"})
_CHARACTERS = st.characters(codec="utf-8")
_LARGEST = 1e6


def values_of(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields of `model`, with values within their bounds; the rest keep their defaults."""
    made = {name: _field(info) for name, info in model.model_fields.items() if name not in _OWN}
    return st.fixed_dictionaries({}, optional={name: each for name, each in made.items() if each is not None})


def _field(info: FieldInfo) -> Made | None:
    return _of(info.annotation, info.metadata)


def _of(annotation: Any, metadata: Sequence[Any]) -> Made | None:
    """Values of an annotated type; None for one whose values cannot be made up."""
    if any(isinstance(each, _OUTSIDE) or hasattr(each, "pattern") for each in metadata):
        return None
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of(inner[0], [*inner[1:], *metadata])
    shape = fields.shape_of(annotation, metadata)
    if shape.models and not shape.many:
        return _models(shape, optional=types.NoneType in inner)
    if origin in (Union, types.UnionType):
        return _any_of([_of(each, metadata) for each in inner])
    if origin in (tuple, list):
        return _several(inner, metadata, one_type=origin is list or Ellipsis in inner)
    return st.sampled_from(inner) if origin is Literal else _simple(annotation, metadata)


def _models(shape: fields.Shape, optional: bool) -> Made:
    made = [_member(kind, model) for kind, model in shape.models.items()]
    return st.one_of([st.none(), *made] if optional else made)


def _member(kind: str, model: type[BaseModel]) -> Made:
    """A group's values, or those of a variant's member with its name."""
    return values_of(model).map(lambda values: {"kind": kind, **values} if kind else values)


def _any_of(parts: Sequence[Made | None]) -> Made | None:
    known = [each for each in parts if each is not None]
    return st.one_of(known) if len(known) == len(parts) else None


def _several(inner: tuple[Any, ...], metadata: Sequence[Any], one_type: bool) -> Made | None:
    """Lists: of one type, with so many elements as their bounds allow, or with a type for each place."""
    parts = [made for made in (_of(each, ()) for each in inner if each is not Ellipsis) if made is not None]
    if len(parts) < len([each for each in inner if each is not Ellipsis]):
        return None
    if not one_type:
        return st.tuples(*parts).map(list)
    least = _bound(metadata, MinLen, "min_length", 0)
    most = _bound(metadata, MaxLen, "max_length", least + 3)
    return st.lists(parts[0], min_size=least, max_size=min(most, least + 3))


def _simple(annotation: Any, metadata: Sequence[Any]) -> Made | None:
    if annotation is types.NoneType:
        return st.none()
    if annotation is bool:
        return st.booleans()
    if annotation is str:
        return st.text(_CHARACTERS, min_size=_bound(metadata, MinLen, "min_length", 0), max_size=8)
    if annotation is int:
        low, high = _bound(metadata, Ge, "ge", None), _bound(metadata, Le, "le", None)
        above, below = _bound(metadata, Gt, "gt", None), _bound(metadata, Lt, "lt", None)
        low = above + 1 if above is not None else low
        return st.integers(low, below - 1 if below is not None else high)
    return _floats(metadata) if annotation is float else None


def _floats(metadata: Sequence[Any]) -> Made:
    above, below = _bound(metadata, Gt, "gt", None), _bound(metadata, Lt, "lt", None)
    low = _bound(metadata, Ge, "ge", above)
    high = _bound(metadata, Le, "le", below)
    return st.floats(
        -_LARGEST if low is None else low,
        max(_LARGEST, low or 0.0) if high is None else high,
        exclude_min=low is not None and low == above,
        exclude_max=high is not None and high == below,
        allow_subnormal=False,
    )


def _bound(metadata: Sequence[Any], kind: type[Any], name: str, default: Any) -> Any:
    return next((getattr(each, name) for each in metadata if isinstance(each, kind)), default)


# ------------------------------------------------------------------------ the command line's texts


def texts_of(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """`path=text` for each value as a person writes it: a variant by its name first, then its fields."""
    for name, value in values.items():
        path = prefix + name
        if isinstance(value, Mapping):
            if "kind" in value:
                yield path, str(value["kind"])
            yield from texts_of({key: each for key, each in value.items() if key != "kind"}, f"{path}.")
        else:
            yield path, _text(value)


def _text(value: Any) -> str:
    """Bare where that means the same, else as JSON."""
    if isinstance(value, str) and value and value[0] not in '"[{' and value != "null":
        return value
    return json.dumps(value)
