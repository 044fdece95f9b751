"""What the parts of a panel may say: styles of layers, and parameters that gestures can set."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from workbench.params import Array
from workbench.texts import T, Text
from workbench.tool import Gesture, Layer

Check = Callable[[Any], bool]
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}|[A-Za-z]+")
MAPS = ("viridis", "diverging", "grey")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_colour(value: Any) -> bool:
    return bool(_COLOUR.fullmatch(value)) if isinstance(value, str) else _is_count(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _is_range(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]


_LOOKS: dict[str, tuple[Check, Text]] = {
    "colour": (_is_colour, T('a name, "#rrggbb" or the number of one of the theme\'s colours')),
    "label": (lambda value: isinstance(value, str), T("a text")),
    "least": (_is_count, T("a whole number")),
    "dash": (lambda value: isinstance(value, bool), T("true or false")),
    "heads": (lambda value: isinstance(value, bool), T("true or false")),
    "size": (lambda value: _is_number(value) and value > 0, T("a number of pixels")),
    "levels": (_is_range, T("a pair (low, high)")),
    "map": (lambda value: value in MAPS, T("one of {names}", names=", ".join(MAPS))),
    "contours": (_is_count, T("a whole number")),
    "names": (_is_texts, T("a list of texts")),
    "corners": (lambda value: _is_texts(value) and len(value) == 3, T("three texts")),
}
"""What a style can be, and what its value must be."""
STYLES: dict[str, tuple[str, ...]] = {
    "scalars": ("colour", "label", "least"),
    "lines": ("colour", "label", "dash"),
    "points": ("colour", "label", "size", "levels", "map"),
    "field": ("label", "map", "levels", "contours"),
    "arrows": ("colour", "label", "dash", "names"),
    "paths": ("colour", "label", "dash", "heads"),
    "bars": ("colour", "label"),
}
"""The styles of each kind of layer; every one may name the `corners` of a simplex."""


def faults_of_style(layer: Layer) -> Iterator[Text]:
    """The styles that this kind of layer does not have, and values that mean nothing."""
    known = (*STYLES[layer.kind], "corners")
    for name, value in layer.style.items():
        near = difflib.get_close_matches(name, known, 1)
        if name not in known and near:
            yield T("{kind} have no style {name}; did you mean {near}?", kind=layer.kind, name=name, near=near[0])
        elif name not in known:
            yield T("{kind} have no style {name}; there are: {known}.", kind=layer.kind, name=name,
                    known=", ".join(known))  # fmt: skip
        elif not _LOOKS[name][0](value):
            yield T("the style {name} of {stream} is {what}, not {value}.", name=name, stream=layer.stream,
                    what=_LOOKS[name][1], value=repr(value))  # fmt: skip


# ------------------------------------------------------------------ gestures

_HOLDS: dict[Gesture, tuple[Sequence[str], Text]] = {
    "point": (("pair", "pairs"), T("a pair of numbers, or a tuple of those")),
    "vector": (("pair", "pairs"), T("a pair of numbers, or a tuple of those")),
    "knots": (("pairs",), T("a tuple of pairs of numbers")),
    "bars": (("numbers",), T("a tuple of numbers")),
    "range": (("pair",), T("a pair of numbers")),
    "level": (("number", "integer"), T("a number")),
    "select": (("integer",), T("a whole number")),
    "mask": (("array",), T('`Annotated[Any, Array("bool", 2)]`')),
}
_SELECTS: dict[str, tuple[Sequence[str], Text]] = {
    "table": (("integer", "text"), T("a whole number or a text")),
    "text": (("text",), T("a text")),
}
"""What a parameter must hold for a gesture to set it; in panels that show texts a text is selected."""


def fault_of_gesture(gesture: Gesture, info: FieldInfo, kind: str = "plot") -> Text | None:
    """What a gesture in a panel of this kind needs, where a field cannot hold it; a type that says nothing is taken on
    trust."""
    wanted, text = _SELECTS.get(kind, _HOLDS[gesture]) if gesture == "select" else _HOLDS[gesture]
    found = "array" if any(isinstance(each, Array) for each in info.metadata) else _holds(info.annotation)
    return None if found in (*wanted, "") else text


def _holds(annotation: Any) -> str:
    """In a word what a type holds; "" where that cannot be told."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return "array" if any(isinstance(each, Array) for each in inside[1:]) else _holds(inside[0])
    if origin in (Union, types.UnionType):
        rest = [each for each in inside if each is not types.NoneType]
        return _holds(rest[0]) if len(rest) == 1 else ""
    if origin in (tuple, list):
        return _holds_many([_holds(each) for each in inside if each is not Ellipsis], origin is list or ... in inside)
    words = {bool: "flag", int: "integer", float: "number", str: "text"}
    return words.get(annotation, "")


def _holds_many(inside: Sequence[str], any_length: bool) -> str:
    if "" in inside:
        return ""
    numbers = all(each in ("integer", "number") for each in inside)
    if not any_length:
        return "pair" if numbers and len(inside) == 2 else ("numbers" if numbers else "tuple")
    return "numbers" if numbers else ("pairs" if inside == ["pair"] else "tuple")
