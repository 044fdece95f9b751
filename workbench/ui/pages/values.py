"""Parameters between form, handles and job: nested values, dotted paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench import fields
from workbench.errors import UserError
from workbench.params import Params


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its dotted path: groups are entered, lists are not."""
    for name, value in values.items():
        yield prefix + name, value
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")


def full(model: type[Params], values: Mapping[str, Any]) -> dict[str, Any] | None:
    """All values as JSON, with defaults; None while something is wrong in them."""
    try:
        return fields.record(fields.validate(model, values))
    except (UserError, OSError, ValueError, TypeError):
        return None
