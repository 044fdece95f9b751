"""Parameters between form, handles and job: nested values, dotted paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench import fields
from workbench.errors import UserError
from workbench.params import Params


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its dotted path: groups are entered, and of lists the first element of each kind, by its kind."""
    for name, value in values.items():
        yield prefix + name, value
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        for kind, at in _first_of(value).items():
            yield from flat(value[at], f"{prefix}{name}.{kind}.")


def located(values: Mapping[str, Any], path: str) -> str:
    """`path` with the number of an element in place of the kind by which `flat` names it."""
    inside: Any = values
    names = path.split(".")
    for k, name in enumerate(names):
        if isinstance(inside, list):
            names[k] = str(_first_of(inside).get(name, name))
            inside = inside[int(names[k])] if names[k].isdigit() else None
        else:
            inside = inside.get(name) if isinstance(inside, Mapping) else None
    return ".".join(names)


def _first_of(value: Any) -> dict[str, int]:
    """Of a list of variants, where the first of each kind stands."""
    elements = enumerate(value) if isinstance(value, list) else ()
    places = [(each["kind"], at) for at, each in elements if isinstance(each, Mapping) and "kind" in each]
    return dict(reversed(places))


def full(model: type[Params], values: Mapping[str, Any]) -> dict[str, Any] | None:
    """All values as JSON, with defaults; None while something is wrong in them."""
    try:
        return fields.record(fields.validate(model, values))
    except (UserError, OSError, ValueError, TypeError):
        return None
