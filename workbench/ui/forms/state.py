"""What a form holds: the values that a person set, what every other field takes, and what is wrong. Without Qt."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from workbench import fields
from workbench.params import Remark
from workbench.texts import Text
from workbench.ui.forms import nested
from workbench.ui.forms.copying import jsonable
from workbench.ui.forms.kinds import Kind, flags_of, kind_of_field
from workbench.ui.forms.nested import UNSET, Values, plain

ON = "#on"
"""Under which name the value of an optional field is put aside while it is off."""


class State:
    """Values and their consequences.

    Only what was set is kept, so that recipes (a `model_validator(mode="before")` that fills in what nobody set) go on
    applying; what the other fields will take is found by validating in memory, and shown. aside: what was typed for a
    variant's members that are not chosen, by path and kind.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model
        self.values: Values = {}
        self.aside: dict[str, Values] = {}
        self.taken: BaseModel | None = None
        self.wrong: list[tuple[str, Text]] = []
        self.remarks: list[Remark] = []
        self.seconds = 0.0
        self._missing: set[str] = set()
        self._sound: Values = {}
        """The values that `taken` was made of: those that were set, save what is wrong."""
        self._differing: dict[str, bool] = {}
        self.check()
        self.check()  # the first time is slower than all others, and `seconds` is to say what a check costs

    # ------------------------------------------------------------------ looking

    def kind_at(self, path: str) -> Kind:
        """The kind of the field, element or component at a path. Raises KeyError where there is none."""
        kind, here = Kind("group", models={"": self.model}), ""
        for name in path.split(".") if path else ():
            kind = self._inside(kind, here, name)
            here = f"{here}.{name}" if here else name
        return kind

    def _inside(self, kind: Kind, here: str, name: str) -> Kind:
        if kind.name in ("group", "variant"):
            member = self.member_at(here) if kind.name == "variant" else ""
            return kind_of_field(kind.models[member].model_fields[name])
        if not kind.items or not name.isdigit():
            raise KeyError(name)
        return kind.items[int(name) if kind.name == "vector" else 0]

    def exists(self, path: str) -> bool:
        """Whether there is such a field now: of the members that are chosen, in groups that are switched on."""
        holder = path.rpartition(".")[0]
        try:
            self.kind_at(path)
        except (KeyError, IndexError):
            return False
        return not holder or (self.shown(holder) is not None and self.exists(holder))

    def flags_at(self, path: str) -> Mapping[str, Any]:
        """The flags of the field at a path; an element has none of its own."""
        info = self._info(path)
        return flags_of(info) if info else {}

    def member_at(self, path: str) -> str:
        """The chosen member of the variant at a path."""
        value = nested.get(self.values, path)
        if not isinstance(value, dict) or "kind" not in value:
            value = self.shown(path)
        return str(value.get("kind", "") if isinstance(value, dict) else getattr(value, "kind", ""))

    def shown(self, path: str) -> Any:
        """What a field shows: what was set, else what it will take; None where it needs a value and has none."""
        value = nested.get(self.values, path)
        if value is not UNSET and not isinstance(value, dict):
            return value
        if path in self._missing:
            return None
        taken = self._taken(path)
        if taken is UNSET:
            taken = self._default(path)
        if isinstance(value, dict):
            return taken if isinstance(taken, BaseModel) else value
        return taken

    def _taken(self, path: str) -> Any:
        return _at(self.taken, path)

    def is_set(self, path: str) -> bool:
        """Whether somebody set the field, or one inside it."""
        return nested.get(self.values, path) is not UNSET

    def knows(self, path: str) -> bool:
        """Whether `differs` need check nothing."""
        return path in self._differing or not self.is_set(path)

    def differs(self, path: str) -> bool:
        """Whether somebody set the field, or one inside it, to something else than it would take anyway."""
        if not self.is_set(path):
            return False
        if path not in self._differing:
            self._differing[path] = self._makes_a_difference(path)
        return self._differing[path]

    def _makes_a_difference(self, path: str) -> bool:
        faulty = any(f"{each}.".startswith(f"{path}.") for each, _ in self.wrong)
        if faulty or nested.get(self._sound, path) is UNSET:
            return True
        without = plain(self._sound)
        self._clear_in(without, path)
        try:
            other = self.model.model_validate(without)
        except ValidationError:
            return True  # it has no default
        return not _same(_at(other, path), self._taken(path))

    def comes_of(self, values: Mapping[str, Any]) -> bool:
        """Whether all fields would take what they take now if these values were set, with nothing wrong."""
        try:
            other = self.model.model_validate(self._normal_all(values))
        except ValidationError:
            return False
        return not self.wrong and _same(other, self.taken)

    # ------------------------------------------------------------------ changing

    def replace(self, values: Mapping[str, Any]) -> None:
        """Takes other values altogether."""
        self.aside.clear()
        self.values = self._normal_all(values)
        self.check()

    def _normal_all(self, values: Mapping[str, Any]) -> Values:
        return {name: self._normal(self.model, name, value) for name, value in values.items()}

    def _normal(self, model: type[BaseModel], name: str, value: Any) -> Any:
        """A variant's bare string becomes its object, models and tuples become plain."""
        info = model.model_fields.get(name)
        return plain(value) if info is None else self._normal_kind(kind_of_field(info), value)

    def _normal_kind(self, kind: Kind, value: Any) -> Any:
        if kind.name == "variant" and isinstance(value, str):
            return {"kind": value}
        value = plain(value)
        if kind.name in ("group", "variant") and isinstance(value, dict):
            model = kind.models.get(value.get("kind", "") if kind.name == "variant" else "")
            return {name: self._normal(model, name, each) for name, each in value.items()} if model else value
        if kind.name == "list" and isinstance(value, list):
            return sorted((self._normal_kind(kind.items[0], each) for each in value), key=kind.phase)
        return value

    def put(self, path: str, value: Any) -> None:
        """Sets a field, an element or a component."""
        nested.put(self.values, path, self._normal_kind(self.kind_at(path), value), self._start)

    def _start(self, path: str) -> Any:
        """A container to set something in: a list or vector begins as what it is, a variant with its member."""
        kind = self.kind_at(path)
        if kind.name == "variant":
            return {"kind": self.member_at(path) or next(iter(kind.models))}
        return self._group(path) if kind.name == "group" else plain(self.shown(path)) or kind.blank()

    def _group(self, path: str) -> Values:
        """A group to set something in; one that was written in short, as a word alone, in full."""
        taken = self._taken(path)
        short = self.is_set(path) and isinstance(taken, BaseModel)
        return {name: plain(getattr(taken, name)) for name in sorted(taken.model_fields_set)} if short else {}

    def put_into(self, values: Values, path: str, value: Any) -> Values:
        """A copy of the values with one set."""
        copy: Values = plain(values)
        nested.put(copy, path, plain(value), self._start)
        return copy

    def clear(self, path: str) -> None:
        """Lets a field take what it takes; groups left empty go too. An element has no default: it becomes a blank."""
        if not path:
            self.values = {}
            return
        self._clear_in(self.values, path)

    def _clear_in(self, values: Values, path: str) -> None:
        if self._is_element(values, path):
            nested.put(values, path, self.kind_at(path).blank(), self._start)
            return
        nested.remove(values, path)
        holder = path.rpartition(".")[0]
        left_empty = bool(holder) and nested.get(values, holder) == {}
        if left_empty and not self._is_element(values, holder) and not self.kind_at(holder).optional:
            self._clear_in(values, holder)

    def _is_element(self, values: Values, path: str) -> bool:
        """Whether it is one of a list that was set; a component of a vector is none."""
        holder = path.rpartition(".")[0]
        return isinstance(nested.get(values, holder), list) and self.kind_at(holder).name == "list"

    def choose(self, path: str, member: str) -> str:
        """Chooses a variant's member; what was typed for the one before is put aside, and comes back with it.

        Returns where the variant is then: in a list in phases it may have gone to another one.
        """
        kept = self.aside.setdefault(path, {})
        before = nested.get(self.values, path)
        if isinstance(before, dict):
            kept[str(before.get("kind", ""))] = before
        self.put(path, kept.pop(member, {"kind": member}))
        base, _, index = path.rpartition(".")
        if not index.isdigit() or self.kind_at(base).phased is None:
            return path
        return f"{base}.{self.reorder(base, list(range(len(self.shown(base)))))[int(index)]}"

    def switch(self, path: str, on: bool) -> None:
        """Gives an optional field a value (the one that it had, its default, or a blank), or none."""
        kept = self.aside.setdefault(path, {})
        if not on:
            before = plain(self.shown(path)) if self.kind_at(path).name not in ("group", "variant") else UNSET
            before = nested.get(self.values, path) if before is UNSET else before
            if before is not None and before is not UNSET:
                kept[ON] = before
            self.put(path, None)
            return
        values = (kept.pop(ON, None), self._default(path), self.kind_at(path).blank())
        self.put(path, next((each for each in values if each is not None), None))

    def _default(self, path: str) -> Any:
        info = self._info(path)
        return None if info is None or info.is_required() else plain(info.get_default(call_default_factory=True))

    def _info(self, path: str) -> FieldInfo | None:
        holder, _, name = path.rpartition(".")
        try:
            kind = self.kind_at(holder)
        except (KeyError, IndexError):
            return None
        model = kind.models.get(self.member_at(holder) if kind.name == "variant" else "")
        return model.model_fields.get(name) if model else None

    def reorder(self, path: str, order: list[int | Any]) -> list[int]:
        """Makes a list anew: each entry is the index of an element, or a new element's value; phases keep their order.

        Returns where each entry has come to.
        """
        elements = plain(self.shown(path)) or []
        made = [elements[each] if isinstance(each, int) else plain(each.value) for each in order]
        ranks = [self.kind_at(path).phase(each) for each in made]
        by_phase = sorted(range(len(made)), key=ranks.__getitem__)
        places = {order[at]: new for new, at in enumerate(by_phase) if isinstance(order[at], int)}
        self.aside = {moved: kept for at, kept in self.aside.items() if (moved := moved_path(at, path, places))}
        self.put(path, [made[at] for at in by_phase])
        return [by_phase.index(at) for at in range(len(made))]

    # ------------------------------------------------------------------ checking

    def check(self) -> None:
        """Finds what all fields take, and what is wrong. Cheap; `seconds` says how long it took."""
        begin = time.thread_time()
        self.wrong, self._missing, self._differing = [], set(), {}
        try:
            self.taken, self._sound = self.model.model_validate(self.values), self.values
        except ValidationError:
            self.wrong = fields.problems(self.model, self.values)
            self._missing = {path for path, _ in self.wrong if nested.get(self.values, path) is UNSET}
            self.taken = self._without_faults() or self.taken
        self.remarks = list(fields.remarks(self.taken)) if self.taken is not None else []
        self.seconds = time.thread_time() - begin

    def _without_faults(self) -> BaseModel | None:
        """What the fields would take were the wrong ones not set."""
        values = plain(self.values)
        wrong = [path for path, _ in self.wrong]
        for _ in range(4):
            for path in wrong:
                self._mend(values, path)
            try:
                made, self._sound = self.model.model_validate(values), values
                return made
            except ValidationError as error:
                found = [path for path, _ in fields.problems(self.model, values)] or [str(error.errors()[0]["loc"])]
                wrong = found if found != wrong else [path.partition(".")[0] for path in found]
        return None

    def _mend(self, values: Values, path: str) -> None:
        if path and nested.get(values, path) is not UNSET:
            nested.remove(values, path)
            return
        try:
            nested.put(values, path, self.kind_at(path).blank(), lambda _: {})
        except (KeyError, IndexError, TypeError):
            nested.remove(values, path.partition(".")[0])


def _at(taken: BaseModel | None, path: str) -> Any:
    """The value that was made at a path, UNSET where there is none."""
    try:
        return fields.get(taken, path) if taken is not None else UNSET
    except (AttributeError, IndexError, KeyError, TypeError):
        return UNSET


def _same(one: Any, other: Any) -> bool:
    """Whether two values that were made are equal, arrays in them too."""
    return bool(jsonable(one) == jsonable(other))


class New:
    """A new element of a list that is reordered."""

    def __init__(self, value: Any) -> None:
        self.value = value


def moved_path(path: str, base: str, places: Mapping[int, int]) -> str:
    """Where a path lies after the list at `base` was reordered; "" when its element is gone."""
    if not path.startswith(base + "."):
        return path
    index, dot, rest = path.removeprefix(base + ".").partition(".")
    return f"{base}.{places[int(index)]}{dot}{rest}" if int(index) in places else ""
