"""What a person sets: one pydantic model gives form, command line and record.

A nested `Group` is a group; `Annotated[A | B, OneOf()]` a variant (each member has a `kind: Literal[...]`); a tuple of
those a list that can be reordered; `Annotated[Any, Offered("dataset/image")]` a variant out of all that plugins
declare. `Array`, `Artifact`, `Begins`, `File`, `Folder`, `FileOrFolder` and `Phased` mark what a plain type cannot say.
A group may say more of itself than its fields do: `Group.remarks`, `Group.examples`, `Group.as_python`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


def P(  # noqa: N802 - a field reads like a declaration, not like a call
    default: Any = ...,
    title: str = "",
    *,
    help: str = "",
    unit: str = "",
    log: bool = False,
    advanced: bool = False,
    hidden: bool = False,
    live: bool = False,
    stack: bool = False,
    when: Mapping[str, Any] | None = None,
    **bounds: Any,
) -> Any:
    """A field of `Params`, with what the form and the command line need to know of it.

    unit: shown beside the number. log: steps on a log scale. advanced, hidden: where the form shows it. live: may
    change while the job runs. stack: runs that differ only here may share one job (`Tool.stacked`). when: shown only
    if these fields have these values, e.g. `when={"loss": "hinge"}`: names in the same group, or whole paths. bounds:
    pydantic's (`gt`, `ge`, `lt`, `le`, `max_length`, …).
    """
    flags: dict[str, Any] = {"unit": unit, "log": log, "advanced": advanced, "hidden": hidden, "live": live}
    flags |= {"stack": stack, "when": dict(when) if when else None}
    given = {name: value for name, value in flags.items() if value}
    return Field(default, title=title or None, description=help or None, json_schema_extra=given or None, **bounds)


@dataclass(frozen=True)
class Remark:
    """What is worth knowing of values that are right: the form says it at these fields (paths inside the group).

    At several fields it is about them together: said in full at the last, the others point to it. At none: of the
    group itself.
    """

    fields: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Example:
    """Values of a group under a name. why: what they are for."""

    id: str
    title: str
    values: Mapping[str, Any]
    why: str = ""


class Group(BaseModel):
    """A group of fields: frozen, without unknown fields, its defaults checked, its numbers finite (as JSON's are)."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _accept_base(cls, value: Any) -> Any:
        """A default written as the declared class, where the host has made a more exact one of it."""
        if isinstance(value, BaseModel) and not isinstance(value, cls) and issubclass(cls, type(value)):
            return {name: getattr(value, name) for name in value.model_fields_set}
        return value

    def remarks(self) -> Sequence[Remark]:
        """What the form says of the values beside what is wrong with them."""
        return ()

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Values that the group's menu in the form offers."""
        return ()

    def as_python(self) -> str:
        """Python that makes what the values describe, for the group's menu; "" where there is none."""
        return ""


class Params(Group):
    """The parameters of a tool. Every tool has a seed; `version` and `migrate` read what older versions wrote."""

    version: int = P(1, hidden=True)
    seed: int = P(
        0, "Seed", help="The same seed gives the same samples on the same device.", stack=True, ge=0, lt=2**63
    )

    @classmethod
    def migrate(cls, old: dict[str, Any]) -> dict[str, Any]:
        """Values as an older version recorded them -> values of this version. Called when `version` differs."""
        return old


# ------------------------------------------------------------------ markers, inside Annotated[...]


@dataclass(frozen=True)
class OneOf:
    """`Annotated[A | B, OneOf()]`: a variant; the member is chosen by its field `kind`, or by a bare string."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = {kind_of(member): handler.generate_schema(member) for member in members_of(source)}
        union = core_schema.tagged_union_schema(members, discriminator="kind")
        return core_schema.no_info_before_validator_function(_select, union)


def _select(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def members_of(union: Any) -> tuple[type[BaseModel], ...]:
    """The models of a union `A | B` (or of the single model `A`)."""
    return tuple(getattr(union, "__args__", None) or (union,))


def kind_of(member: type[BaseModel]) -> str:
    """The `kind` of a variant's member. Raises TypeError where it has none."""
    field = member.model_fields.get("kind")
    if field is None or not isinstance(field.default, str):
        raise TypeError(f'{member.__name__} is a variant: it needs a field `kind: Literal["name"] = "name"`')
    return field.default


@dataclass(frozen=True)
class Phased:
    """`Annotated[tuple[Union, ...], Phased((("first", "First"), …))]`: a list in order of its elements' phases.

    A phase is a class attribute `phase` of the elements' models; inside one the list can be reordered. phases: their
    names in order, each with its title.
    """

    phases: tuple[tuple[str, str], ...]

    def rank(self, model: Any) -> int:
        """The place of a model's phase, or that of one of its instances."""
        return [name for name, _ in self.phases].index(model.phase)

    def sorted(self, elements: Sequence[Any]) -> Sequence[Any]:
        """The elements by phase; inside a phase they stay as they are."""
        return tuple(sorted(elements, key=self.rank))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.sorted, handler(source))


@dataclass(frozen=True)
class Begins:
    """`tuple[Annotated[Vector, Begins((1.0, 1.0))], ...]`: what an element is that is added to the list in the form."""

    value: Any


@dataclass(frozen=True, init=False)
class Offered:
    """`Annotated[Any, Offered("dataset/image")]`: a variant out of all that plugins declare of these kinds."""

    kinds: tuple[str, ...]

    def __init__(self, *kinds: str) -> None:
        object.__setattr__(self, "kinds", kinds)


_REFERENCE = re.compile(r"run:(?P<run>[\w.@-]+?)/(?P<name>[\w./-]+?)(@(?P<step>\d+))?")


@dataclass(frozen=True)
class Reference:
    """A parsed `run:ID/NAME[@STEP]`."""

    run: str
    name: str
    step: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None when `text` does not name a run's artifact (it is then a path)."""
        if not text.startswith("run:"):
            return None
        match = _REFERENCE.fullmatch(text)
        if match is None:
            raise PydanticCustomError("artifact_reference", "write run:ID/NAME, run:ID/NAME@STEP or a path")
        step = match["step"]
        return cls(match["run"], match["name"], int(step) if step else None)

    def __str__(self) -> str:
        return f"run:{self.run}/{self.name}" + ("" if self.step is None else f"@{self.step}")


@dataclass(frozen=True)
class Artifact:
    """`Annotated[str, Artifact("model/energy")]`: a product of a run, `run:ID/NAME[@STEP]`, or a path.

    missing: what to do where one is needed and there is none, a marked sentence.
    """

    kind: str
    missing: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_checked_reference, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "artifact": self.kind}


def _checked_reference(value: str) -> str:
    Reference.parse(value)
    return value


@dataclass(frozen=True)
class Array:
    """`Annotated[Any, Array("bool", 2)]`: an array of this dtype and number of axes.

    On the command line a .npy or .png file or a JSON list; in the record `{"$array": sha256}` and a blob of the run.
    Reading and writing need numpy, so they are done by whoever validates: `context={"arrays": Arrays}`. Without one,
    the value is kept as it was given.
    """

    dtype: str
    ndim: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(self._write, info_arg=True),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"array": {"dtype": self.dtype, "ndim": self.ndim}}

    def _read(self, value: Any, info: ValidationInfo) -> Any:
        arrays = (info.context or {}).get("arrays")
        if arrays is None or value is None:
            return value
        try:
            return arrays.read(value, self.dtype, self.ndim)
        except (OSError, ValueError) as error:
            raise PydanticCustomError("array", "{why}", {"why": str(error)}) from error

    def _write(self, value: Any, info: core_schema.SerializationInfo) -> Any:
        arrays = (info.context or {}).get("arrays") if isinstance(info.context, dict) else None
        return value if arrays is None or value is None else arrays.write(value)


@dataclass(frozen=True)
class File:
    """`Annotated[Path, File("*.csv")]`: an existing file; the patterns are those that the form offers."""

    pattern: str = "*"

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "file": self.pattern}


@dataclass(frozen=True)
class Folder:
    """`Annotated[Path, Folder()]`: an existing folder."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "folder": True}


@dataclass(frozen=True)
class FileOrFolder:
    """`Annotated[Path, FileOrFolder()]`: either, or a pattern of several if the tool takes one."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "file": "*", "folder": True}
