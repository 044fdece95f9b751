"""The values that a field takes one after the other in a sweep: read and checked as on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.sweep import parse_vary
from workbench.texts import T, Text

MOST_CHECKED = 24
"""So many values are checked while they are typed; the others when the sweep is planned."""


def texts_of(path: str, text: str) -> list[str]:
    """`1, 3` or `0:5` as single texts. Raises UserError."""
    _, found = parse_vary(f"{path}={text.strip().replace('，', ',')}")
    return [each.strip() for each in found]


def fault(model: type[BaseModel], values: Mapping[str, Any], path: str, text: str) -> Text | None:
    """What is wrong with the values to vary over, None if nothing is."""
    if not text.strip():
        return T("give values: 1, 3, 10 or 0:5.")
    try:
        for each in texts_of(path, text)[:MOST_CHECKED]:
            given = deepcopy(dict(values))
            fields.assign(model, given, path, each)
            for field, problem in fields.problems(model, given):
                if field == path or field.startswith(path + "."):
                    return problem
    except UserError as error:
        return error.text
    return None
