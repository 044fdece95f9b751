"""Walking, setting and checking the fields of `Params`: what form, command line and record share.

A path is dotted: `data.sigma`, `optimizer.1.rate`. Inside a variant it names the chosen member's fields.
"""

from __future__ import annotations

import copy
import difflib
import json
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from workbench.errors import UserError
from workbench.params import Artifact, Group, OneOf, Params, Remark, kind_of, members_of
from workbench.texts import HOST, T, Text

P = TypeVar("P", bound=BaseModel)
Values = dict[str, Any]


class ParameterError(UserError):
    """A parameter's value is wrong; `problems` holds every (field, text) found, the first is the error's own."""

    def __init__(self, problems: Sequence[tuple[str, Text]]) -> None:
        field, text = problems[0]
        super().__init__(T("{field}: {problem}", field=field or "params", problem=text), field=field)
        self.problems = list(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return ParameterError, (self.problems,)


@dataclass(frozen=True)
class Field:
    """A field as form and command line see it.

    member: the variant's member that it belongs to, if any. domain: the catalogue of its title and help.
    """

    path: str
    info: FieldInfo
    member: str = ""
    domain: str = HOST

    def flag(self, name: str) -> Any:
        """The value of a flag of `P` (`live`, `log`, `unit`, …), None where it is not set."""
        extra = self.info.json_schema_extra
        return extra.get(name) if isinstance(extra, dict) else None


# ---------------------------------------------------------------------------------------- shape


@dataclass(frozen=True)
class Shape:
    """What a field can hold: nested models by their `kind` ("" for a group), perhaps several (a list)."""

    models: Mapping[str, type[BaseModel]]
    many: bool = False

    @property
    def variant(self) -> bool:
        return "" not in self.models and bool(self.models)


def shape_of(annotation: Any, metadata: Sequence[Any] = ()) -> Shape:
    """The shape of an annotated type: `Group`, `Annotated[A | B, OneOf()]`, a tuple of those, or neither."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return shape_of(inner, metadata)
    if any(isinstance(each, OneOf) for each in metadata):
        return Shape({kind_of(member): member for member in members_of(annotation)})
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [each for each in get_args(annotation) if each is not types.NoneType]
        return shape_of(rest[0]) if len(rest) == 1 else Shape({})
    if get_origin(annotation) in (tuple, list):
        return Shape(shape_of(get_args(annotation)[0]).models, many=True)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape({"": annotation})
    return Shape({})


def walk(model: type[BaseModel], prefix: str = "", member: str = "", lists: bool = False) -> Iterator[Field]:
    """Every field of `model`, depth first; those of every member of a variant. lists: those of variants in lists too,
    at `list.kind.field`, which means the first element of that kind; else lists are not entered.
    """
    for name, info in model.model_fields.items():
        yield Field(prefix + name, info, member, domain_of(model))
        shape = shape_of(info.annotation, info.metadata)
        for kind, inner in shape.models.items():
            if not shape.many:
                yield from walk(inner, f"{prefix}{name}.", kind or member, lists)
            elif lists and kind:
                yield from walk(inner, f"{prefix}{name}.{kind}.", kind, lists)


def domain_of(model: type[BaseModel]) -> str:
    """The catalogue of a model's texts: its package. What is offered keeps its own plugin's, in whatever tool."""
    return model.__module__.partition(".")[0]


def title_of(member: type[BaseModel]) -> Text:
    """What to call a member of a variant: its `title` (in `model_config`), else its kind."""
    return Text(member.model_config.get("title") or kind_of(member), domain=domain_of(member))


def live_paths(model: type[BaseModel]) -> set[str]:
    """The paths of the fields that may change while a job runs."""
    return {field.path for field in walk(model) if field.flag("live")}


# --------------------------------------------------------------------------------------- values


def assign(model: type[BaseModel], values: Values, path: str, text: str) -> None:
    """Puts the command line's `path=text` into the nested `values`.

    Lists and objects are JSON; a bare string for a list is one element, for a variant its member with defaults.
    Raises ParameterError for a field that does not exist.
    """
    _assign(model, values, path.split("."), text, path)


def parents_first(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by path in the order in which `assign` takes them: who names a variant gets its defaults, and what is set
    of it may be named before it."""
    return dict(sorted(texts.items(), key=lambda each: each[0].count(".")))


def get(params: BaseModel, path: str) -> Any:
    """The value at a dotted path. Raises AttributeError where there is none."""
    value: Any = params
    for name in path.split("."):
        value = value[int(name)] if name.isdigit() else getattr(value, name)
    return value


def _assign(model: type[BaseModel], values: Values, names: list[str], text: str, path: str) -> None:
    name, rest = names[0], names[1:]
    info = model.model_fields.get(name)
    if info is None:
        raise ParameterError([(path, _unknown(name, model))])
    shape = shape_of(info.annotation, info.metadata)
    if not rest:
        values[name] = _parse(text, info, shape)
        return
    inside = values.get(name, _default(info))
    if inside is None and "" in shape.models and not shape.many:
        inside = {}  # a field of an optional group makes the group
    values[name] = inside = _plain_list(inside) if shape.many else _plain(inside)
    if shape.many:
        inside, rest, shape = _element(inside, rest, shape, path)
    inner = shape.models.get(inside.get("kind", "") if isinstance(inside, dict) and shape.variant else "")
    if inner is None or not isinstance(inside, dict) or not rest:
        raise ParameterError([(path, T("{name} has no fields.", name=name))])
    _assign(inner, inside, rest, text, path)


def _element(inside: list[Any], rest: list[str], shape: Shape, path: str) -> tuple[Any, list[str], Shape]:
    if not inside:
        raise ParameterError([(path, T("the list is empty."))])
    if not rest[0].isdecimal() or int(rest[0]) >= len(inside):
        raise ParameterError([(path, T("the list has elements 0 to {last}.", last=len(inside) - 1))])
    return inside[int(rest[0])], rest[1:], Shape(shape.models)


def _parse(text: str, info: FieldInfo, shape: Shape) -> Any:
    """A text is taken as it is written, save in quotes; everything else that looks like JSON is read as such."""
    kinds = _alternatives(info.annotation)
    openings = '"' if {str, Path} & set(kinds) else '[{"'
    nothing = text == "null" and types.NoneType in kinds
    value = _read_json(text) if nothing or (text and text[0] in openings) else text
    if shape.variant and not shape.many and isinstance(value, str):
        return {"kind": value}
    if value is not None and not isinstance(value, list) and any(map(_takes_one, kinds)):
        return [value]
    return value


def _takes_one(kind: Any) -> bool:
    """Whether a bare value can be the one element of a list of this type; no bare value is a list itself."""
    if get_origin(kind) not in (tuple, list):
        return False
    return get_origin(get_args(kind)[0]) not in (tuple, list)


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types of a union, without what they are annotated with; of anything else, itself."""
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(chain.from_iterable(map(_alternatives, get_args(annotation))))
    return (annotation,)


def _default(info: FieldInfo) -> Any:
    return {} if info.is_required() else info.get_default(call_default_factory=True)


def _plain(value: Any) -> Any:
    """A value of the caller's as one that may be changed."""
    if isinstance(value, BaseModel):
        return value.model_dump()
    return {"kind": value} if isinstance(value, str) else copy.deepcopy(value)


def _plain_list(value: Any) -> list[Any]:
    """Its elements as ones that may be changed; none of what is no list."""
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else []


def _unknown(name: str, model: type[BaseModel]) -> Text:
    known = [each for each in model.model_fields if each != "version"]
    near = difflib.get_close_matches(name, known, 1)
    if near:
        return T("there is no field {name}; did you mean {near}?", name=name, near=near[0])
    return T("there is no field {name}; there are: {known}.", name=name, known=", ".join(known))


# --------------------------------------------------------------------------- checking, recording


def validate(model: type[P], values: Mapping[str, Any], arrays: Any = None) -> P:
    """The checked parameters. arrays: reads `Array` fields (see `workbench.runs.arrays`).

    Raises ParameterError, which names every wrong field.
    """
    try:
        return model.model_validate(dict(values), context={"arrays": arrays})
    except ValidationError as error:
        raise ParameterError([_problem(model, each) for each in error.errors()]) from None


def problems(model: type[BaseModel], values: Mapping[str, Any], partial: bool = False) -> list[tuple[str, Text]]:
    """Every (field, text) that is wrong in `values`; none of them for a missing value if they may be partial."""
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        return [_problem(model, each) for each in error.errors() if not (partial and each["type"] == "missing")]
    return []


def record(params: BaseModel, arrays: Any = None) -> Values:
    """The parameters as they lie in a run: plain JSON values; arrays as `{"$array": sha256}`."""
    dumped: Values = params.model_dump(mode="json", context={"arrays": arrays})
    return dumped


def changed(params: P, values: Mapping[str, Any], arrays: Any = None) -> P:
    """The parameters with other values, by path. Raises ParameterError."""
    made = record(params, arrays)
    for path, value in values.items():
        assign(type(params), made, path, json.dumps(value))
    return validate(type(params), made, arrays)


def restore(model: type[Params], recorded: Mapping[str, Any], arrays: Any = None) -> Params:
    """The parameters of a record, brought to this version by `migrate`. Raises UserError for a newer record."""
    return validate(model, migrated(model, recorded), arrays)


def migrated(model: type[Params], recorded: Mapping[str, Any]) -> Values:
    """The values of a record in the words of this version. Raises UserError for a newer record."""
    ours, theirs = model.model_fields["version"].default, recorded.get("version", 1)
    if theirs > ours:
        text = T(
            "These parameters were written by version {theirs} of the tool; this is version {ours}.",
            theirs=theirs,
            ours=ours,
        )
        raise UserError(text, remedy=T("Update the tool."), field="version")
    return {**model.migrate(dict(recorded)), "version": ours} if theirs < ours else dict(recorded)


def remarks(params: BaseModel, prefix: str = "") -> Iterator[Remark]:
    """What the groups in `params` say of their values, with whole paths."""
    if isinstance(params, Group):
        for each in params.remarks():
            yield Remark(tuple(f"{prefix}{name}".rstrip(".") for name in each.fields or ("",)), each.text)
    for name in type(params).model_fields:
        value = getattr(params, name)
        inside = {f".{at}": each for at, each in enumerate(value)} if isinstance(value, list | tuple) else {"": value}
        for at, each in inside.items():
            if isinstance(each, BaseModel):
                yield from remarks(each, f"{prefix}{name}{at}.")


_PROBLEMS = {
    "greater_than": T("must be greater than {gt}."),
    "greater_than_equal": T("must be at least {ge}."),
    "less_than": T("must be less than {lt}."),
    "less_than_equal": T("must be at most {le}."),
    "multiple_of": T("must be a multiple of {multiple_of}."),
    "int_parsing": T("{input} is not a whole number."),
    "int_parsing_size": T("has too many digits."),
    "int_type": T("{input} is not a whole number."),
    "int_from_float": T("{input} is not a whole number."),
    "float_parsing": T("{input} is not a number."),
    "float_type": T("{input} is not a number."),
    "finite_number": T("must be a finite number."),
    "bool_parsing": T("{input} is neither true nor false."),
    "bool_type": T("{input} is neither true nor false."),
    "literal_error": T("{input} is not one of {expected}."),
    "union_tag_invalid": T("{tag} is not one of {expected_tags}."),
    "union_tag_not_found": T("name one by its `kind`."),
    "missing": T("a value is needed."),
    "missing_argument": T("a value is needed."),
    "unexpected_keyword_argument": T("there is no such field."),
    "unexpected_positional_argument": T("there are not so many fields."),
    "string_type": T("{input} is not a text."),
    "string_unicode": T("is no text in UTF-8."),
    "string_too_short": T("needs at least {min_length} characters."),
    "string_too_long": T("takes at most {max_length} characters."),
    "string_pattern_mismatch": T("{input} does not match {pattern}."),
    "too_short": T("needs at least {min_length} elements."),
    "too_long": T("takes at most {max_length} elements."),
    "tuple_type": T("{input} is not a list."),
    "model_attributes_type": T("{input} is not a group of fields."),
    "model_type": T("{input} is not a group of fields."),
    "dict_type": T("{input} is not a group of fields."),
    "artifact_reference": T("write run:ID/NAME, run:ID/NAME@STEP or a path."),
}
_OF_ONE = {
    ("too_short", "min_length"): T("needs at least one element."),
    ("too_long", "max_length"): T("takes at most one element."),
    ("string_too_short", "min_length"): T("needs at least one character."),
    ("string_too_long", "max_length"): T("takes at most one character."),
}
"""What is said instead where the number is one."""


def sentence(error: Any) -> Text:
    """What one of pydantic's errors says, as a sentence of ours where there is one."""
    context = error.get("ctx", {})
    of_one = (text for (kind, name), text in _OF_ONE.items() if kind == error["type"] and context[name] == 1)
    template = next(of_one, _PROBLEMS.get(error["type"]))
    if template is None:
        return Text(error["msg"].removeprefix("Value error, "))
    return Text(template.source, {"input": error["input"], **context})


def _problem(model: type[BaseModel], error: Any) -> tuple[str, Text]:
    path, holder = _locate(model, error["loc"])
    if error["type"] == "extra_forbidden":
        return path, _unknown(str(error["loc"][-1]), holder)
    raised = error.get("ctx", {}).get("error")
    if isinstance(raised, Exception) and raised.args and isinstance(raised.args[0], Text):
        return path, raised.args[0]  # a validator's own `ValueError(T(...))`
    if error["type"] == "missing" and (remedy := _missing(holder, str(error["loc"][-1]))):
        return path, remedy
    return path, sentence(error)


def _missing(holder: type[BaseModel], name: str) -> Text | None:
    """What a field that needs a product of a run says of how to make one."""
    marks = holder.model_fields[name].metadata if name in holder.model_fields else []
    said = [mark.missing for mark in marks if isinstance(mark, Artifact) and isinstance(mark.missing, Text)]
    return said[0] if said else None


def _locate(model: type[BaseModel], loc: tuple[Any, ...]) -> tuple[str, type[BaseModel]]:
    """A pydantic location without the variants' tags, and the innermost model that it passes."""
    path: list[str] = []
    shape = Shape({"": model})
    for part in loc:
        if part in shape.models and shape.variant and not isinstance(part, int):
            model, shape = shape.models[part], Shape({"": shape.models[part]})
            continue
        path.append(str(part))
        if isinstance(part, str) and part in model.model_fields:
            info = model.model_fields[part]
            shape = shape_of(info.annotation, info.metadata)
            model = shape.models.get("", model)
    return ".".join(path), model
